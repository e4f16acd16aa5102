"""Making tokens: the success document of RFC 6749 §5.1, opaque or with a JWT access token (RFC 9068)."""

from __future__ import annotations

import json
import secrets
from functools import cache
from typing import Any

from oauth_gauntlet_server.keys import encoded, sign, signing_key
from oauth_gauntlet_server.model import RegisteredClient
from oauth_gauntlet_server.tenant import Tenant


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
) -> dict[str, Any]:
    """Issue tokens, remember them, and return the success document."""
    settings = tenant.settings
    family = family or secrets.token_hex(8)
    lifetime = settings.access_token_lifetime_s
    access_token = None
    if settings.access_token_format == "jwt":
        access_token = _jwt(tenant, client=client, subject=subject, scope=scope)
    access_token = tenant.mint_access_token(
        client.client_id, username=username, scope=scope, expires_in=lifetime, family=family, token=access_token
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
    return document


def _jwt(tenant: Tenant, *, client: RegisteredClient, subject: str, scope: str) -> str:
    """Return a JWT access token with the claims that RFC 9068 §2.2 requires."""
    now = int(tenant.clock.now())
    lifetime = tenant.settings.access_token_lifetime_s or 3600
    claims: dict[str, Any] = {
        "iss": tenant.issuer,
        "exp": now + lifetime,
        "aud": tenant.resource_url,
        "sub": subject,
        "client_id": client.client_id,
        "iat": now,
        "jti": secrets.token_hex(8),
    }
    if scope:
        claims["scope"] = scope
    algorithm = tenant.settings.signing_algorithm
    signed = _header(algorithm) + b"." + encoded(json.dumps(claims).encode())
    return (signed + b"." + encoded(sign(signed, signing_key(algorithm), algorithm))).decode()


@cache
def _header(algorithm: str) -> bytes:
    header = {"typ": "at+jwt", "alg": algorithm, "kid": signing_key(algorithm).kid}
    return encoded(json.dumps(header).encode())
