"""The HTTP message of both requests: where it goes, and its header fields."""

from __future__ import annotations

from urllib.parse import parse_qsl

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.requirement import (
    AFTER_401,
    CLIENT_CREDENTIALS,
    EXPIRY,
    INTEROP,
    PASSWORD,
    REFRESH,
    practice,
    requirement,
)
from oauth_gauntlet_scenarios.renewal.pair import first_and_renewal, require_kept
from oauth_gauntlet_server import RecordedRequest, Tenant

_JSON = "application/json"

_GRANTS = [CLIENT_CREDENTIALS, PASSWORD]


# A client may add parameters to the query, with another value each time (RFC 6749 3.2).
@requirement(
    "renewal.endpoint-kept",
    level=INTEROP,
    basis=practice("A server has one token endpoint for all grants; a renewal that goes to a URL made up from it fails."),
    covered_by=["request.method-post", "request.url-query-kept"],
    grants=_GRANTS,
    renewals=[EXPIRY, REFRESH, AFTER_401],
    first=False,
    statement="A renewal goes to the same URL as the first request, by the same method.",
)
def test_endpoint_kept(client: LabClient, tenant: Tenant) -> None:
    """Do: configure a token URL with a query, get a token, and let the client renew it.

    Check: method, host, path and the configured query are the same in both requests.
    """
    query = "realm=gauntlet"
    first, second = first_and_renewal(client, token_url=f"{tenant.token_url}?{query}")
    require_kept(client, _destination(first, query), _destination(second, query), second.target)


def _destination(request: RecordedRequest, query: str) -> str:
    kept = "&".join(f"{name}={value}" for name, value in parse_qsl(query) if (name, value) in request.query_pairs)
    return f"{request.method} {(request.header('host') or '').lower()}{request.path}{f'?{kept}' if kept else ''}"


# Parameters of the media types do not matter. Nor does an Accept that only the renewal has, or that never named JSON.
@requirement(
    "renewal.header-fields-kept",
    level=INTEROP,
    basis=practice(
        "Servers refuse another Content-Type, and answer with a form or a page where Accept does not name JSON: the renewal "
        "fails, although the first request worked."
    ),
    covered_by=["request.content-type", "request.accept-json"],
    grants=_GRANTS,
    renewals=[EXPIRY, REFRESH, AFTER_401],
    first=False,
    statement="A renewal has the Content-Type of the first request, and names JSON in Accept if that did.",
)
def test_header_fields_kept(client: LabClient) -> None:
    """Do: get a token, and let the client renew it. Check: the media type of both bodies; application/json in Accept."""
    first, second = first_and_renewal(client)
    for name in ("Content-Type", "Accept"):
        types, types_again = _media_types(first, name), _media_types(second, name)
        if name == "Accept" and (_JSON not in types or _JSON in types_again):
            continue
        require_kept(client, _named(name, types), _named(name, types_again), second.header(name) or "Host")


def _media_types(request: RecordedRequest, field: str) -> set[str]:
    listed = ",".join(request.header_values(field.lower())).split(",")
    return {each.partition(";")[0].strip().lower() for each in listed} - {""}


def _named(field: str, types: set[str]) -> str:
    return f"{field}: {', '.join(sorted(types))}" if types else f"no {field}"
