"""Encode application/x-www-form-urlencoded by RFC 6749 Appendix B: UTF-8 first, then the escaping rules of HTML 4.01."""

from collections.abc import Iterable

CONTENT_TYPE = 'application/X-WWW-Form-URLEncoded;charset="utf-8"'
"""Freedom: a media type is case-insensitive, and its parameters may be quoted (RFC 9110 8.3.1, 5.6.6)."""

_PLAIN = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")


def escaped(text: str) -> str:
    """Return `text` as a name or value of a form.

    Freedom: HTML 4.01 17.13.4 says "Non-alphanumeric characters are replaced by `%HH'", which includes - . _ and *; the
    digits of an escape are case-insensitive (RFC 3986 2.1).
    """
    return "".join(chr(octet) if octet in _PLAIN else "+" if octet == 0x20 else f"%{octet:02x}" for octet in text.encode())


def form(parameters: Iterable[tuple[str, str]]) -> bytes:
    """Return the body of a request.

    Freedom: the parameters of a request have no order; here they are in reverse alphabetical order. Parameters without a
    value are omitted, because the server treats them as omitted (RFC 6749 3.2).
    """
    pairs = sorted(((name, value) for name, value in parameters if value), reverse=True)
    return "&".join(f"{escaped(name)}={escaped(value)}" for name, value in pairs).encode("ascii")
