"""The Flask application: tenants by path, their endpoints, and nothing that misbehaves.

Faults, the journal and whatever concerns the wire are in `FaultMiddleware`, around the application.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException

from oauth_gauntlet_server._authlib import OAuth2Error
from oauth_gauntlet_server.authorization_server import document, error_document, token_response
from oauth_gauntlet_server.control import Access, control_api
from oauth_gauntlet_server.fault_middleware import FaultMiddleware
from oauth_gauntlet_server.http1 import MOST_BODY
from oauth_gauntlet_server.management import introspection_response, revocation_response
from oauth_gauntlet_server.metadata import metadata
from oauth_gauntlet_server.resource import resource_response
from oauth_gauntlet_server.tenant import Tenant
from oauth_gauntlet_server.tenants import Tenants
from oauth_gauntlet_server.token_request import TokenRequest
from oauth_gauntlet_server.wsgi import request_of

log = logging.getLogger(__name__)

_ANY_METHOD = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]


def create_app(tenants: Tenants | None = None, *, access: Access | None = None) -> Flask:
    """Return the WSGI application for these tenants (by default for new ones that spring into being when asked for).

    `access` says who may use the control API; by default this machine alone.
    """
    known = tenants if tenants is not None else Tenants(spring=True)
    app = Flask("oauth_gauntlet_server", static_folder=None)

    def tenant(name: str) -> Tenant:
        found = known.find(name)
        if found is None:
            raise _NoTenant(name)
        return found

    def form_endpoint(respond: Callable[[TokenRequest], Response]) -> Callable[[str], Response]:
        def endpoint(name: str) -> Response:
            found = tenant(name)
            if request.method != "POST":
                # RFC 6749 §3.2: "The client MUST use the HTTP "POST" method".
                refused = document(405, {"error": "invalid_request", "error_description": "The method must be POST"})
                refused.headers["Allow"] = "POST"
                return refused
            recorded = request_of(request.environ, most_body=MOST_BODY)
            try:
                return respond(TokenRequest(found, recorded))
            except OAuth2Error as error:
                return error_document(error)

        return endpoint

    for path, respond in (
        ("token", token_response),
        ("introspect", introspection_response),
        ("revoke", revocation_response),
    ):
        app.add_url_rule(f"/<name>/{path}", path, form_endpoint(respond), methods=_ANY_METHOD)

    @app.get("/<name>/.well-known/oauth-authorization-server")
    @app.get("/.well-known/oauth-authorization-server/<name>")
    def server_metadata(name: str) -> dict[str, Any]:
        return metadata(tenant(name))

    @app.get("/<name>/jwks")
    def key_set(name: str) -> dict[str, Any]:
        return tenant(name).keys.jwks()

    @app.route("/<name>/resource", defaults={"path": ""}, methods=_ANY_METHOD)
    @app.route("/<name>/resource/<path:path>", methods=_ANY_METHOD)
    def resource(name: str, path: str) -> Response:
        found = tenant(name)
        return resource_response(found, request_of(request.environ, most_body=MOST_BODY), path)

    @app.get("/")
    def index() -> dict[str, Any]:
        return {"server": "oauth-gauntlet", "tenants": [metadata_of(name) for name in known.names()[-100:]]}

    def metadata_of(name: str) -> str:
        return tenant(name).metadata_url

    @app.errorhandler(_NoTenant)
    def no_tenant(error: _NoTenant) -> tuple[dict[str, str], int]:
        return {"error": "unknown_tenant", "error_description": str(error)}, 404

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> tuple[dict[str, str], int]:
        return {"error": "not_found" if error.code == 404 else "invalid_request", "error_description": error.name}, (
            error.code or 500
        )

    @app.errorhandler(Exception)
    def our_mistake(error: Exception) -> tuple[dict[str, str], int]:
        log.error("the mock server itself failed on %s", request.path, exc_info=error)
        return {"error": "server_error"}, 500

    app.register_blueprint(control_api(known, access))
    app.wsgi_app = FaultMiddleware(app.wsgi_app, known.find)  # type: ignore[method-assign]
    return app


class _NoTenant(Exception):
    def __init__(self, name: str) -> None:
        super().__init__(f"there is no tenant {name[:64]!r} here")
