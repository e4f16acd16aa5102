"""The forms in which resources refuse a token."""

from __future__ import annotations

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults import Fault


def refusal(status: int, *challenges: str, body: str = "", content_type: str | None = None) -> Fault:
    """Return a refusal with these values of WWW-Authenticate, a field for each."""
    fields = [("WWW-Authenticate", challenge) for challenge in challenges]
    return faults.http_status(status, body, content_type=content_type, headers=fields)


SPELLED = {
    "two-fields": ('Basic realm="a"', 'Bearer realm="a", error="invalid_token"'),
    "one-field": ('Basic realm="a, b", Bearer realm="c", error="invalid_token"',),
    "other-parameters": ('Newauth realm="a", error="none", Bearer error="invalid_token"',),
    "base64": ('Negotiate bWFkZS11cA==, Bearer error="invalid_token"',),
    "lower-case": ('bearer error="invalid_token"',),
    "unquoted": ("Bearer error=invalid_token",),
    "blanks": ('Bearer realm="a" , error = "invalid_token"',),
    "description-first": ('Bearer error_description="the end, error=none", error="invalid_token"',),
}
"""Legal spellings of the challenge of a 401 with the error invalid_token."""

FREE = {
    "bare": refusal(401),
    "empty-field": refusal(401, ""),
    "no-error": refusal(401, 'Bearer realm="a"'),
    "broken": refusal(401, 'Bearer realm="never closed, error=invalid_token'),
    "page": refusal(401, body="<html><h1>Sign in</h1></html>", content_type="text/html"),
    "403-invalid-token": refusal(403, 'Bearer error="invalid_token"'),
    "not-yet-valid": refusal(401, 'Bearer error="invalid_token", error_description="The token is not valid yet"'),
}
"""Refusals after which a client may renew its token, or not."""

OF_SCOPE = {
    "unquoted": ("Bearer error=insufficient_scope, realm=a",),
    "two-fields": ('Basic realm="a"', 'Bearer error="insufficient_scope"'),
    "description": ('Bearer error="insufficient_scope", error_description="no invalid_token, but the scope admin is missing"',),
}
"""Legal spellings of the challenge of a 403 with the error insufficient_scope.

None has the attribute scope: a client that finds it may ask for a token with that scope, and repeat its request.
"""
