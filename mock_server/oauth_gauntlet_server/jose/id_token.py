"""Make ID tokens (OpenID Connect Core §2) for a service account that asked for one."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.jose.keys import encoded, sign

if TYPE_CHECKING:
    from joserfc.jwk import Key


def id_token_claims(
    *, issuer: str, subject: str, audience: str, authorized_party: str, issued_at: float, lifetime_s: float
) -> dict[str, Any]:
    """Return the claims that OpenID Connect Core §2 requires, with azp; where it is an address, also email (as at Google)."""
    now = int(issued_at)
    claims: dict[str, Any] = {
        "iss": issuer,
        "sub": subject,
        "aud": audience,
        "azp": authorized_party,
        "exp": int(now + lifetime_s),
        "iat": now,
    }
    return claims | ({"email": authorized_party, "email_verified": True} if "@" in authorized_party else {})


def id_token(claims: dict[str, Any], key: Key, algorithm: str) -> str:
    """Return a JWT of the claims, signed with the key."""
    header = {"typ": "JWT", "alg": algorithm, "kid": str(key.kid)}
    signed = encoded(json.dumps(header).encode()) + b"." + encoded(json.dumps(claims).encode())
    return (signed + b"." + encoded(sign(signed, key, algorithm))).decode()
