"""Describe a tenant in a few words, from its settings and what is registered."""

from __future__ import annotations

from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

_FORMATS = {"jwt": "JWT"}


def described(
    settings: TenantSettings, *, clients: int = 0, users: int = 0, issuers: int = 0, keys: int = 0, faults: int = 0
) -> str:
    """Return whether a tenant is strict or lenient, what its access tokens are, and how much is registered.

    >>> described(TenantSettings(strict=False, access_token_format="jwt"), clients=1, faults=2)
    'lenient, JWT access tokens, 1 client, 2 faults'
    """
    form = settings.access_token_format
    counts = {"client": clients, "user": users, "issuer": issuers, "key": keys, "fault": faults}
    return ", ".join(
        [
            "strict" if settings.strict else "lenient",
            f"{_FORMATS.get(form, form)} access tokens",
            *(f"{count} {name}{'' if count == 1 else 's'}" for name, count in counts.items() if count),
        ]
    )


def tenant_described(tenant: Tenant) -> str:
    """Return the same for a tenant as it is now."""
    return described(
        tenant.settings,
        clients=len(tenant.clients),
        users=len(tenant.users),
        issuers=len(tenant.issuers),
        faults=len(tenant.armed.list()),
    )
