"""Read the response of a token endpoint strictly by RFC 6749 5.1 and 5.2 and RFC 8259.

Freedom: nothing is guessed. A response that the specification does not allow is rejected, even if many servers send it.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tests.selftest.second_client import grammar
from tests.selftest.second_client.failures import AnswerRefused, ExchangeFailed, ServerRefused

LONGEST_S = 10 * 365 * 86400
"""A longer lifetime is reduced to this many seconds: a client may renew a token earlier than it must."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """The grant of a server; `lifetime` is in seconds, or None if the response has no expires_in."""

    access_token: str = field(repr=False)
    lifetime: int | None
    refresh_token: str | None = field(repr=False)
    scope: str | None


def read_grant(status: int, headers: Mapping[str, str], content: bytes) -> Grant:
    """Return the grant in a response of the token endpoint.

    Raises:
        ServerRefused: the response is an error document.
        ExchangeFailed: the response is an HTTP error without an error document.
        AnswerRefused: the response is neither a success nor an error of the specification.
    """
    media_type = headers.get("Content-Type", "").partition(";")[0].strip(" \t").lower()
    if status >= 400:
        raise _refusal(status, headers, content if media_type == "application/json" else b"")
    if status != 200:
        # Freedom: a success is 200 (RFC 6749 5.1), not any other 2xx.
        raise AnswerRefused(f"HTTP {status} is no response to a token request", status)
    if media_type != "application/json":
        raise AnswerRefused("the response is not application/json", status)
    members = _object(content)
    if "error" in members:
        refusal = _refusal(status, headers, content)
        raise (
            refusal if isinstance(refusal, ServerRefused) else AnswerRefused("the response has an invalid error member", status)
        )
    token_type = members.get("token_type")
    if not isinstance(token_type, str) or token_type.lower() != "bearer":
        raise AnswerRefused("token_type: expected Bearer", status)
    return Grant(
        access_token=_matching(members, "access_token", grammar.VSCHAR) or _missing("access_token"),
        lifetime=_lifetime(members),
        refresh_token=_matching(members, "refresh_token", grammar.VSCHAR),
        scope=_matching(members, "scope", grammar.SCOPE),
    )


def retry_after(headers: Mapping[str, str]) -> float | None:
    """Return Retry-After in seconds, from a number or a date (RFC 9110 10.2.3); None if it is neither."""
    value = headers.get("Retry-After", "").strip(" \t")
    if value.isascii() and value.isdigit() and len(value) < 10:
        return float(value)
    try:
        when = parsedate_to_datetime(value)
        return max(0.0, (when - datetime.now(UTC)).total_seconds()) if when.tzinfo else None
    except (ValueError, TypeError, OverflowError, IndexError):
        return None


def _refusal(status: int, headers: Mapping[str, str], content: bytes) -> ServerRefused | ExchangeFailed:
    try:
        members = _object(content)
    except AnswerRefused:
        members = {}
    code = members.get("error")
    if not isinstance(code, str) or grammar.NQSCHAR.fullmatch(code) is None:
        return ExchangeFailed(f"the token endpoint returned HTTP {status}", status, retry_after(headers))
    return ServerRefused(
        code,
        status,
        description=_readable(members.get("error_description")),
        uri=_readable(members.get("error_uri")),
        retry_after=retry_after(headers),
    )


def _readable(value: object) -> str | None:
    return value if isinstance(value, str) and grammar.NQSCHAR.fullmatch(value) else None


def _object(content: bytes) -> dict[str, Any]:
    try:
        # Always UTF-8, without regard to a charset parameter, and no byte order mark (RFC 8259 8.1, 11).
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AnswerRefused("the response is no JSON that this client can read") from None
    if not isinstance(value, dict):
        raise AnswerRefused("the response is no JSON object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate name (RFC 8259 4)")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _matching(members: Mapping[str, Any], name: str, pattern: Any) -> str | None:
    if name not in members:
        return None
    value = members[name]
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise AnswerRefused(f"{name}: does not match its grammar (RFC 6749 Appendix A)")
    return value


def _missing(name: str) -> str:
    raise AnswerRefused(f"{name}: missing")


def _lifetime(members: Mapping[str, Any]) -> int | None:
    if "expires_in" not in members:
        return None
    value = members["expires_in"]
    # RFC 6749 A.14: 1*DIGIT, and 5.1: a JSON number. So true, "3600", -1 and 3.6e3 are invalid.
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise AnswerRefused("expires_in: expected a whole number of seconds")
    return min(value, LONGEST_S)
