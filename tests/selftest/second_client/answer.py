"""What a token endpoint answers, taken at its word: RFC 6749 5.1 and 5.2, RFC 8259, and nothing beside them.

Freedom: nothing is guessed. What the specification does not allow a server to send is refused, widespread or not.
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
"""A longer lifetime counts as this one: a token may be renewed sooner than it must. Seconds."""


@dataclass(frozen=True, kw_only=True)
class Grant:
    """What a server granted; `lifetime` is in seconds, None where the server did not tell it."""

    access_token: str = field(repr=False)
    lifetime: int | None
    refresh_token: str | None = field(repr=False)
    scope: str | None


def read_grant(status: int, headers: Mapping[str, str], content: bytes) -> Grant:
    """Read an answer of the token endpoint.

    Raises:
        ServerRefused: it is an error document.
        ExchangeFailed: it is an error of HTTP alone.
        AnswerRefused: it is neither a success nor an error of the specification.
    """
    media_type = headers.get("Content-Type", "").partition(";")[0].strip(" \t").lower()
    if status >= 400:
        raise _refusal(status, headers, content if media_type == "application/json" else b"")
    if status != 200:
        # Freedom: a success is 200 (RFC 6749 5.1), not any other 2xx.
        raise AnswerRefused(f"HTTP {status} is no answer to a token request", status)
    if media_type != "application/json":
        raise AnswerRefused("the answer is not application/json", status)
    members = _object(content)
    if "error" in members:
        refusal = _refusal(status, headers, content)
        raise refusal if isinstance(refusal, ServerRefused) else AnswerRefused("the answer has an odd error", status)
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
    """Return Retry-After in seconds: a number of them or a date (RFC 9110 10.2.3); None where it is neither."""
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
        return ExchangeFailed(f"the token endpoint answered HTTP {status}", status, retry_after(headers))
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
        # UTF-8 whatever a charset says, and no byte order mark (RFC 8259 8.1, 11).
        value = json.loads(content.decode("utf-8"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise AnswerRefused("the answer is not JSON that this client reads") from None
    if not isinstance(value, dict):
        raise AnswerRefused("the answer is no JSON object")
    return value


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("a name is there twice (RFC 8259 4)")
    return members


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _matching(members: Mapping[str, Any], name: str, pattern: Any) -> str | None:
    if name not in members:
        return None
    value = members[name]
    if not isinstance(value, str) or pattern.fullmatch(value) is None:
        raise AnswerRefused(f"{name}: not of its grammar (RFC 6749 Appendix A)")
    return value


def _missing(name: str) -> str:
    raise AnswerRefused(f"{name}: missing")


def _lifetime(members: Mapping[str, Any]) -> int | None:
    if "expires_in" not in members:
        return None
    value = members["expires_in"]
    # RFC 6749 A.14: 1*DIGIT, and 5.1: a JSON number. So neither true nor "3600", -1 or 3.6e3.
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        raise AnswerRefused("expires_in: expected a whole number of seconds")
    return min(value, LONGEST_S)
