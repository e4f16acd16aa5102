"""Estimate how many octets of memory a value takes in CPython, so that the budget of a server is honest.

The constants were measured with tracemalloc on CPython 3.11, and rounded up. Strings with a character beyond ASCII are
counted with four octets a character, the most that CPython needs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from functools import cache
from typing import Any

from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.tenancy.model import TokenRecord

TENANT = 10 * 1024
"""A tenant without anything in it."""

SIGNING_KEY = 16 * 1024
"""What a signing key takes in OpenSSL and in Python, measured by the resident memory for RSA."""

TOKEN = 640
"""A token record without its text, with its places in the stores."""

ENTRY = 200
"""An entry of another store without its text: an ended session, an identifier of an assertion."""

_EXCHANGE = 1100
_REQUEST_FIELD = 170
_RESPONSE_FIELD = 80
_PAIR = 160
_VALUE = 64


def text_octets(text: str) -> int:
    """Return the octets of the characters of a string."""
    return len(text) if text.isascii() else 4 * len(text)


def value_octets(value: Any) -> int:
    """Return the octets of a value of settings, clients, users or claims, with everything in it."""
    if isinstance(value, str):
        return _VALUE + text_octets(value)
    if isinstance(value, bytes):
        return _VALUE + len(value)
    if isinstance(value, Mapping):
        return _VALUE + sum(_VALUE + value_octets(key) + value_octets(item) for key, item in value.items())
    if isinstance(value, list | tuple | frozenset | set):
        return _VALUE + sum(_VALUE + value_octets(item) for item in value)
    if is_dataclass(value) and not isinstance(value, type):
        own = ((getattr(value, name), default) for name, default in _defaults(type(value)))
        return _VALUE + sum(value_octets(each) for each, default in own if each is not default)
    return _VALUE


@cache
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a dataclass with their defaults, which all its instances share."""
    return tuple((field.name, field.default) for field in fields(kind))


def token_octets(record: TokenRecord) -> int:
    """Return the octets of a token record.

    Claims that are neither text nor a list of texts come from settings, where they are counted.
    """
    # Joined, because each token is counted: one call instead of seven.
    texts = f"{record.token}{record.client_id}{record.subject}{record.scope}{record.family}{record.username or ''}"
    octets = TOKEN + text_octets(f"{texts}{record.replaces or ''}{record.issuer or ''}")
    if not record.claims:
        return octets
    for name, claim in record.claims.items():
        octets += _PAIR + text_octets(name)
        for text in claim if isinstance(claim, list) else (claim,):
            octets += _VALUE + (text_octets(text) if isinstance(text, str) else 0)
    return octets


def exchange_octets(request: RecordedRequest, response: RecordedResponse | None) -> int:
    """Return the octets of an exchange: what arrived and was sent, and what is parsed of it."""
    body = request.body
    octets = _EXCHANGE + 2 * len(request.raw) + _REQUEST_FIELD * len(request.headers) + len(body)
    # The form is parsed once and kept (`cached_property`).
    form = request.__dict__.get("form")
    if form is not None:
        octets += _PAIR * len(form)
        if b"%" in body:
            octets += sum(text_octets(value) for _, value in form)
    if response is not None:
        octets += len(response.raw) + len(response.body) + _RESPONSE_FIELD * len(response.headers)
    # `raw` is empty behind another WSGI server.
    return octets if request.raw else octets + len(body)
