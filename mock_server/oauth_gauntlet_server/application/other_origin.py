"""A second origin: the target of redirects, to which no client has a reason to send a secret.

It answers every request with a token document. A client that follows a redirect blindly gets its token, and the journal
shows which secrets it sent for it.
"""

from __future__ import annotations

from collections.abc import Callable

from oauth_gauntlet_server.application.core import Arrival, RecordingTenant
from oauth_gauntlet_server.http.answer import json_answer
from oauth_gauntlet_server.http.endpoints import OTHER_ORIGIN
from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wsgi import path_info

OTHER_TOKEN = "token-of-another-origin"


class OtherOrigin:
    """Answers requests and records them in the journal of the tenant that the path names, otherwise `outside`."""

    def __init__(self, find_tenant: Callable[[str], RecordingTenant | None], outside: RecordingTenant | None = None) -> None:
        self._find_tenant = find_tenant
        self._outside = outside

    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled:  # noqa: ARG002 - a `Handle`
        """Return the token document, with its record."""
        answer = json_answer(200, {"access_token": OTHER_TOKEN, "token_type": "Bearer", "expires_in": 3600})
        _, _, name = path_info(request).partition("/")
        tenant = self._find_tenant(name.partition("/")[0]) or self._outside
        if tenant is None:
            return Handled(answer=answer)
        return Handled(
            answer=answer, record=Arrival(tenant, OTHER_ORIGIN.name, request).recorder(), sending=tenant.journal.sending
        )
