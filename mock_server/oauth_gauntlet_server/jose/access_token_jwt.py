"""Make JWT access tokens (RFC 7519, RFC 9068), with a correct or a wrong signature."""

from __future__ import annotations

import base64
import json
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.jose.keys import encoded, sign

if TYPE_CHECKING:
    from joserfc.jwk import Key


def access_token_claims(
    *,
    issuer: str,
    audience: str,
    subject: str,
    client_id: str,
    scope: str,
    issued_at: float,
    lifetime_s: float,
    identifier: str,
) -> dict[str, Any]:
    """Return the claims that RFC 9068 §2.2 requires, and scope if it is not empty. `identifier` is the claim jti."""
    now = int(issued_at)
    claims: dict[str, Any] = {
        "iss": issuer,
        "exp": int(now + lifetime_s),
        "aud": audience,
        "sub": subject,
        "client_id": client_id,
        "iat": now,
        "jti": identifier,
    }
    if scope:
        claims["scope"] = scope
    return claims


def access_token_jwt(claims: dict[str, Any], key: Key, algorithm: str, typ: str) -> str:
    """Return a JWT of the claims, signed with the key; `typ` of ``at+jwt`` gives the header of RFC 9068 §2.1."""
    signed = _header(algorithm, str(key.kid), typ) + b"." + encoded(json.dumps(claims).encode())
    return (signed + b"." + encoded(sign(signed, key, algorithm))).decode()


@lru_cache(maxsize=256)
def _header(algorithm: str, kid: str, typ: str) -> bytes:
    return encoded(json.dumps({"typ": typ, "alg": algorithm, "kid": kid}).encode())


def with_wrong_signature(token: str) -> str:
    """Return the JWT with a signature of the same length that does not verify."""
    signed, _, signature = token.rpartition(".")
    octets = bytearray(base64.urlsafe_b64decode(signature + "=" * (-len(signature) % 4)))
    octets[0] ^= 0xFF
    return f"{signed}.{base64.urlsafe_b64encode(octets).rstrip(b'=').decode()}"
