"""Where faults happen: a WSGI layer around the authorization server, which itself only ever behaves.

For each request it finds the tenant and the endpoint, lets the armed faults answer or change the answer, hands what
concerns the wire to the listener, and writes the exchange into the tenant's journal.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import Any, Protocol
from urllib.parse import quote

from oauth_gauntlet_server.answer import Answer, json_answer
from oauth_gauntlet_server.clock import Clock
from oauth_gauntlet_server.faults import PRESETS, ArmedFaults, Fault, FaultContext
from oauth_gauntlet_server.form import FormError, decode_component
from oauth_gauntlet_server.http1 import MOST_BODY
from oauth_gauntlet_server.http_request import BasicCredentialsError, RecordedRequest
from oauth_gauntlet_server.journal import Journal
from oauth_gauntlet_server.wsgi import WIRE_KEY, Environ, WireControl, WSGIApp, call, request_of

METADATA_PREFIX = "/.well-known/oauth-authorization-server/"

_ENDPOINTS = {
    "token": "token",
    "introspect": "introspect",
    "revoke": "revoke",
    "resource": "resource",
    "jwks": "jwks",
    ".well-known": "metadata",
}


class TenantLike(Protocol):
    """What this layer needs of a tenant."""

    armed: ArmedFaults
    journal: Journal
    clock: Clock
    issuer: str


class FaultMiddleware:
    """A WSGI application that is another one, with faults and a journal. `lookup` finds a tenant by name."""

    def __init__(self, app: WSGIApp, lookup: Callable[[str], TenantLike | None]) -> None:
        self._app = app
        self._lookup = lookup

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        request = request_of(environ, most_body=MOST_BODY)
        name, endpoint = place_of(environ["PATH_INFO"])
        tenant = self._lookup(name) if name else None
        if tenant is None:
            return _wsgi(call(self._app, environ), request, environ, start_response)
        began, received_at = time.monotonic(), tenant.clock.now()
        answer, fired = self._answer(tenant, endpoint, request, environ)
        answer = _deliverable(answer, environ)

        def record() -> None:
            silent = any(step.needs_socket for step in answer.wire)
            tenant.journal.record(
                endpoint=endpoint,
                request=request,
                response=None if silent else answer.recorded(),
                faults=tuple(fault.name for fault in fired),
                received_at=received_at,
                duration_s=time.monotonic() - began,
            )

        control = environ.get(WIRE_KEY)
        if isinstance(control, WireControl):
            control.steps = answer.wire
            control.before_last_octet = record
        else:
            for step in answer.wire:
                time.sleep(step.delay_s)
            record()
        return _wsgi(answer, request, environ, start_response)

    def _answer(
        self, tenant: TenantLike, endpoint: str, request: RecordedRequest, environ: Environ
    ) -> tuple[Answer, tuple[Fault, ...]]:
        try:
            preset = _take_preset(environ)
        except LookupError as error:
            return json_answer(404, {"error": "not_found", "error_description": str(error)}), ()
        context = FaultContext(
            endpoint=endpoint, request=request, issuer=tenant.issuer, **_parties(request) if endpoint == "token" else {}
        )
        fired = (*tenant.armed.firing(context), *preset)
        for fault in fired:
            answer = fault.instead(context)
            if answer is not None:
                break
        else:
            answer = call(self._app, environ)
        for fault in fired:
            answer = fault.transform(answer, context)
        return answer, fired


def place_of(path: str) -> tuple[str, str]:
    """Return tenant name and endpoint of a path; an empty name where the path is no tenant's."""
    if path.startswith(METADATA_PREFIX):
        return path.removeprefix(METADATA_PREFIX).partition("/")[0], "metadata"
    parts = path.split("/")
    if len(parts) < 3 or not parts[1] or parts[1].startswith((".", "_")):
        return "", "other"
    segment = parts[4] if parts[2] == "faults" and len(parts) > 4 else parts[2]
    return parts[1], _ENDPOINTS.get(segment, "other")


def _take_preset(environ: Environ) -> tuple[Fault, ...]:
    """Take ``/faults/<preset>`` out of the path, and return the fault that it names."""
    tenant, marker, rest = environ["PATH_INFO"].partition("/faults/")
    if not marker or tenant.count("/") != 1:
        return ()
    name, _, endpoint = rest.partition("/")
    if name not in PRESETS:
        raise LookupError(f"there is no preset {quote(name)}; there are {' '.join(sorted(PRESETS))}")
    environ["PATH_INFO"] = f"{tenant}/{endpoint}"
    return (PRESETS[name],)


def _parties(request: RecordedRequest) -> dict[str, str | None]:
    """Return grant type and client id as far as they can be read: a trigger must not depend on a correct request."""
    try:
        form = dict(request.form)
    except FormError:
        form = {}
    client_id = form.get("client_id")
    try:
        basic = request.basic_credentials()
        if basic is not None:
            client_id = decode_component(basic[0].encode())
    except (BasicCredentialsError, FormError):
        pass
    return {"grant_type": form.get("grant_type"), "client_id": client_id}


def _deliverable(answer: Answer, environ: Environ) -> Answer:
    if isinstance(environ.get(WIRE_KEY), WireControl) or not any(step.needs_socket for step in answer.wire):
        return answer
    return json_answer(
        501,
        {
            "error": "fault_needs_socket",
            "error_description": "this fault works on the connection itself; run the server with oauth-gauntlet serve",
        },
    )


def _wsgi(
    answer: Answer, request: RecordedRequest, environ: Environ, start_response: Callable[..., Any]
) -> Iterable[bytes]:
    headers = list(answer.headers)
    if not isinstance(environ.get(WIRE_KEY), WireControl) and answer.header("content-length") is None:
        headers.append(("Content-Length", str(len(answer.body))))
    start_response(f"{answer.status} {answer.reason_phrase()}", headers)
    return [] if request.method == "HEAD" and WIRE_KEY not in environ else [answer.body]
