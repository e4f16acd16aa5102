"""Build the authorization server metadata of a tenant (RFC 8414)."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.oauth.client_auth import METHODS
from oauth_gauntlet_server.tenancy.model import GRANT_TYPES
from oauth_gauntlet_server.tenancy.tenant import Tenant


def metadata(tenant: Tenant) -> dict[str, Any]:
    """Return the metadata document of a tenant (RFC 8414 §2)."""
    methods = sorted(METHODS)
    algorithms = ["RS256", "PS256", "ES256", "EdDSA", "HS256"]
    return {
        "issuer": tenant.issuer,
        "token_endpoint": tenant.token_url,
        "jwks_uri": tenant.jwks_uri,
        "introspection_endpoint": tenant.introspection_url,
        "revocation_endpoint": tenant.revocation_url,
        "response_types_supported": [],
        "grant_types_supported": sorted(GRANT_TYPES),
        "token_endpoint_auth_methods_supported": methods,
        "token_endpoint_auth_signing_alg_values_supported": algorithms,
        "introspection_endpoint_auth_methods_supported": methods,
        "introspection_endpoint_auth_signing_alg_values_supported": algorithms,
        "revocation_endpoint_auth_methods_supported": methods,
        "revocation_endpoint_auth_signing_alg_values_supported": algorithms,
    }
