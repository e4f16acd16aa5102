"""Issue tokens and build the token response of RFC 6749 §5.1, with an opaque or a JWT access token."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from oauth_gauntlet_server.tenancy.model import ACCESS_TOKEN, REFRESH_TOKEN, RegisteredClient
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs

JWT_LIFETIME_S = 3600
"""The lifetime of a JWT access token where the tenant's tokens have none, in seconds; RFC 9068 §2.2 requires exp."""


def issue(
    tenant: Tenant,
    *,
    urls: TenantURLs,
    client: RegisteredClient,
    grant_type: str,
    subject: str,
    username: str | None,
    scope: str,
    family: str | None = None,
    replaces: str | None = None,
    with_refresh_token: bool,
    granted_claims: Mapping[str, Any] | None = None,
    values_of: Callable[[str], tuple[str, ...]] = lambda name: (),  # noqa: ARG005
) -> dict[str, Any]:
    """Issue and store tokens, and return the token response.

    `urls` are the tenant's URLs for the request; `values_of` returns the values of a request parameter. `granted_claims`
    are those that an earlier request asked for, whose refresh token is used now; `replaces` is that refresh token, if it
    was spent. The caller enters `tenant.issuing()`.
    """
    settings = tenant.settings
    claims = {**(granted_claims or {}), **requested_claims(tenant, client, values_of)}
    held = tenant.held_access_token(
        client.client_id, username=username, subject=subject, scope=scope, claims=claims, issuer=urls.issuer
    )
    if held is not None:
        family, access_token = held.family, held.token
        lifetime = None if held.expires_at is None else int(held.expires_at - tenant.clock.now())
    else:
        family = family or tenant.randomness.hexadecimal()
        lifetime = settings.access_token_lifetime_s
        tenant.make_room(ACCESS_TOKEN, client.client_id, username=username)
        if (client.access_token_format or settings.access_token_format) == "jwt":
            access_token = tenant.mint_jwt_access_token(
                client.client_id,
                username=username,
                subject=subject,
                scope=scope,
                expires_in=JWT_LIFETIME_S if lifetime is None else lifetime,
                family=family,
                claims=claims,
                urls=urls,
            )
        else:
            access_token = tenant.mint_access_token(
                client.client_id,
                username=username,
                subject=subject,
                scope=scope,
                expires_in=lifetime,
                family=family,
                claims=claims,
                issuer=urls.issuer,
            )
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
            subject=subject,
            scope=scope,
            expires_in=settings.refresh_token_lifetime_s,
            family=family,
            replaces=replaces,
            claims=claims,
            issuer=urls.issuer,
        )
    return {**settings.token_response_members, **document}


def requested_claims(tenant: Tenant, client: RegisteredClient, values_of: Callable[[str], tuple[str, ...]]) -> dict[str, Any]:
    """Return the claims that the parameters of a token request set; several values become a list."""
    settings = tenant.settings
    claims: dict[str, Any] = {}
    from_parameters = settings.audience_from_parameters
    if from_parameters if from_parameters is not None else not settings.strict:
        _set(claims, "aud", (*values_of("audience"), *values_of("resource")))
    for parameter, claim in {**settings.claims_from_parameters, **client.claims_from_parameters}.items():
        _set(claims, claim, values_of(parameter))
    return claims


def _set(claims: dict[str, Any], name: str, values: tuple[str, ...]) -> None:
    given = list(dict.fromkeys(value for value in values if value))
    if given:
        claims[name] = given[0] if len(given) == 1 else given
