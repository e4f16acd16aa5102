"""Where faults happen: a WSGI layer around the authorization server, which itself only ever behaves.

For each request it finds the tenant and the endpoint, lets the armed faults answer or change the answer, hands what
concerns the wire to the listener, and writes the exchange into the tenant's journal.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from types import MappingProxyType
from typing import Any, Protocol
from urllib.parse import quote

from oauth_gauntlet_server.faults import PRESETS, ArmedFault, ArmedFaults, Fault, FaultContext, FaultUnavailable, Trigger
from oauth_gauntlet_server.faults.redirect import MOVED
from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import METADATA, endpoint_at
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.request_parties import parties_of
from oauth_gauntlet_server.http.request_reader import MOST_BODY
from oauth_gauntlet_server.http.wsgi import WIRE_KEY, Environ, WireControl, WSGIApp, call, request_of
from oauth_gauntlet_server.tenancy.journal import Journal

log = logging.getLogger(__name__)

METADATA_PREFIX = f"/{METADATA.path}/"


class TenantLike(Protocol):
    """What this layer needs of a tenant."""

    armed: ArmedFaults
    journal: Journal
    clock: Clock
    issuer: str
    other_origin: Callable[[], str]

    def rename_token(self, issued: str, other: str) -> None:
        """Make an access token known under another name too."""


class FaultMiddleware:
    """A WSGI application that is another one, with faults and a journal. `lookup` finds a tenant by name.

    `shortcuts` answer an endpoint of a tenant in place of the application, as it would.
    """

    def __init__(
        self,
        app: WSGIApp,
        lookup: Callable[[str], Any],
        *,
        shortcuts: Mapping[str, Callable[[Any, RecordedRequest], Answer]] = MappingProxyType({}),
    ) -> None:
        self._app = app
        self._lookup: Callable[[str], TenantLike | None] = lookup
        self._shortcuts = shortcuts

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request (PEP 3333)."""
        name, endpoint = place_of(environ["PATH_INFO"])
        tenant = self._lookup(name) if name else None
        if tenant is None:
            return self._app(environ, start_response)
        began, received_at = time.monotonic(), tenant.clock.now()
        request = request_of(environ, most_body=MOST_BODY)
        control = environ.get(WIRE_KEY)
        try:
            answer, fired = self._answer(tenant, endpoint, request, environ)
        except FaultUnavailable as unavailable:
            answer, fired = json_answer(501, _problem("fault_unavailable", str(unavailable))), ()
        except Exception:
            # The path alone: a query may hold credentials.
            log.exception("the mock server itself failed on %s %s", request.method, request.path)
            answer, fired = json_answer(500, {"error": "server_error"}), ()

        def record(response: RecordedResponse | None) -> None:
            tenant.journal.record(
                endpoint=endpoint,
                request=request,
                response=response,
                faults=tuple([fault.name for fault in fired]),
                received_at=received_at,
                duration_s=time.monotonic() - began,
                fired=fired,
            )

        if isinstance(control, WireControl):
            control.steps, control.now, control.record = answer.wire, tenant.clock.now(), record
        else:
            answer = _without_socket(answer)
            for step in answer.wire:
                time.sleep(step.delay_s)
            record(answer.recorded())
        start_response(f"{answer.status} {answer.reason_phrase()}", list(answer.headers))
        return [] if request.method == "HEAD" and control is None else [answer.body]

    def _answer(
        self, tenant: TenantLike, endpoint: str, request: RecordedRequest, environ: Environ
    ) -> tuple[Answer, tuple[Fault, ...]]:
        """Return the answer and the faults that had a part in it."""
        if len(request.body) > MOST_BODY:
            return json_answer(413, _problem("content_too_large", f"at most {MOST_BODY} octets are read")), ()
        _take_moved(environ)
        try:
            preset = _take_preset(environ)
        except LookupError as error:
            return json_answer(404, _problem("not_found", str(error))), ()
        if not tenant.armed and not preset:
            return self._genuine(tenant, endpoint, request, environ), ()
        grant_type, client_id = parties_of(endpoint, request)
        context = FaultContext(
            endpoint=endpoint,
            request=request,
            issuer=tenant.issuer,
            now=tenant.clock.now(),
            other_origin=tenant.other_origin,
            rename_token=tenant.rename_token,
            grant_type=grant_type,
            client_id=client_id,
        )
        due = (*tenant.armed.match(context), *preset)
        answer, by = next(
            ((given, armed) for armed in due if (given := armed.fault.instead(context)) is not None), (None, None)
        )
        if answer is None:
            answer = self._genuine(tenant, endpoint, request, environ)
        fired: list[Fault] = []
        for armed in due:
            before = answer
            answer = armed.fault.transform(answer, context)
            if armed is by or answer is not before:
                armed.count_fired()
                fired.append(armed.fault)
        return answer, tuple(fired)

    def _genuine(self, tenant: TenantLike, endpoint: str, request: RecordedRequest, environ: Environ) -> Answer:
        shortcut = self._shortcuts.get(endpoint)
        # Below an endpoint's path there may be more, which is the application's to know.
        if shortcut is None or not environ["PATH_INFO"].endswith(f"/{endpoint}") or environ["PATH_INFO"].count("/") != 2:
            return call(self._app, environ)
        return shortcut(tenant, request)


def place_of(path: str) -> tuple[str, str]:
    """Return tenant name and endpoint of a path; an empty name where the path is no tenant's."""
    if path.startswith(METADATA_PREFIX):
        return path.removeprefix(METADATA_PREFIX).partition("/")[0], "metadata"
    parts = path.split("/")
    if len(parts) < 3 or not parts[1] or parts[1].startswith((".", "_")):
        return "", "other"
    if parts[2] == "faults" and len(parts) > 4:
        segment = parts[4]
    elif parts[2] == "moved" and len(parts) > 3:
        segment = parts[3]
    else:
        segment = parts[2]
    return parts[1], endpoint_at(segment).name


def _take_moved(environ: Environ) -> None:
    """Take ``/moved`` out of the path: what a redirect to the same origin led to is the endpoint itself."""
    tenant, marker, endpoint = environ["PATH_INFO"].partition(MOVED)
    if marker and tenant.count("/") == 1:
        environ["PATH_INFO"] = f"{tenant}/{endpoint}"


def _take_preset(environ: Environ) -> tuple[ArmedFault, ...]:
    """Take ``/faults/<preset>`` out of the path, and return the fault that it names, armed for this request."""
    tenant, marker, rest = environ["PATH_INFO"].partition("/faults/")
    if not marker or tenant.count("/") != 1:
        return ()
    name, _, endpoint = rest.partition("/")
    if name not in PRESETS:
        raise LookupError(f"there is no preset {quote(name)}; there are {' '.join(sorted(PRESETS))}")
    environ["PATH_INFO"] = f"{tenant}/{endpoint}"
    return (ArmedFault(identifier=0, fault=PRESETS[name], trigger=Trigger(endpoint=None)),)


def _without_socket(answer: Answer) -> Answer:
    """Return what another WSGI server can do of an answer."""
    if any(step.needs_socket for step in answer.wire):
        return json_answer(
            501,
            _problem(
                "fault_needs_socket",
                "this fault works on the connection itself; run the server with oauth-gauntlet serve",
            ),
        )
    if answer.header("content-length") is not None or answer.status in {204, 304}:
        return answer
    return answer.with_header("Content-Length", str(len(answer.body)))


def _problem(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description}
