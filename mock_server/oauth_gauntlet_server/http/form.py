"""A strict parser of application/x-www-form-urlencoded (RFC 6749 Appendix B).

Lenient parsers drop what they do not understand; a server that judges its client must not. So a form that does not decode
is an error, and order, duplicates and empty values are kept. An empty string between two ampersands is not a pair
(WHATWG URL §5.1).
"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_NOT_ASCII = re.compile(rb"[^\x20-\x7e]")

Pairs = tuple[tuple[str, str], ...]


class FormError(ValueError):
    """The octets are not form-urlencoded UTF-8."""


def parse_form(body: bytes) -> Pairs:
    """Return the names and values of a form, decoded, in order.

    Raises:
        FormError: an octet outside printable ASCII, a percent sign without two hex digits, or text that is not UTF-8.
    """
    _check_octets(body)
    return tuple(_pair(part) for part in body.split(b"&") if part)


def decode_component(octets: bytes) -> str:
    """Decode one name or value.

    Raises:
        FormError: it contains an octet outside printable ASCII or a bad escape, or is not UTF-8.
    """
    _check_octets(octets)
    return _decoded(octets)


def _check_octets(octets: bytes) -> None:
    stray = _NOT_ASCII.search(octets)
    if stray:
        raise FormError(f"the form contains the octet 0x{stray.group()[0]:02X}, which must be percent-encoded")


def _pair(part: bytes) -> tuple[str, str]:
    name, _, value = part.partition(b"=")
    return _decoded(name), _decoded(value)


def _decoded(octets: bytes) -> str:
    if b"%" not in octets:
        return octets.replace(b"+", b" ").decode("ascii")
    if _BAD_ESCAPE.search(octets):
        raise FormError("a percent sign is not followed by two hexadecimal digits")
    try:
        return unquote_to_bytes(octets.replace(b"+", b" ")).decode("utf-8")
    except UnicodeDecodeError as error:
        raise FormError("percent-encoded octets are not UTF-8") from error
