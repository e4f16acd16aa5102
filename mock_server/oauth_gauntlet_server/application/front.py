"""What stands in front of the Flask application: faults, the journal, and the token endpoint itself.

Flask's dispatch costs as much as everything else together, and loading it as long as the rest of the server
(benchmarks/README.md). So the token endpoint, which is asked by the thousand, is answered before Flask, and a server of
ours loads Flask when the first request comes that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from oauth_gauntlet_server.application.fault_middleware import FaultMiddleware
from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.http.wsgi import Environ, WSGIApp
from oauth_gauntlet_server.oauth.authorization_server import token_answer
from oauth_gauntlet_server.tenancy.tenants import Tenants


def in_front_of(app: WSGIApp, tenants: Tenants) -> FaultMiddleware:
    """Return the application with faults, the journal and the shortcut in front."""
    return FaultMiddleware(app, tenants.find, shortcuts={"token": token_answer})


def late_app(tenants: Tenants, access: Access) -> WSGIApp:
    """Return the application as `create_app` makes it, but loaded when the first request comes that needs it."""

    @cache
    def loaded() -> WSGIApp:
        from oauth_gauntlet_server.application.app import well_behaved_app

        return well_behaved_app(tenants, access).wsgi_app

    def app(environ: Environ, start_response: Callable[..., Any]) -> Iterable[bytes]:
        return loaded()(environ, start_response)

    return in_front_of(app, tenants)
