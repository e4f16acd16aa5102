"""Answer requests at a protected resource with bearer tokens (RFC 6750)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.form import FormError
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth.request_style import FORM_TYPE
from oauth_gauntlet_server.tenancy.model import TokenRecord
from oauth_gauntlet_server.tenancy.tenant import Tenant

_REALM = 'Bearer realm="oauth-gauntlet"'


def resource_answer(tenant: Tenant, request: RecordedRequest, path: str) -> Answer:
    """Answer a request to ``/resource/<path>``; ``/resource/scope/<scope>`` requires a token with that scope.

    With a valid token the response contains the request and the owner, client and scope of the token.
    Otherwise it is a challenge (RFC 6750 §3, §3.1): 401 without an error code if the request contains no
    token, 400 invalid_request if it contains more than one token or a token in the query, 401 invalid_token,
    or 403 insufficient_scope.
    """
    wanted = path.removeprefix("scope/") if path.startswith("scope/") else ""
    record = _authorized(tenant, request, wanted)
    if isinstance(record, Answer):
        return record
    return json_answer(
        200,
        {
            "method": request.method,
            "path": path,
            "sub": record.subject,
            "client_id": record.client_id,
            "scope": record.scope,
            "body": request.body.decode("utf-8", "replace"),
        },
    )


def bearer_challenge(tenant: Tenant, request: RecordedRequest) -> Answer | None:
    """Return the challenge for a request without a valid token, or None if its token is valid."""
    record = _authorized(tenant, request, "")
    return record if isinstance(record, Answer) else None


def _authorized(tenant: Tenant, request: RecordedRequest, scope: str) -> TokenRecord | Answer:
    try:
        ways = _tokens(request)
    except FormError:
        return _challenge(400, "invalid_request", "The request does not decode")
    if not ways:
        return _challenge(401)
    if len(ways) > 1:
        return _challenge(400, "invalid_request", "The token is sent in more than one way")
    way, token = ways[0]
    if way == "query" and not tenant.settings.token_in_query:
        return _challenge(400, "invalid_request", "The token is sent in the query")
    record = tenant.active(token)
    if record is None or record.is_refresh_token:
        return _challenge(401, "invalid_token", "The token is unknown, expired or revoked")
    if scope and scope not in record.scope.split():
        return _challenge(403, "insufficient_scope", "The token lacks the scope", scope=scope)
    return record


def _tokens(request: RecordedRequest) -> list[tuple[str, str]]:
    """Return every token in a request, with the way it was sent: header, body or query (RFC 6750 §2.1 to §2.3)."""
    found: list[tuple[str, str]] = []
    for value in request.header_values("authorization"):
        scheme, _, token = value.partition(" ")
        if scheme.lower() == "bearer":
            found.append(("header", token.strip(" ")))
    if request.media_type == FORM_TYPE and request.method != "GET":
        found += [("body", value) for name, value in request.form if name == "access_token"]
    found += [("query", value) for name, value in request.query_pairs if name == "access_token"]
    return found


def _challenge(status: int, error: str | None = None, description: str = "", **more: str) -> Answer:
    attributes: dict[str, str] = {}
    if error is not None:
        attributes = {"error": error, "error_description": description, **more}
    body: dict[str, Any] = dict(attributes)
    parts = [_REALM, *(f'{name}="{value}"' for name, value in attributes.items() if '"' not in value)]
    # A scope from the path that is not allowed in a header field is left out, not escaped.
    value = ", ".join(part for part in parts if part.isprintable() and part.isascii())
    return json_answer(status, body).with_header("WWW-Authenticate", value)
