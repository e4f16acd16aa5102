"""Answer requests at the token endpoint with Authlib's authorization server.

The server objects keep no state: each request carries its tenant. So one object serves all tenants.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth._authlib_classes import AuthorizationServerBase, InvalidRequestError, OAuth2Error
from oauth_gauntlet_server.oauth.answer_style import styled
from oauth_gauntlet_server.oauth.grants import GRANTS
from oauth_gauntlet_server.oauth.ready_curl import token_curl
from oauth_gauntlet_server.oauth.request_style import allowed_methods
from oauth_gauntlet_server.oauth.token_request import TokenRequest, describable
from oauth_gauntlet_server.tenancy.memory import StorageFull
from oauth_gauntlet_server.tenancy.model import JWT_BEARER
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

# RFC 6749 §5.2: with 401 the response names the authentication scheme; Basic is the only one that the server supports.
_CHALLENGE = ("WWW-Authenticate", 'Basic realm="oauth-gauntlet"')


class TenantAuthorizationServer(AuthorizationServerBase):
    """Authlib's authorization server without state of its own; it selects the grant of a request."""

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        """Return the request unchanged; `TokenRequest` has parsed it."""
        return request

    def save_token(self, token: dict[str, Any], request: TokenRequest) -> None:
        """Do nothing: `TenantGrant.generate_token` has stored the token."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Do nothing: there are no receivers."""

    def handle_response(self, status: int, body: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Answer:  # noqa: ARG002
        """Return a JSON document with the header fields of RFC 6749 §5.1 and §5.2."""
        return json_answer(status, body)

    def handle_error_response(self, request: TokenRequest | None, error: OAuth2Error) -> Answer:  # noqa: ARG002
        """Return the error response of an error."""
        return error_document(error)


@cache
def authorization_server() -> TenantAuthorizationServer:
    """Return the authorization server of the process for the grants of RFC 6749."""
    return _server_with(GRANTS)


@cache
def assertion_server() -> TenantAuthorizationServer:
    """Return the authorization server of the process for the JWT bearer grant.

    It is separate because the JWT bearer grant loads cryptography; without it the server starts faster.
    """
    from oauth_gauntlet_server.oauth.jwt_bearer_grant import JWTBearer

    return _server_with([JWTBearer])


def _server_with(grants: Iterable[type]) -> TenantAuthorizationServer:
    server = TenantAuthorizationServer()
    for grant in grants:
        server.register_grant(grant)
    return server


def token_answer(tenant: Tenant, recorded: RecordedRequest, urls: TenantURLs) -> Answer:
    """Answer a request at the token endpoint (RFC 6749 §3.2), in the style of the tenant."""
    return styled(form_answer(tenant, recorded, urls, _grant), tenant.settings, now=tenant.clock.now())


def form_answer(
    tenant: Tenant,
    recorded: RecordedRequest,
    urls: TenantURLs,
    respond: Callable[[TokenRequest], Answer],
    *,
    curl: Callable[[Tenant, TenantURLs], str] = token_curl,
) -> Answer:
    """Return the response of `respond` to a form request; `urls` are the tenant's URLs for this request.

    The response is an error document if the request is not a form request or `respond` raises `OAuth2Error`. It is a 503
    if there is no room for what must be stored: a server must not forget silently what it has issued. `curl` is a command
    that works, for whoever used another method.
    """
    methods = allowed_methods(tenant.settings.request_styles)
    if recorded.method not in methods:
        # RFC 6749 §3.2: "The client MUST use the HTTP "POST" method".
        description = f"The method must be {' or '.join(methods)}"
        refused = json_answer(405, {"error": "invalid_request", "error_description": description, "curl": curl(tenant, urls)})
        return refused.with_header("Allow", ", ".join(methods))
    try:
        return respond(TokenRequest(tenant, recorded, urls))
    except OAuth2Error as error:
        return error_document(error)
    except StorageFull as full:
        return json_answer(503, {"error": "temporarily_unavailable", "error_description": describable(str(full))})


def error_document(error: OAuth2Error) -> Answer:
    """Return the error response of RFC 6749 §5.2."""
    answer = json_answer(error.status_code, dict(error.get_body()))
    return answer.with_header(*_CHALLENGE) if error.status_code == 401 else answer


def _grant(request: TokenRequest) -> Answer:
    if "grant_type" not in request.parameters:
        # Authlib would answer unsupported_grant_type; RFC 6749 §5.2: a missing parameter is invalid_request.
        return error_document(InvalidRequestError(description="The parameter grant_type is missing"))
    if request.tenant.settings.strict:
        request.check_resources()
    server = assertion_server() if request.parameters["grant_type"] == JWT_BEARER else authorization_server()
    answer: Answer = server.create_token_response(request)
    return answer
