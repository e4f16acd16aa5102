"""The authorization server: Authlib's, with one tenant a request."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cache
from typing import Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth._authlib_classes import AuthorizationServerBase, InvalidRequestError, OAuth2Error
from oauth_gauntlet_server.oauth.grants import GRANTS
from oauth_gauntlet_server.oauth.token_request import TokenRequest
from oauth_gauntlet_server.tenancy.model import JWT_BEARER
from oauth_gauntlet_server.tenancy.tenant import Tenant

# RFC 6749 §5.2: on 401 the header field names the scheme that the client used; Basic is the one there is.
_CHALLENGE = ("WWW-Authenticate", 'Basic realm="oauth-gauntlet"')


class TenantAuthorizationServer(AuthorizationServerBase):
    """Dispatches to the grants; keeps nothing itself, so that one serves all tenants."""

    def create_oauth2_request(self, request: TokenRequest) -> TokenRequest:
        """Take the request as it was read already."""
        return request

    def save_token(self, token: dict[str, Any], request: TokenRequest) -> None:
        """Nothing is left to do: issuing remembers."""

    def send_signal(self, name: str, *args: Any, **kwargs: Any) -> None:
        """Nobody listens."""

    def handle_response(self, status: int, body: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Answer:  # noqa: ARG002
        """Return a document with the headers that RFC 6749 §5.1 and §5.2 ask for."""
        return json_answer(status, body)

    def handle_error_response(self, request: TokenRequest | None, error: OAuth2Error) -> Answer:  # noqa: ARG002
        """Return an error document."""
        return error_document(error)


@cache
def authorization_server() -> TenantAuthorizationServer:
    """Return the process's authorization server, with the grants of RFC 6749."""
    return _server_with(GRANTS)


@cache
def assertion_server() -> TenantAuthorizationServer:
    """Return the one for the JWT bearer grant, which loads cryptography: the others start the quicker without."""
    from oauth_gauntlet_server.oauth.jwt_bearer_grant import JWTBearer

    return _server_with([JWTBearer])


def _server_with(grants: Iterable[type]) -> TenantAuthorizationServer:
    server = TenantAuthorizationServer()
    for grant in grants:
        server.register_grant(grant)
    return server


def token_answer(tenant: Tenant, recorded: RecordedRequest) -> Answer:
    """Answer a request at the token endpoint (RFC 6749 §3.2)."""
    return form_answer(tenant, recorded, _grant)


def form_answer(tenant: Tenant, recorded: RecordedRequest, respond: Callable[[TokenRequest], Answer]) -> Answer:
    """Answer a form request by `respond`; what is no such request, and what `respond` refuses, by an error document."""
    if recorded.method != "POST":
        # RFC 6749 §3.2: "The client MUST use the HTTP "POST" method".
        refused = json_answer(405, {"error": "invalid_request", "error_description": "The method must be POST"})
        return refused.with_header("Allow", "POST")
    try:
        return respond(TokenRequest(tenant, recorded))
    except OAuth2Error as error:
        return error_document(error)


def error_document(error: OAuth2Error) -> Answer:
    """Return an error as RFC 6749 §5.2 spells it."""
    answer = json_answer(error.status_code, dict(error.get_body()))
    return answer.with_header(*_CHALLENGE) if error.status_code == 401 else answer


def _grant(request: TokenRequest) -> Answer:
    if "grant_type" not in request.parameters:
        # Authlib would call a missing grant_type unsupported; RFC 6749 §5.2 calls it a missing parameter.
        return error_document(InvalidRequestError(description="The parameter grant_type is missing"))
    server = assertion_server() if request.parameters["grant_type"] == JWT_BEARER else authorization_server()
    answer: Answer = server.create_token_response(request)
    return answer
