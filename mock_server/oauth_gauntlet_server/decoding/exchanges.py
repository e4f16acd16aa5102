"""Decode an exchange: both sides as text of the wire, and as parts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from itertools import islice
from typing import Any

from oauth_gauntlet_server.decoding.credentials import bearer_token, credential_parts
from oauth_gauntlet_server.decoding.documents import json_part, uncoded
from oauth_gauntlet_server.decoding.forms import form_part, query_part
from oauth_gauntlet_server.decoding.jwts import jwt_part
from oauth_gauntlet_server.decoding.parts import Part, State
from oauth_gauntlet_server.decoding.visible import request_octets, response_octets, visible, wire_text
from oauth_gauntlet_server.http.form import FormError
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.sent_parameters import JSON_TYPE
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import JSON

MOST_JWTS = 8
"""How many JWTs of one side are decoded; the rest are ignored."""


def decoded(exchange: Exchange, tenant: Tenant) -> dict[str, Any]:
    """Return a JSON document of an exchange with everything decoded, and checked against what the tenant knows now.

    Dates in JWTs are compared with the time at which the request was received.
    """
    request, response = exchange.request, exchange.response
    octets = request_octets(request)
    return {
        "sent": {
            "wire": wire_text(octets),
            "octets": len(octets),
            "exact": request.exact,
            "parts": [part.to_json() for part in request_parts(exchange, tenant)],
        },
        "received": None
        if response is None
        else {
            "wire": wire_text(response_octets(response)),
            "octets": len(response_octets(response)),
            "exact": bool(response.raw) and not response.truncated,
            "parts": [part.to_json() for part in response_parts(response, tenant, exchange.received_at)],
        },
        "fired": [fault.to_json() for fault in exchange.fired],
    }


def request_parts(exchange: Exchange, tenant: Tenant) -> tuple[Part, ...]:
    """Return the parts of a request: credentials, query, body, JWTs."""
    request = exchange.request
    takes_json = JSON in tenant.settings.request_styles and request.media_type == JSON_TYPE
    body = None if takes_json else form_part(request, exchange.endpoint)
    if body is None and request.body and (request.media_type or "").endswith("json"):
        body, _ = json_part(request.body, "JSON document")
    parts = (*credential_parts(request, tenant), query_part(request), body)
    return (*(part for part in parts if part is not None), *_jwts(_texts_of(request), tenant, exchange.received_at))


def response_parts(response: RecordedResponse, tenant: Tenant, now: float) -> tuple[Part, ...]:
    """Return the parts of a response: JSON document, JWTs. Dates are compared with `now` (seconds since the epoch)."""
    media_type = (response.header("content-type") or "").partition(";")[0].strip().lower()
    if not response.body or not (media_type.endswith("json") or response.body.lstrip()[:1] in {b"{", b"["}):
        return ()
    coding = response.header("content-encoding")
    content = uncoded(response.body, coding)
    title = "JSON document"
    if content is None:
        finding = f"The content cannot be decoded with its Content-Encoding {visible(str(coding), 60)}."
        return (Part(kind="json", title=title, state=State.UNKNOWN, finding=finding),)
    part, members = json_part(content, title)
    texts = {name: value for name, value in members.items() if isinstance(value, str)}
    return (part, *_jwts(texts, tenant, now))


def _texts_of(request: RecordedRequest) -> dict[str, str]:
    """Return the texts of a request that may be JWTs, by their place in it."""
    texts: dict[str, str] = {}
    token = bearer_token(request)
    if token is not None:
        texts["Bearer token"] = token
    with suppress(FormError):
        texts.update(request.form)
    return texts


def _jwts(texts: Mapping[str, str], tenant: Tenant, now: float) -> Iterable[Part]:
    parts = (jwt_part(text, f"JWT: {visible(name, 100)}", tenant, now) for name, text in texts.items())
    # Lazily, because each signature check costs time.
    return islice((part for part in parts if part is not None), MOST_JWTS)
