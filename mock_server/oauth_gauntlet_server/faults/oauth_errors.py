"""Family: OAuth errors."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import FinalStatus
from oauth_gauntlet_server.http.answer import NO_STORE, Answer, json_answer


@register
@dataclass(frozen=True, kw_only=True)
class OAuthError(Fault):
    """Answer with an OAuth error document; the request is not processed.

    RFC 6749 §5.2 requires status 400 (for invalid_client also 401 with a challenge) and a string as error.
    Seen: 200 with an error document (GitHub, Slack), 403 (several gateways), 500 with an OAuth error in the
    body, an object as error (Facebook, Google's APIs). `extra` adds members, such as error_codes and trace_id
    of Azure AD. A challenge is sent with status 401.
    """

    name: ClassVar[str] = "oauth_error"

    error: Any = "invalid_grant"
    status: FinalStatus = 400
    description: Any = None
    uri: Any = None
    extra: dict[str, Any] = field(default_factory=dict)

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer with the error document."""
        document: dict[str, Any] = {"error": self.error}
        if self.description is not None:
            document["error_description"] = self.description
        if self.uri is not None:
            document["error_uri"] = self.uri
        challenge = (("WWW-Authenticate", 'Basic realm="oauth-gauntlet"'),) if self.status == 401 else ()
        return json_answer(self.status, document | self.extra, NO_STORE + challenge)


@register
@dataclass(frozen=True, kw_only=True)
class BearerError(Fault):
    """Answer a request to the protected resource with a challenge (RFC 6750 §3); the request is not processed.

    `error` of null: a challenge without an error code, as for a request without a token. `challenge` replaces
    the whole WWW-Authenticate field, for instance by another scheme or by several challenges; if it is empty,
    no field is sent. Seen: 401 without a challenge, 403 in place of 401 for an expired token (several API
    gateways), 401 with DPoP next to Bearer.
    """

    name: ClassVar[str] = "bearer_error"
    endpoint: ClassVar[str | None] = "resource"

    error: str | None = "invalid_token"
    status: FinalStatus = 401
    description: str | None = None
    scope: str | None = None
    challenge: str | None = None

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer with the challenge."""
        attributes = {"error": self.error, "error_description": self.description, "scope": self.scope}
        parts = ['realm="oauth-gauntlet"', *(f'{name}="{value}"' for name, value in attributes.items() if value is not None)]
        value = f"Bearer {', '.join(parts)}" if self.challenge is None else self.challenge
        headers = (("WWW-Authenticate", value),) if value else ()
        return json_answer(self.status, {name: text for name, text in attributes.items() if text is not None}, headers)
