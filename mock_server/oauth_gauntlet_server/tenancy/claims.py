"""The additional claims that a tenant is configured to put into access tokens."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.tenancy.model import RegisteredClient, User
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings


def configured_claims(
    settings: TenantSettings, *, scope: str, client: RegisteredClient | None, user: User | None
) -> dict[str, Any]:
    """Return the configured claims of an access token.

    For claims of the same name the more specific one wins: the user's, then the client's, then that of a scope token
    (the last one in the scope), then the tenant's.
    """
    claims = dict(settings.claims)
    for token in scope.split():
        claims.update(settings.claims_by_scope.get(token, {}))
    for party in (client, user):
        if party is not None:
            claims.update(party.claims)
    return claims
