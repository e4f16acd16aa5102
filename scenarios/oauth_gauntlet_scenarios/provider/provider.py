"""The documents of providers: what their token endpoint answers, and how their resources refuse a token.

Each file in ``documents`` is one provider. Its bodies are the JSON of the provider's documentation with made-up values. In the
body of a success, ``$access_token`` and ``$refresh_token`` are tokens of the mock server, and ``$now``, ``$now_ms``, ``$end``,
``$end_iso`` and ``$end_us`` are times: now, and the end of the token's life. To add a provider, add a file.
"""

from __future__ import annotations

import json
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from string import Template

from oauth_gauntlet.protocol import JSON, JSONObject

_FOLDER = Path(__file__).parent / "documents"


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """A page of public documentation."""

    title: str
    url: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Success:
    """A token response for a token that lives for `lifetime_s` seconds.

    `deviation` is what RFC 6749 §5.1 demands or recommends otherwise; None: nothing.
    """

    body: str
    lifetime_s: int
    deviation: str | None = None

    def members(self, *, now: float, access_token: str, refresh_token: str) -> JSONObject:
        """Return the members of the document at a time, in seconds since 1970."""
        end = datetime.fromtimestamp(now + self.lifetime_s, UTC)
        values = {
            "access_token": access_token,
            "refresh_token": refresh_token,
            "now": int(now),
            "now_ms": int(now * 1000),
            "end": int(now) + self.lifetime_s,
            "end_iso": f"{end:%Y-%m-%dT%H:%M:%SZ}",
            "end_us": f"{end:%m/%d/%Y %I:%M:%S %p +00:00}",
        }
        return _object(Template(self.body).substitute(values))


@dataclass(frozen=True, kw_only=True, slots=True)
class Failure:
    """An error response of the token endpoint. `deviation` is what RFC 6749 §5.2 demands otherwise; None: nothing."""

    status: int
    body: str
    deviation: str | None = None

    @property
    def code(self) -> str | None:
        """The error code; None if the document has no member error."""
        code = _object(self.body).get("error")
        return code if isinstance(code, str) else None

    @property
    def texts(self) -> tuple[str, ...]:
        """The texts of the document by which a person recognizes the error."""
        return tuple(value for value in _object(self.body).values() if isinstance(value, str) and value)


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """How the provider's resource refuses an access token. Each of the `challenges` is a WWW-Authenticate field."""

    status: int
    body: str = ""
    challenges: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Provider:
    """The documents of one provider."""

    name: str
    pages: tuple[Page, ...]
    success: Success
    error: Failure | None
    refusal: Refusal | None


@cache
def providers() -> Mapping[str, Provider]:
    """Return the providers by the names of their files, sorted.

    Raises:
        TypeError: a file has an unknown key, or one is missing.
    """
    return {path.stem: _provider(tomllib.loads(path.read_text(encoding="utf-8"))) for path in sorted(_FOLDER.glob("*.toml"))}


def _provider(read: dict[str, JSON]) -> Provider:
    error, refusal = read.pop("error", None), read.pop("refusal", None)
    if refusal is not None:
        refusal = Refusal(**{**refusal, "challenges": tuple(refusal.get("challenges", ()))})
    return Provider(
        pages=tuple(Page(**page) for page in read.pop("page")),
        success=Success(**read.pop("success")),
        error=None if error is None else Failure(**error),
        refusal=refusal,
        **read,
    )


def _object(text: str) -> JSONObject:
    value = json.loads(text)
    assert isinstance(value, dict), "the body is not a JSON object"
    return value
