"""Create and sign assertions, as grants and for client authentication (RFC 7523 §3), with PyJWT.

PyJWT and cryptography are imported when something is signed: they take half of the time in which a client starts, and most
clients sign nothing.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING

from oauth_gauntlet.protocol import JSON
from oauth_gauntlet.reference.errors import configuration_error

if TYPE_CHECKING:
    from oauth_gauntlet.reference.keys import PrivateKey

CLIENT_ASSERTION_TYPE = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"

LIFETIME_S = 300
"""Lifetime in seconds. An assertion is used at once; five minutes allow for clocks that differ."""


def check_header(header: JSON, key: PrivateKey) -> None:
    """Check that the client can sign with this JOSE header and key.

    Raises:
        ClientFailure: kind config; the header is not an object, its alg does not fit the key (alg none fits no key), or
            it requires unsupported processing (crit, b64).
    """
    from oauth_gauntlet.reference.keys import algorithms_for

    if not isinstance(header, Mapping):
        raise configuration_error("jwt_header: expected a JSON object")
    fitting = algorithms_for(key)
    algorithm = header.get("alg", fitting[0] if fitting else None)
    if algorithm not in fitting:
        raise configuration_error(
            f"jwt_header: alg {algorithm!r} does not fit the private key, which can do {', '.join(fitting) or 'none'}"
        )
    if not isinstance(header.get("kid", ""), str):
        raise configuration_error("jwt_header: kid must be text (RFC 7515 §4.1.4)")
    for name in ("crit", "b64"):
        if name in header:
            raise configuration_error(f"jwt_header: {name} is not supported")


def new_identifier() -> str:
    """Return an identifier (``jti``) that no other assertion has."""
    return secrets.token_urlsafe(16)


def claims(*, issuer: str, subject: str, audience: str, now: float, identifier: str = "") -> dict[str, JSON]:
    """Return the claims of an assertion made at `now` (seconds since the epoch). Without an `identifier` it gets a new one."""
    return {
        "iss": issuer,
        "sub": subject,
        "aud": audience,
        "iat": int(now),
        "exp": int(now) + LIFETIME_S,
        "jti": identifier or new_identifier(),
    }


def sign(payload: Mapping[str, JSON], header: Mapping[str, JSON], key: PrivateKey) -> str:
    """Return the assertion in compact form, with every member of the configured header."""
    import jwt

    from oauth_gauntlet.reference.keys import algorithms_for

    algorithm = header.get("alg", algorithms_for(key)[0])
    return jwt.encode(dict(payload), key, algorithm=algorithm, headers=dict(header))


def mac(payload: Mapping[str, JSON], secret: str) -> str:
    """Return the assertion in compact form, with HMAC SHA-256 and the octets of the client secret as its key."""
    import jwt

    return jwt.encode(dict(payload), secret.encode(), algorithm="HS256")
