"""The core of the server: from a request to an answer with its wire steps and its record.

A well-behaved authorization server answers; this module adds everything else. It finds the tenant and the endpoint in
the path, lets the due faults answer or change the answer, and returns a value: what to send, and how to record it. It
knows neither WSGI nor sockets. Faults therefore work the same on every way into the server, and the endpoints
themselves contain no code for misbehaviour.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeAlias
from urllib.parse import quote

from oauth_gauntlet_server.application.cors import is_preflight, preflight_answer, with_cors
from oauth_gauntlet_server.application.cross_site import refusal_of_other_site
from oauth_gauntlet_server.application.routing import Route, is_own, route_of
from oauth_gauntlet_server.application.vendor_paths import vendor_route
from oauth_gauntlet_server.faults import PRESETS, ArmedFault, ArmedFaults, Fault, FaultContext, FaultUnavailable, Trigger
from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import BY_NAME, OTHER, PREFLIGHT
from oauth_gauntlet_server.http.grant_and_client import grant_and_client_of
from oauth_gauntlet_server.http.handled import Handled
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.request_head import MOST_BODY
from oauth_gauntlet_server.jose.key_folder import KeyFileError
from oauth_gauntlet_server.jose.token_signing import TokenSigning
from oauth_gauntlet_server.tenancy.journal import Journal
from oauth_gauntlet_server.tenancy.tenant_settings import NO_ORIGIN, Cors, Paths, TenantSettings
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

log = logging.getLogger(__name__)


class RecordingTenant(Protocol):
    """What recording needs of a tenant."""

    journal: Journal
    clock: Clock


class TenantLike(RecordingTenant, Protocol):
    """What the core needs of a tenant."""

    armed: ArmedFaults
    settings: TenantSettings

    def urls_at(self, base_url: str | None) -> TenantURLs:
        """Return the tenant's URLs for a request that names this base URL; None: its own."""

    def other_origin_at(self, urls: TenantURLs) -> str:
        """Return the base URL of a second origin for a request with these URLs."""

    @property
    def signing(self) -> TokenSigning:
        """How the tenant signs JWT access tokens."""

    def rename_token(self, issued: str, other: str, claims: Mapping[str, Any] | None = None) -> None:
        """Make an access token known under another name too."""


Handler: TypeAlias = Callable[[Any, RecordedRequest, TenantURLs], Answer]
"""Answers a request to one endpoint of a tenant, which has these URLs for the request."""


class Arrival:
    """A request with the time at which it arrived; `recorder` returns what records it with its response."""

    def __init__(self, tenant: RecordingTenant, endpoint: str, request: RecordedRequest) -> None:
        self._tenant = tenant
        self._endpoint = endpoint
        self._request = request
        self._began = time.monotonic()
        self._received_at = tenant.clock.now()

    def recorder(self, fired: tuple[Fault, ...] = ()) -> Callable[[RecordedResponse | None], None]:
        """Return a function that adds the exchange to the journal; `fired` had a part in the answer."""

        def record(response: RecordedResponse | None) -> None:
            self._tenant.journal.record(
                endpoint=self._endpoint,
                request=self._request,
                response=response,
                faults=tuple([fault.name for fault in fired]),
                received_at=self._received_at,
                duration_s=time.monotonic() - self._began,
                fired=fired,
            )

        return record


@dataclass(frozen=True, slots=True)
class _Question:
    """A request on its way to an answer: its tenant, the tenant's URLs for it, and who answers where the core does not."""

    tenant: TenantLike
    urls: TenantURLs
    route: Route
    request: RecordedRequest
    otherwise: Callable[[str], Answer]


