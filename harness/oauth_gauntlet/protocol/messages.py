"""The values in the messages of the adapter protocol, with their JSON representations.

They are hello, token, error, and the request to a protected resource with its response.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from oauth_gauntlet.protocol.names import Capability, ErrorKind, GrantType
from oauth_gauntlet.reading import JSON as JSON
from oauth_gauntlet.reading import JSONObject as JSONObject


@dataclass(frozen=True, kw_only=True, slots=True)
class ClientInfo:
    """The client of an adapter."""

    name: str
    version: str = ""
    language: str = ""
    runtime: str = ""
    url: str = ""

    @property
    def platform(self) -> str:
        """What it runs on, ``node 20.19.2``: its runtime, or its language if it declares none."""
        return self.runtime or self.language or "the client"


@dataclass(frozen=True, kw_only=True, slots=True)
class Hello:
    """What an adapter declares; it alone decides which scenarios are applicable to the client.

    `grants`, `parameters` and `capabilities` contain names that this version knows; `unknown` contains the others, so
    that `adapter check` can report them. `profiles` may contain any name: scenarios define them, not the protocol.
    `catches`: the adapter's loop answers every exception that its language can catch, so that the end of its process is the
    client's doing.
    """

    client: ClientInfo
    grants: frozenset[GrantType]
    token_endpoint_auth_methods: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    capabilities: frozenset[Capability] = frozenset()
    profiles: frozenset[str] = frozenset()
    catches: bool = False
    unknown: tuple[str, ...] = ()

    def declared(self) -> dict[str, list[str]]:
        """Return the declarations as sorted lists (member ``declared`` of results.json)."""
        return {
            "grants": sorted(self.grants),
            "parameters": sorted(self.parameters),
            "capabilities": sorted(self.capabilities),
            "token_endpoint_auth_methods": sorted(self.token_endpoint_auth_methods),
            "profiles": sorted(self.profiles),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Token:
    """A token as the client exposes it to its application.

    `access_token` may be any JSON value; the scenarios judge whether it is a string.
    `expires_in` is in seconds, `expires_at` in seconds since 1970-01-01T00:00:00Z on the client's clock.
    """

    access_token: JSON
    token_type: str | None = None
    expires_in: float | None = None
    expires_at: float | None = None
    refresh_token: str | None = None
    scope: str | None = None
    extra: JSONObject = field(default_factory=dict)

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation in the adapter protocol."""
        return {
            "access_token": self.access_token,
            "token_type": self.token_type,
            "expires_in": self.expires_in,
            "expires_at": self.expires_at,
            "refresh_token": self.refresh_token,
            "scope": self.scope,
            "extra": dict(self.extra),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ErrorInfo:
    """An error as the client reports it; `retry_after` is in seconds."""

    kind: ErrorKind
    message: str
    type: str = ""
    oauth_error: str | None = None
    oauth_error_description: str | None = None
    oauth_error_uri: str | None = None
    http_status: int | None = None
    retry_after: float | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation in the adapter protocol."""
        return {
            "kind": str(self.kind),
            "message": self.message,
            "type": self.type,
            "oauth_error": self.oauth_error,
            "oauth_error_description": self.oauth_error_description,
            "oauth_error_uri": self.oauth_error_uri,
            "http_status": self.http_status,
            "retry_after": self.retry_after,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceRequest:
    """A request to a protected resource, as an application hands it to the client: without the token."""

    url: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: str | None = None

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation in the adapter protocol."""
        return {"method": self.method, "url": self.url, "headers": dict(self.headers), "body": self.body}


@dataclass(frozen=True, kw_only=True, slots=True)
class ResourceResponse:
    """The response of a protected resource, as the client exposes it."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: str

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation in the adapter protocol."""
        return {"status": self.status, "headers": [list(pair) for pair in self.headers], "body": self.body}
