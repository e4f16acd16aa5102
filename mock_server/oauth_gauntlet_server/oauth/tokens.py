"""Issue tokens and build the token response of RFC 6749 §5.1, with an opaque or a JWT access token (RFC 9068)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.tenancy.model import RegisteredClient
from oauth_gauntlet_server.tenancy.tenant import Tenant


def issue(
    tenant: Tenant,
    *,
    client: RegisteredClient,
    grant_type: str,
    subject: str,
    username: str | None,
    scope: str,
    family: str | None = None,
    with_refresh_token: bool,
    values_of: Callable[[str], tuple[str, ...]] = lambda name: (),  # noqa: ARG005
) -> dict[str, Any]:
    """Issue and store tokens, and return the token response; `values_of` returns the values of a request parameter."""
    settings = tenant.settings
    family = family or tenant.randomness.hexadecimal()
    lifetime = settings.access_token_lifetime_s
    claims = _configured_claims(tenant, client, values_of)
    access_token = None
    if settings.access_token_format == "jwt":
        access_token = tenant.signed_access_token(
            client.client_id, subject=subject, scope=scope, expires_in=3600 if lifetime is None else lifetime, claims=claims
        )
    access_token = tenant.mint_access_token(
        client.client_id,
        username=username,
        scope=scope,
        expires_in=lifetime,
        family=family,
        token=access_token,
        claims=claims,
    )
    document: dict[str, Any] = {"access_token": access_token, "token_type": "Bearer"}
    if lifetime is not None:
        document["expires_in"] = lifetime
    if scope:
        document["scope"] = scope
    if with_refresh_token or grant_type in settings.refresh_token_grants:
        document["refresh_token"] = tenant.mint_refresh_token(
            client.client_id,
            username=username,
            scope=scope,
            expires_in=settings.refresh_token_lifetime_s,
            family=family,
        )
    return {**settings.token_response_members, **document}


def _configured_claims(tenant: Tenant, client: RegisteredClient, values_of: Callable[[str], tuple[str, ...]]) -> dict[str, Any]:
    """Return the configured claims.

    For claims of the same name, a request parameter takes precedence over the client, and the client over the
    tenant.
    """
    settings = tenant.settings
    claims = {**settings.claims, **client.claims}
    for parameter, claim in {**settings.claims_from_parameters, **client.claims_from_parameters}.items():
        values = values_of(parameter)
        if values:
            claims[claim] = values[0] if len(values) == 1 else list(values)
    return claims
