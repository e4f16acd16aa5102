"""Answer requests at the introspection endpoint (RFC 7662) and the revocation endpoint (RFC 7009)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.oauth._authlib_classes import InvalidRequestError
from oauth_gauntlet_server.oauth.client_auth import authenticate, presented_credentials
from oauth_gauntlet_server.oauth.token_request import TokenRequest


def introspection_answer(request: TokenRequest) -> Answer:
    """Return whether a token is active (RFC 7662 §2). In a strict tenant the client must authenticate.

    Raises:
        InvalidClientError, InvalidRequestError: as in `authenticate`, or the parameter token is missing.
    """
    _authenticated(request)
    record = request.tenant.active(_token(request))
    if record is None:
        return json_answer(200, {"active": False})
    active: dict[str, Any] = {
        "client_id": record.client_id,
        "sub": record.subject,
        "iss": record.issuer or request.urls.issuer,
        "iat": int(record.issued_at),
        "token_type": "refresh_token" if record.is_refresh_token else "Bearer",
    }
    if (end := request.tenant.end_of(record)) is not None:
        active["exp"] = int(end)
    if record.username is not None:
        active["username"] = record.username
    if record.scope:
        active["scope"] = record.scope
    # As in a JWT access token, a configured claim takes precedence over the standard one of the same name.
    return json_answer(200, {**active, **record.claims, "active": True})


def revocation_answer(request: TokenRequest) -> Answer:
    """Revoke a token of the client (RFC 7009 §2.1); an unknown token counts as revoked (§2.2).

    Raises:
        InvalidClientError, InvalidRequestError: as in `authenticate`, or the parameter token is missing.
    """
    client_id = _authenticated(request)
    token = _token(request)
    record = request.tenant.tokens.get(token)
    if record is not None and (record.client_id == client_id or not request.tenant.settings.strict):
        request.tenant.revoke(token)
    return json_answer(200, {})


def _authenticated(request: TokenRequest) -> str | None:
    if request.tenant.settings.strict:
        client = authenticate(request)
        return client.client_id
    presented = presented_credentials(request)
    return presented.client_id if presented else None


def _token(request: TokenRequest) -> str:
    token = request.parameters.get("token")
    if token is None:
        raise InvalidRequestError(description="The parameter token is missing")
    return token
