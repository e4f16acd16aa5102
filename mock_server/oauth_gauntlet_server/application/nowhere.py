"""What a request gets that leads to no endpoint: what there is, and the nearest URL.

The functions return JSON documents. `base_url` is what the request names as the start of the URLs; None: each tenant's own.
Every text of the request in them is percent-encoded, and cut.
"""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

from oauth_gauntlet_server.application.health import server_version
from oauth_gauntlet_server.http.endpoints import (
    BY_URL_NAME,
    CONSOLE,
    CONTROL,
    HEALTH,
    INTROSPECT,
    JWKS,
    METADATA,
    RESOURCE,
    REVOKE,
    TOKEN,
    Endpoint,
    endpoint_at,
)
from oauth_gauntlet_server.http.json_schema import nearest
from oauth_gauntlet_server.oauth.ready_curl import token_curl
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.tenants import Tenants

MOST_TENANTS_NAMED = 20
"""How many tenants a document names: the newest ones."""

_MOST_PATH = 200

_MOST_SEGMENTS = 12
_MOST_SEGMENT = 64
_MOST_COMPARED = 200
"""How many names of tenants are compared with a path: the newest ones."""

_DEFAULT = "default"

# What other servers call these endpoints, as the last part of their paths.
_WORDS = {
    "token": TOKEN,
    "tokens": TOKEN,
    "access_token": TOKEN,
    "introspect": INTROSPECT,
    "introspection": INTROSPECT,
    "tokeninfo": INTROSPECT,
    "revoke": REVOKE,
    "revocation": REVOKE,
    "jwks": JWKS,
    "jwks.json": JWKS,
    "certs": JWKS,
    "keys": JWKS,
    "resource": RESOURCE,
    "oauth-authorization-server": METADATA,
    "openid-configuration": METADATA,
}


def not_found(path: str, tenants: Tenants, base_url: str | None = None) -> dict[str, Any]:
    """Return the document for a path at which there is nothing; `path` is decoded.

    ``nearest`` has the URLs that were perhaps meant, ``endpoints`` those of the tenant that the path names.
    """
    segments = _segments(path)
    named = next((each for segment in segments if (each := tenants.existing(segment)) is not None), None)
    near = _nearest(segments, named, tenants, base_url)
    text = f"there is nothing at {_shown(path)}"
    if near:
        text += f"; did you mean {near[0]} ?"
    document: dict[str, Any] = {"error": "not_found", "error_description": text, "nearest": list(near)}
    if named is not None:
        document["endpoints"] = endpoints_of(named.urls_at(base_url))
    return {**document, **_around(tenants, base_url)}


def unknown_tenant(name: str, path: str, tenants: Tenants, base_url: str | None = None) -> dict[str, Any]:
    """Return the document for a path that names a tenant which does not exist."""
    segments = _segments(path)
    near = _nearest(segments, None, tenants, base_url)
    text = f"there is no tenant {_shown(name)} here"
    if near:
        text += f"; did you mean {near[0]} ?"
    return {"error": "unknown_tenant", "error_description": text, "nearest": list(near), **_around(tenants, base_url)}


def start_page(tenants: Tenants, base_url: str | None = None) -> dict[str, Any]:
    """Return the document at ``/``: what this server has, and a command that gets a token."""
    here = base_url or tenants.server.base_url
    found = [tenant for name in tenants.names() if (tenant := tenants.existing(name)) is not None]
    document: dict[str, Any] = {
        "server": "oauth-gauntlet",
        "version": server_version(),
        "console": f"{tenants.naming.browser_url or here}{CONSOLE}",
        "control_api": f"{here}{CONTROL}/openapi.json",
        "health": f"{here}{HEALTH}",
        "tenants": [
            {"name": each.name, "token_url": urls.token_url, "metadata_url": urls.metadata_url}
            for each in found[-MOST_TENANTS_NAMED:]
            for urls in (each.urls_at(base_url),)
        ],
    }
    if found:
        # A lenient tenant grants the command as it is.
        ready = next((each for each in found if not each.settings.strict), found[0])
        document["curl"] = token_curl(ready, ready.urls_at(base_url))
    return document


def wrong_method(allowed: str) -> dict[str, str]:
    """Return the document for a method that an endpoint does not have; `allowed` is the Allow header field."""
    return {"error": "invalid_request", "error_description": f"The method must be {allowed}"}


def endpoints_of(urls: TenantURLs) -> dict[str, str]:
    """Return the URLs of a tenant's endpoints by their names in the API, such as ``token_url``."""
    return {name: getattr(urls, name) for name in BY_URL_NAME}


def _around(tenants: Tenants, base_url: str | None) -> dict[str, Any]:
    return {"tenants": list(tenants.names()[-MOST_TENANTS_NAMED:]), "start": f"{base_url or tenants.server.base_url}/"}


def _segments(path: str) -> list[str]:
    """Return the parts of a path; of a long one the first, because the search for similar names takes time."""
    return [segment[:_MOST_SEGMENT] for segment in path.split("/", _MOST_SEGMENTS)[:_MOST_SEGMENTS] if segment]


def _nearest(segments: list[str], named: Tenant | None, tenants: Tenants, base_url: str | None) -> tuple[str, ...]:
    """Return the URLs of the endpoint that the path seems to mean, at the tenants that it seems to mean."""
    rest = [segment for segment in segments if named is None or segment != named.name]
    endpoint = _endpoint(rest)
    if endpoint is None or endpoint.url_name is None:
        return ()
    if named is not None:
        return (getattr(named.urls_at(base_url), endpoint.url_name),)
    names = tenants.names()[-_MOST_COMPARED:]
    similar = next((near for segment in segments if (near := nearest(segment, names))), ())
    meant = similar or ((_DEFAULT,) if _DEFAULT in names else names if len(names) == 1 else ())
    found = (tenants.existing(name) for name in meant)
    return tuple(getattr(each.urls_at(base_url), endpoint.url_name) for each in found if each is not None)


def _endpoint(segments: list[str]) -> Endpoint | None:
    words = [segment.lower() for segment in reversed(segments)]
    for word in words:
        if word in _WORDS:
            return _WORDS[word]
        if (endpoint := endpoint_at(word)).path is not None:
            return endpoint
    for word in words:
        if near := nearest(word, _WORDS):
            return _WORDS[near[0]]
    return None


def _shown(text: str) -> str:
    cut = text[:_MOST_PATH]
    return quote(cut, safe="/:@!$&'()*+,;=", errors="backslashreplace") + ("..." if len(text) > len(cut) else "")
