"""A second origin: where a redirect may lead, and where no client has a reason to send a secret.

It answers every request with a token document, so that a client which follows a redirect blindly comes to its goal and
the journal shows with what it paid.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol

from oauth_gauntlet_server.http.answer import json_answer
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import OTHER_ORIGIN
from oauth_gauntlet_server.http.http_request import RecordedResponse
from oauth_gauntlet_server.http.request_reader import MOST_BODY
from oauth_gauntlet_server.http.wsgi import WIRE_KEY, Environ, WireControl, request_of
from oauth_gauntlet_server.tenancy.journal import Journal

TOKEN = "token-of-another-origin"


class _TenantLike(Protocol):
    journal: Journal
    clock: Clock


class OtherOrigin:
    """A WSGI application that records into the journal of the tenant which the path names."""

    def __init__(self, lookup: Callable[[str], _TenantLike | None]) -> None:
        self._lookup = lookup

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        began = time.monotonic()
        tenant = self._lookup(environ["PATH_INFO"].split("/")[1])
        request = request_of(environ, most_body=MOST_BODY)
        answer = json_answer(200, {"access_token": TOKEN, "token_type": "Bearer", "expires_in": 3600})

        def record(response: RecordedResponse | None) -> None:
            if tenant is not None:
                tenant.journal.record(
                    endpoint=OTHER_ORIGIN.name,
                    request=request,
                    response=response,
                    received_at=tenant.clock.now(),
                    duration_s=time.monotonic() - began,
                )

        control = environ.get(WIRE_KEY)
        if isinstance(control, WireControl):
            control.record = record
        else:
            record(answer.recorded())
        start_response("200 OK", list(answer.headers))
        return [answer.body]
