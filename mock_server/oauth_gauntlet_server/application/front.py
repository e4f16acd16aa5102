"""The two ways into the application: `Front.handle` for our listener and the bridges, and WSGI for every other server.

Both lead to the core. The core answers the token endpoint itself, because it gets most of the requests: there, Flask's
dispatch would cost as much as everything else together, and loading Flask takes as long as the rest of the server
(benchmarks/README.md). All other endpoints are Flask's, for which an environ is made here. Our own server loads Flask
with the first request that needs it.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.application.core import Core, Handler, RecordingTenant
from oauth_gauntlet_server.application.routing import below_mount
from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.base_url import BaseURLSource
from oauth_gauntlet_server.http.endpoints import TOKEN
from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.request_head import MOST_BODY
from oauth_gauntlet_server.http.wire_plan import ByteStream
from oauth_gauntlet_server.http.without_socket import delivered
from oauth_gauntlet_server.http.wsgi import Environ, WSGIApp, call, environ_of, path_info, recorded_request
from oauth_gauntlet_server.oauth.authorization_server import token_answer
from oauth_gauntlet_server.tenancy.naming import Naming
from oauth_gauntlet_server.tenancy.tenant_settings import Paths
from oauth_gauntlet_server.tenancy.tenants import Tenants

if TYPE_CHECKING:
    from flask import Flask


class Front:
    """The core in front of a WSGI application without faults.

    `find_tenant` returns the tenant of a name, or None; `handlers` answer an endpoint in place of the application.
    `below_tenant` returns a path with the tenant's name before it, where a vendor's path lacks one.
    `existing_tenant`, `outside` and `paths` are those of the core. `naming` decides under which base URL a request reached
    the server.
    """

    def __init__(
        self,
        app: WSGIApp,
        find_tenant: Callable[[str], Any],
        handlers: Mapping[str, Handler] = MappingProxyType({}),
        *,
        existing_tenant: Callable[[str], Any] | None = None,
        outside: RecordingTenant | None = None,
        below_tenant: Callable[[str], str] = str,
        paths: Paths = MappingProxyType({}),
        naming: Naming | None = None,
    ) -> None:
        self._app = app
        self._below_tenant = below_tenant
        self._naming = naming or Naming()
        self._core = Core(
            find_tenant=find_tenant, handlers=handlers, existing_tenant=existing_tenant, outside=outside, paths=paths
        )

    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled:
        """Return the handled request; nothing is sent or recorded yet."""

        def otherwise(path: str) -> Answer:
            return call(self._app, environ_of(request, path=path, connection=connection), request)

        base_url = self._naming.base_url(request, scheme=connection.scheme)
        path = below_mount(path_info(request), mount=self._naming.path, base_url=base_url)
        return self._core.handle(request, path=self._below_tenant(path), otherwise=otherwise, base_url=base_url)

    def __call__(self, environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request of another WSGI server (PEP 3333)."""
        request = recorded_request(environ, most_body=MOST_BODY)

        def otherwise(path: str) -> Answer:
            # The request's body was read from the environ's own stream, which can be read only once.
            return call(self._app, {**environ, "PATH_INFO": path, "wsgi.input": io.BytesIO(request.body)}, request)

        base_url = self._naming.base_url(
            request, scheme=environ.get("wsgi.url_scheme", "http"), mount=environ.get("SCRIPT_NAME", "")
        )
        path = below_mount(environ["PATH_INFO"], mount=self._naming.path, base_url=base_url)
        answer = delivered(self._core.handle(request, path=self._below_tenant(path), otherwise=otherwise, base_url=base_url))
        start_response(f"{answer.status} {answer.reason_phrase()}", list(answer.headers))
        if answer.stream is not None:
            return _NonEmpty(answer.stream)
        return [] if request.method == "HEAD" else [answer.body]


class _NonEmpty:
    """A stream without its empty pieces, which some WSGI servers take for the end."""

    def __init__(self, stream: ByteStream) -> None:
        self._stream = stream

    def __iter__(self) -> Iterator[bytes]:
        return filter(None, self._stream)

    def close(self) -> None:
        """Close the stream; a WSGI server calls this when it is done (PEP 3333)."""
        self._stream.close()


def create_app(tenants: Tenants | None = None, *, access: Access | None = None) -> Flask:
    """Return the WSGI application for these tenants.

    By default there is a new set, which creates tenants on first use; their URLs begin with what the request names.

    `access` decides who may use the control API; by default only this machine may.
    """
    from oauth_gauntlet_server.application.app import well_behaved_app

    known = tenants if tenants is not None else Tenants(auto_create=True, naming=Naming(source=BaseURLSource.HOST))
    app = well_behaved_app(known, access)
    app.wsgi_app = _front_of(app.wsgi_app, known)  # type: ignore[method-assign]
    return app


def lazy_front(tenants: Tenants, access: Access) -> Front:
    """Return the same application as `create_app`, but load Flask only with the first request that needs it."""

    @cache
    def loaded() -> WSGIApp:
        from oauth_gauntlet_server.application.app import well_behaved_app

        return well_behaved_app(tenants, access).wsgi_app

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        return loaded()(environ, start_response)

    return _front_of(app, tenants)


def _front_of(app: WSGIApp, tenants: Tenants) -> Front:
    return Front(
        app,
        tenants.find,
        {TOKEN.name: token_answer},
        existing_tenant=tenants.existing,
        outside=tenants.outside,
        below_tenant=tenants.below_tenant,
        paths=tenants.on_request.paths,
        naming=tenants.naming,
    )
