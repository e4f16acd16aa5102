"""Presets: named faults with a URL of their own, so that a developer needs no API to meet them.

``/<tenant>/faults/<preset>/token`` behaves as the tenant's token endpoint with that fault in force.
"""

from __future__ import annotations

from oauth_gauntlet_server.faults.base import Fault
from oauth_gauntlet_server.faults.connection import CloseWithoutAnswer
from oauth_gauntlet_server.faults.http_status import ContentType, HttpStatus
from oauth_gauntlet_server.faults.oauth_errors import OAuthError
from oauth_gauntlet_server.faults.timing import Delay
from oauth_gauntlet_server.faults.token_shape import TokenMember, TokenResponse, WithoutTokenMember

_HTML = "<html><head><title>502 Bad Gateway</title></head><body><h1>Bad Gateway</h1></body></html>"

PRESETS: dict[str, Fault] = {
    "invalid-request": OAuthError(error="invalid_request"),
    "invalid-client": OAuthError(error="invalid_client", status=401),
    "invalid-grant": OAuthError(error="invalid_grant", description="The grant is expired or revoked"),
    "unauthorized-client": OAuthError(error="unauthorized_client"),
    "unsupported-grant-type": OAuthError(error="unsupported_grant_type"),
    "invalid-scope": OAuthError(error="invalid_scope"),
    "error-with-200": OAuthError(error="invalid_grant", status=200),
    "server-error": HttpStatus(status=500, body="Internal Server Error", content_type="text/plain"),
    "bad-gateway-html": HttpStatus(status=502, body=_HTML, content_type="text/html"),
    "unavailable": HttpStatus(
        status=503, body="Service Unavailable", content_type="text/plain", headers=(("Retry-After", "120"),)
    ),
    "rate-limited": HttpStatus(
        status=429, body="Too Many Requests", content_type="text/plain", headers=(("Retry-After", "30"),)
    ),
    "login-page": HttpStatus(status=200, body="<html><body>Please log in</body></html>", content_type="text/html"),
    "empty": HttpStatus(status=200),
    "truncated-json": TokenResponse(body=b'{"access_token": "cut-off-in-the-mid'),
    "no-access-token": WithoutTokenMember(member="access_token"),
    "no-expires-in": WithoutTokenMember(member="expires_in"),
    "no-token-type": WithoutTokenMember(member="token_type"),
    "expires-in-string": TokenMember(member="expires_in", value="3600"),
    "expired-on-arrival": TokenMember(member="expires_in", value=0),
    "token-type-mac": TokenMember(member="token_type", value="mac"),
    "refresh-token-null": TokenMember(member="refresh_token", value=None),
    "text-html": ContentType(value="text/html"),
    "slow": Delay(seconds=3.0),
    "closed": CloseWithoutAnswer(),
}
"""Every preset by name."""
