"""Family: OAuth errors."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.answer import NO_STORE, Answer, json_answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, final_status, register


@register
@dataclass(frozen=True, kw_only=True)
class OAuthError(Fault):
    """Answer with an OAuth error document; the request is not processed.

    RFC 6749 §5.2 wants status 400, or 401 with a challenge for invalid_client. Seen otherwise: 200 with an error
    document (GitHub), 403 (several gateways), 500 with an OAuth error inside.
    """

    name: ClassVar[str] = "oauth_error"

    error: str = "invalid_grant"
    status: int = 400
    description: str | None = None
    uri: str | None = None

    def __post_init__(self) -> None:
        final_status(self.name, self.status)

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Answer with the error document."""
        document = {"error": self.error}
        if self.description is not None:
            document["error_description"] = self.description
        if self.uri is not None:
            document["error_uri"] = self.uri
        challenge = (("WWW-Authenticate", 'Basic realm="oauth-gauntlet"'),) if self.status == 401 else ()
        return json_answer(self.status, document, NO_STORE + challenge)
