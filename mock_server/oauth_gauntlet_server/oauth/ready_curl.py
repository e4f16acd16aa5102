"""A curl command that works at a tenant's endpoint: for people who look at an answer and do not know how to go on."""

from __future__ import annotations

import shlex

from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs


def token_curl(tenant: Tenant, urls: TenantURLs) -> str:
    """Return a command that gets a token with client_credentials."""
    return form_curl(tenant, urls.token_url, "grant_type=client_credentials")


def introspection_curl(tenant: Tenant, urls: TenantURLs) -> str:
    """Return a command that asks whether a token is active."""
    return form_curl(tenant, urls.introspection_url, "token=TOKEN")


def revocation_curl(tenant: Tenant, urls: TenantURLs) -> str:
    """Return a command that revokes a token."""
    return form_curl(tenant, urls.revocation_url, "token=TOKEN")


def form_curl(tenant: Tenant, url: str, parameter: str) -> str:
    """Return a command that posts a form parameter as a client.

    A strict tenant knows its clients and a request must not read their secrets: the command has names in their place.
    """
    client = "CLIENT_ID:CLIENT_SECRET" if tenant.settings.strict else "any-client:any-secret"
    # The certificate authority of this server is trusted by nobody who has not been told.
    unverified = ["-k"] if url.startswith("https:") else []
    return shlex.join(["curl", "-sS", *unverified, "-u", client, url, "-d", parameter])
