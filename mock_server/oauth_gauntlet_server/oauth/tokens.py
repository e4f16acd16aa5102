"""Issue tokens and build the token response of RFC 6749 §5.1, with an opaque or a JWT access token (RFC 9068)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.tenancy.model import ACCESS_TOKEN, REFRESH_TOKEN, RegisteredClient
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
    replaces: str | None = None,
    with_refresh_token: bool,
    values_of: Callable[[str], tuple[str, ...]] = lambda name: (),  # noqa: ARG005
) -> dict[str, Any]:
    """Issue and store tokens, and return the token response; `values_of` returns the values of a request parameter.

    `replaces` is the refresh token that was spent for the new one. The caller enters `tenant.issuing()`.
    """
    settings = tenant.settings
    claims = _configured_claims(tenant, client, values_of)
    held = tenant.held_access_token(client.client_id, username=username, scope=scope, claims=claims)
    if held is None:
        family = family or tenant.randomness.hexadecimal()
        lifetime = settings.access_token_lifetime_s
        access_token = None
        if settings.access_token_format == "jwt":
            access_token = tenant.signed_access_token(
                client.client_id, subject=subject, scope=scope, expires_in=3600 if lifetime is None else lifetime, claims=claims
            )
        tenant.make_room(ACCESS_TOKEN, client.client_id, username=username)
        access_token = tenant.mint_access_token(
            client.client_id,
            username=username,
            scope=scope,
            expires_in=lifetime,
            family=family,
            token=access_token,
            claims=claims,
        )
    else:
        family, access_token = held.family, held.token
        lifetime = None if held.expires_at is None else int(held.expires_at - tenant.clock.now())
    document: dict[str, Any] = {"access_token": access_token, "token_type": "Bearer"}
    if lifetime is not None:
        document["expires_in"] = lifetime
    if scope:
        document["scope"] = scope
    if with_refresh_token or grant_type in settings.refresh_token_grants:
        tenant.make_room(REFRESH_TOKEN, client.client_id, username=username)
        document["refresh_token"] = tenant.mint_refresh_token(
            client.client_id,
            username=username,
            scope=scope,
            expires_in=settings.refresh_token_lifetime_s,
            family=family,
            replaces=replaces,
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
