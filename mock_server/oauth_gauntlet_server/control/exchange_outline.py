"""Summarize an exchange by three members: grant type, client id, and OAuth error code."""

from __future__ import annotations

import json

from oauth_gauntlet_server.http.endpoints import RESOURCE, takes_form
from oauth_gauntlet_server.http.grant_and_client import grant_and_client_of
from oauth_gauntlet_server.tenancy.journal import Exchange

MOST_READ = 64 * 1024
"""Octets of the longest response body that is searched for an error code."""


def exchange_outline(exchange: Exchange) -> dict[str, str | None]:
    """Return ``grant_type``, ``client_id`` and ``error`` (RFC 6749 §5.2) of an exchange; None for each missing one."""
    grant_type, client_id = grant_and_client_of(exchange.endpoint, exchange.request)
    return {"grant_type": grant_type, "client_id": client_id, "error": _error(exchange)}


def _error(exchange: Exchange) -> str | None:
    response = exchange.response
    known = takes_form(exchange.endpoint) or exchange.endpoint == RESOURCE.name
    if response is None or not known or len(response.body) > MOST_READ or b'"error"' not in response.body:
        return None
    try:
        document = json.loads(response.body)
    except (ValueError, RecursionError):
        return None
    error = document.get("error") if isinstance(document, dict) else None
    return error if isinstance(error, str) else None
