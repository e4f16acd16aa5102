"""The Flask application: tenants by path, their endpoints, the control API and the console.

It never misbehaves and it records nothing: faults and the journal are in the core, through which every request comes.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from flask import Flask, Response, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from oauth_gauntlet_server.application.health import health
from oauth_gauntlet_server.application.nowhere import not_found, start_page, unknown_tenant, wrong_method
from oauth_gauntlet_server.application.scim import ScimProviders
from oauth_gauntlet_server.console.blueprint import console
from oauth_gauntlet_server.control.access import Access
from oauth_gauntlet_server.control.blueprint import control_api
from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.endpoints import (
    ANY_METHOD,
    HEALTH,
    INTROSPECT,
    JWKS,
    METADATA,
    OPENID_CONFIGURATION,
    RESOURCE,
    REVOKE,
    SCIM,
    TOKEN,
    Endpoint,
)
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.wsgi import current_request
from oauth_gauntlet_server.jose.key_folder import KeyFileError
from oauth_gauntlet_server.oauth.authorization_server import form_answer, token_answer
from oauth_gauntlet_server.oauth.introspection_revocation import introspection_answer, revocation_answer
from oauth_gauntlet_server.oauth.metadata import metadata, openid_configuration
from oauth_gauntlet_server.oauth.ready_curl import introspection_curl, revocation_curl
from oauth_gauntlet_server.oauth.resource import resource_answer
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.tenants import Tenants

log = logging.getLogger(__name__)

_ANY_METHOD = [*ANY_METHOD, "OPTIONS"]


def well_behaved_app(known: Tenants, access: Access | None = None) -> Flask:
    """Return the Flask application, without faults and without a journal."""
    app = Flask("oauth_gauntlet_server", static_folder=None)

    def tenant(name: str) -> Tenant:
        found = known.find(name)
        if found is None:
            raise _NoTenant(name)
        return found

    def base_url() -> str | None:
        return known.naming.base_url(current_request(), scheme=request.scheme, mount=request.root_path)

    def serve(endpoint: Endpoint, answer: Callable[[Tenant, RecordedRequest, TenantURLs], Answer]) -> None:
        def view(name: str) -> Response:
            found = tenant(name)
            return _response(answer(found, current_request(), found.urls_at(base_url())))

        app.add_url_rule(f"/<name>/{endpoint.path}", endpoint.name, view, methods=_ANY_METHOD)

    serve(TOKEN, token_answer)
    serve(
        INTROSPECT,
        lambda found, recorded, urls: form_answer(found, recorded, urls, introspection_answer, curl=introspection_curl),
    )
    serve(REVOKE, lambda found, recorded, urls: form_answer(found, recorded, urls, revocation_answer, curl=revocation_curl))

    @app.get(f"/<name>/{METADATA.path}")
    @app.get(f"/{METADATA.path}/<name>")
    def server_metadata(name: str) -> dict[str, Any]:
        return metadata(tenant(name).urls_at(base_url()))

    @app.get(f"/<name>/{OPENID_CONFIGURATION}")
    @app.get(f"/{OPENID_CONFIGURATION}/<name>")
    def openid_metadata(name: str) -> dict[str, Any]:
        return openid_configuration(tenant(name).urls_at(base_url()))

    @app.get(f"/<name>/{JWKS.path}")
    def key_set(name: str) -> dict[str, Any]:
        found = tenant(name)
        return found.keys.jwks(found.settings.signing_algorithm)

    @app.route(f"/<name>/{RESOURCE.path}", defaults={"path": ""}, methods=_ANY_METHOD)
    @app.route(f"/<name>/{RESOURCE.path}/<path:path>", methods=_ANY_METHOD)
    def resource(name: str, path: str) -> Response:
        found = tenant(name)
        return _response(resource_answer(found, current_request(), path))

    providers = ScimProviders()

    @app.route(f"/<name>/{SCIM.path}", defaults={"path": ""}, methods=_ANY_METHOD)
    @app.route(f"/<name>/{SCIM.path}/<path:path>", methods=_ANY_METHOD)
    def scim(name: str, path: str) -> Response:  # noqa: ARG001 - the provider reads the path from the environ
        return _response(
            providers.answer(tenant(name), current_request(), request.environ, known.naming.public_url or base_url())
        )

    @app.get("/")
    def index() -> Response:
        return _response(json_answer(200, start_page(known, base_url()), ()))

    @app.get(HEALTH)
    def health_document() -> Response:
        return _response(json_answer(200, health(known)))

    @app.errorhandler(_NoTenant)
    def no_tenant(error: _NoTenant) -> Response:
        return _response(json_answer(404, unknown_tenant(error.name, request.path, known, base_url()), ()))

    @app.errorhandler(HTTPException)
    def http_error(error: HTTPException) -> Response | tuple[dict[str, Any], int]:
        if error.code == 404:
            return _response(json_answer(404, not_found(request.path, known, base_url()), ()))
        if isinstance(error, MethodNotAllowed):
            allowed = ", ".join(sorted(error.valid_methods or ()))
            return _response(json_answer(405, wrong_method(allowed), (("Allow", allowed),)))
        return {"error": "invalid_request", "error_description": error.name}, error.code or 500

    @app.errorhandler(KeyFileError)
    def unusable_keys(error: KeyFileError) -> tuple[dict[str, str], int]:
        log.error("%s", error)
        return {"error": "server_error", "error_description": str(error)}, 500

    @app.errorhandler(Exception)
    def server_error(error: Exception) -> tuple[dict[str, str], int]:
        log.error("the mock server itself failed on %s", request.path, exc_info=error)
        return {"error": "server_error"}, 500

    app.register_blueprint(control_api(known, access))
    app.register_blueprint(console(access))
    return app


def _response(answer: Answer) -> Response:
    return Response(answer.body, status=answer.status, headers=list(answer.headers))


class _NoTenant(Exception):
    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name
