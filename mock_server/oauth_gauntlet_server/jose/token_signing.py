"""How a tenant signs its JWT access tokens, as an immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field

from oauth_gauntlet_server.jose.key_ring import KeyRing

ACCESS_TOKEN_TYPES = ("JWT", "at+jwt")
"""The values of typ in the header of a JWT access token: RFC 7519 §5.1, RFC 9068 §2.1."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenSigning:
    """The keys of a tenant, its signing algorithm, and the typ in the header of its JWT access tokens."""

    keys: KeyRing = field(default_factory=KeyRing)
    algorithm: str = "ES256"
    typ: str = "JWT"
