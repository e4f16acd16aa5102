"""Build the metadata of a tenant: for clients of RFC 8414, and for those of OpenID Connect Discovery."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.oauth.client_auth import METHODS
from oauth_gauntlet_server.tenancy.model import GRANT_TYPES
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs


def metadata(urls: TenantURLs) -> dict[str, Any]:
    """Return the metadata document of a tenant with these URLs (RFC 8414 §2)."""
    methods = sorted(METHODS)
    algorithms = ["RS256", "PS256", "ES256", "EdDSA", "HS256"]
    return {
        "issuer": urls.issuer,
        "token_endpoint": urls.token_url,
        "jwks_uri": urls.jwks_uri,
        "introspection_endpoint": urls.introspection_url,
        "revocation_endpoint": urls.revocation_url,
        "response_types_supported": [],
        "grant_types_supported": sorted(GRANT_TYPES),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
    }


def openid_configuration(urls: TenantURLs) -> dict[str, Any]:
    """Return the same document with what clients of OpenID Connect Discovery 1.0 §3 read in addition.

    It names no `authorization_endpoint`, which OpenID Connect requires: the server has none. The algorithms are those
    that a tenant can sign with, RS256 first. Libraries verify the tokens of the server by this list.
    """
    from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS  # loads cryptography

    return {
        **metadata(urls),
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": sorted(SIGNING_ALGORITHMS, key=lambda name: name != "RS256"),
    }
