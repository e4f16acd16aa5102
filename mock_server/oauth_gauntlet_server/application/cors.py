"""Let pages of other origins read answers: cross-origin resource sharing (CORS, in the Fetch standard §3.2).

It applies to requests that name their origin, as browsers do; every other request is answered octet by octet as without it.
A browser hides a response without these header fields from the page, also a failure. So they are added last, whatever
the faults have made of the answer; only what a fault itself sets stays. Credentials of the browser (cookies) are never
allowed, because the server uses none.
"""

from __future__ import annotations

import re

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.endpoints import Endpoint
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.tenancy.tenant_settings import ANY_ORIGIN, NO_ORIGIN, Cors

_ALLOW_ORIGIN = "Access-Control-Allow-Origin"
_EXPOSED = "WWW-Authenticate, DPoP-Nonce, Retry-After"
_ALLOWED_FIELDS = ("Authorization", "Content-Type", "DPoP")

# RFC 9110 §5.6.2: token.
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")


def is_preflight(request: RecordedRequest, endpoint: Endpoint, cors: Cors) -> bool:
    """Check whether a request is the question of a browser before it sends a page's request, and is answered here."""
    return (
        request.method == "OPTIONS"
        and request.header("access-control-request-method") is not None
        and _applies(request, endpoint, cors)
    )


def preflight_answer(request: RecordedRequest, endpoint: Endpoint, cors: Cors) -> Answer:
    """Return the answer to a preflight: 204 with what the page may send, or 403 if its origin is not in the setting."""
    allowed = _allowed_origin(request, cors)
    if allowed is None:
        origin = (request.header("origin") or "")[:200]
        refusal = f"the origin {origin} is not in the setting cors of this tenant"
        return json_answer(403, {"error": "origin_not_allowed", "error_description": refusal})
    asked = [name.strip() for name in (request.header("access-control-request-headers") or "").split(",")]
    fields = {name.lower(): name for name in (*asked, *_ALLOWED_FIELDS) if _TOKEN.fullmatch(name)}
    return Answer(
        status=204,
        headers=(
            (_ALLOW_ORIGIN, allowed),
            ("Access-Control-Allow-Methods", ", ".join(endpoint.methods)),
            ("Access-Control-Allow-Headers", ", ".join(fields.values())),
            ("Vary", "Origin"),
        ),
    )


def with_cors(answer: Answer, request: RecordedRequest, endpoint: Endpoint, cors: Cors) -> Answer:
    """Return the answer with the header fields with which a page of an allowed origin may read it."""
    if not _applies(request, endpoint, cors) or answer.header(_ALLOW_ORIGIN) is not None:
        return answer
    allowed = _allowed_origin(request, cors)
    if allowed is not None:
        answer = answer.with_header(_ALLOW_ORIGIN, allowed).with_header("Access-Control-Expose-Headers", _EXPOSED)
    vary = answer.header("vary")
    return answer.with_header("Vary", f"{vary}, Origin" if vary else "Origin")


def _applies(request: RecordedRequest, endpoint: Endpoint, cors: Cors) -> bool:
    return cors != NO_ORIGIN and bool(endpoint.methods) and request.header("origin") is not None


def _allowed_origin(request: RecordedRequest, cors: Cors) -> str | None:
    """Return the value of Access-Control-Allow-Origin, or None if the origin of the request is not allowed."""
    if cors == ANY_ORIGIN:
        return ANY_ORIGIN
    origins = request.header_values("origin")
    if len(origins) != 1 or origins[0].lower() not in {each.lower() for each in cors}:
        return None
    return origins[0]
