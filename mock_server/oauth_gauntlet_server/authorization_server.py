"""The authorization server: Authlib's, with one tenant a request."""

from __future__ import annotations

import json
from collections.abc import Iterable
from functools import cache
from typing import Any

from flask import Response

from oauth_gauntlet_server._authlib import AuthorizationServerBase, InvalidRequestError, OAuth2Error
from oauth_gauntlet_server.answer import NO_STORE
from oauth_gauntlet_server.grants import ALL_GRANTS
from oauth_gauntlet_server.token_request import TokenRequest

_JSON = (("Content-Type", "application/json"), *NO_STORE)

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

    def handle_response(self, status: int, body: dict[str, Any], headers: Iterable[tuple[str, str]]) -> Response:  # noqa: ARG002
        """Return a document with the headers that RFC 6749 §5.1 and §5.2 ask for."""
        return document(status, body)

    def handle_error_response(self, request: TokenRequest | None, error: OAuth2Error) -> Response:  # noqa: ARG002
        """Return an error document."""
        return error_document(error)


@cache
def authorization_server() -> TenantAuthorizationServer:
    """Return the process's authorization server, with all four grants."""
    server = TenantAuthorizationServer()
    for grant in ALL_GRANTS:
        server.register_grant(grant)
    return server


def token_response(request: TokenRequest) -> Response:
    """Answer a token request."""
    if "grant_type" not in request.parameters:
        # Authlib would call a missing grant_type unsupported; RFC 6749 §5.2 calls it a missing parameter.
        return error_document(InvalidRequestError(description="The parameter grant_type is missing"))
    response: Response = authorization_server().create_token_response(request)
    return response


def document(status: int, body: dict[str, Any]) -> Response:
    """Return a JSON document that is not to be stored."""
    return Response(json.dumps(body), status=status, headers=_JSON)


def error_document(error: OAuth2Error) -> Response:
    """Return an error as RFC 6749 §5.2 spells it."""
    response = document(error.status_code, dict(error.get_body()))
    if error.status_code == 401:
        response.headers.set(*_CHALLENGE)
    return response