@dataclass(frozen=True, kw_only=True, slots=True)
class Core:
    """Handles requests; keeps no state between them.

    `find_tenant` returns the tenant of a name, or None; it may create one. `handlers` answer exactly the endpoint of
    their name. Every other request is answered by the function `otherwise` that the caller passes to `handle`.
    `existing_tenant` creates none (default: `find_tenant`): a request that leads to no endpoint must not create a tenant.
    `paths` are the further ones of a tenant that a request creates. `outside` records the requests that belong to no tenant,
    except those for the server's own paths.
    """

    find_tenant: Callable[[str], Any]
    handlers: Mapping[str, Handler]
    existing_tenant: Callable[[str], Any] | None = None
    outside: RecordingTenant | None = None
    paths: Paths = field(default_factory=dict)

    def handle(
        self, request: RecordedRequest, *, path: str, otherwise: Callable[[str], Answer], base_url: str | None = None
    ) -> Handled:
        """Return the handled request.

        `path` is the request's path, decoded. `otherwise` answers the request at a path that the core has no handler for.
        `base_url` is what the request names as the start of the tenant's URLs; None: the tenant's own.
        """
        route = route_of(path)
        # Before the tenant is sought: such a page must not create one either.
        if route.tenant and (refusal := refusal_of_other_site(request)) is not None:
            return Handled(answer=json_answer(403, _problem("cross_site", refusal)))
        tenant = self._tenant(route)
        if tenant is None:
            return self._outside(route, request, path, otherwise)
        endpoint = BY_NAME[route.endpoint]
        arrival = Arrival(tenant, route.endpoint, request)
        fired: tuple[Fault, ...] = ()
        cors: Cors = NO_ORIGIN
        try:
            if (there := vendor_route(route, tenant.settings.paths)) is not route:
                route, endpoint = there, BY_NAME[there.endpoint]
                arrival = Arrival(tenant, there.endpoint, request)
            cors = tenant.settings.cors
            if is_preflight(request, endpoint, cors):
                # No fault fires: a browser asks this in addition to the request for which a fault waits.
                arrival = Arrival(tenant, PREFLIGHT.name, request)
                answer = preflight_answer(request, endpoint, cors)
            else:
                answer, fired = self._answer(_Question(tenant, tenant.urls_at(base_url), route, request, otherwise))
        except FaultUnavailable as unavailable:
            answer = json_answer(501, _problem("fault_unavailable", str(unavailable)))
        except KeyFileError as error:
            log.error("%s", error)
            answer = json_answer(500, _problem("server_error", str(error)))
        except Exception:
            # The path alone: a query may contain credentials.
            log.exception("the mock server itself failed on %s %s", request.method, request.path)
            answer = json_answer(500, {"error": "server_error"})
        answer = with_cors(answer, request, endpoint, cors)
        return Handled(answer=answer, now=tenant.clock.now(), record=arrival.recorder(fired), sending=tenant.journal.sending)

    def _tenant(self, route: Route) -> TenantLike | None:
        if not route.tenant:
            return None
        leads_somewhere = (
            route.endpoint != OTHER.name or route.preset is not None or vendor_route(route, self.paths) is not route
        )
        find = self.find_tenant if leads_somewhere or self.existing_tenant is None else self.existing_tenant
        found: TenantLike | None = find(route.tenant)
        return found

    def _outside(self, route: Route, request: RecordedRequest, path: str, otherwise: Callable[[str], Answer]) -> Handled:
        # A page of another site that cannot read an answer must not fill the journal.
        if self.outside is None or is_own(path) or refusal_of_other_site(request) is not None:
            return Handled(answer=otherwise(path))
        arrival = Arrival(self.outside, route.endpoint, request)
        return Handled(answer=otherwise(path), record=arrival.recorder(), sending=self.outside.journal.sending)

    def _answer(self, asked: _Question) -> tuple[Answer, tuple[Fault, ...]]:
        """Return the answer and the faults that had a part in it."""
        tenant, route, request = asked.tenant, asked.route, asked.request
        if len(request.body) > MOST_BODY:
            return json_answer(413, _problem("content_too_large", f"the limit is {MOST_BODY} octets")), ()
        if route.preset is not None and route.preset not in PRESETS:
            known = " ".join(sorted(PRESETS))
            return json_answer(404, _problem("not_found", f"there is no preset {quote(route.preset)}; there are {known}")), ()
        if not tenant.armed and route.preset is None:
            return self._genuine(asked), ()
        grant_type, client_id = grant_and_client_of(route.endpoint, request)
        context = FaultContext(
            endpoint=route.endpoint,
            request=request,
            issuer=asked.urls.issuer,
            now=tenant.clock.now(),
            other_origin=lambda: tenant.other_origin_at(asked.urls),
            rename_token=tenant.rename_token,
            signing=tenant.signing,
            grant_type=grant_type,
            client_id=client_id,
        )
        due = (*tenant.armed.match(context), *_armed_preset(route.preset))
        answer, by = _instead(due, context)
        if answer is None:
            answer = self._genuine(asked)
            if after := tenant.armed.match(context, answer.status):
                replaced, by = _instead(after, context)
                answer = replaced or answer
                due = (*due, *after)
        fired: list[Fault] = []
        for armed in due:
            before = answer
            answer = armed.fault.transform(answer, context)
            if armed is by or answer is not before:
                armed.count_fired()
                fired.append(armed.fault)
        return answer, tuple(fired)

    def _genuine(self, asked: _Question) -> Answer:
        """Return the answer of the authorization server without faults."""
        route = asked.route
        handler = self.handlers.get(route.endpoint)
        if handler is None or route.path != f"/{route.tenant}/{route.endpoint}":
            return asked.otherwise(route.path)
        return handler(asked.tenant, asked.request, asked.urls)


def _instead(due: Iterable[ArmedFault], context: FaultContext) -> tuple[Answer | None, ArmedFault | None]:
    """Return the answer of the first fault that answers in place of the server, and that fault; None for both: none does."""
    return next(((given, armed) for armed in due if (given := armed.fault.instead(context)) is not None), (None, None))


def _armed_preset(name: str | None) -> tuple[ArmedFault, ...]:
    """Return a preset's fault, armed for one request."""
    return () if name is None else (ArmedFault(identifier=0, fault=PRESETS[name], trigger=Trigger(endpoint=None)),)


def _problem(error: str, description: str) -> dict[str, str]:
    return {"error": error, "error_description": description}
