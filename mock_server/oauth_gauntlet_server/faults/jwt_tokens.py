"""Family: JWT access tokens with something wrong in them (RFC 9068, RFC 7519)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.token_shape import renamed_token
from oauth_gauntlet_server.http.answer import Answer


@register
@dataclass(frozen=True, kw_only=True)
class JwtAccessToken(Fault):
    """Make the access token a JWT (RFC 9068 §2), right but for what is said here.

    `claims` and `header` set members, or remove them (null). `lifetime_s` is from the tenant's now on; negative: expired.
    `not_before_s` adds nbf. `signature`: ``wrong`` (its octets changed), ``foreign`` (another key under the same kid),
    ``stripped`` (empty), ``none`` (alg none). A client has no business in an access token (RFC 9068 §6): one that looks
    at exp or breaks on an unknown alg is in for it. Seen: clocks that are wrong, keys rotated too early, aud of another
    environment.
    """

    name: ClassVar[str] = "jwt_access_token"

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    algorithm: Literal["ES256", "RS256", "EdDSA"] = "ES256"
    lifetime_s: float = 3600
    not_before_s: float | None = None
    signature: Literal["right", "wrong", "foreign", "stripped", "none"] = "right"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Replace the access token where the answer is a token document."""
        return renamed_token(answer, context, lambda _: self._token(context))

    def _token(self, context: FaultContext) -> str:
        from oauth_gauntlet_server.jose.keys import encoded, signing_key  # loads cryptography, which most faults do without

        now = int(context.now)
        claims: dict[str, Any] = {
            "iss": context.issuer,
            "sub": context.client_id or "somebody",
            "aud": context.issuer,
            "client_id": context.client_id or "somebody",
            "iat": now,
            "exp": int(now + self.lifetime_s),
            "jti": f"jwt-{now}",
        }
        if self.not_before_s is not None:
            claims["nbf"] = int(now + self.not_before_s)
        header = {"typ": "at+jwt", "alg": self.algorithm, "kid": signing_key(self.algorithm).kid}
        if self.signature == "none":
            header["alg"] = "none"
        signed_part = b".".join(
            encoded(json.dumps(part).encode()) for part in (_changed(header, self.header), _changed(claims, self.claims))
        )
        return f"{signed_part.decode()}.{encoded(self._signature(signed_part)).decode()}"

    def _signature(self, octets: bytes) -> bytes:
        from oauth_gauntlet_server.jose.keys import foreign_key, sign, signing_key

        if self.signature in {"none", "stripped"}:
            return b""
        key = foreign_key(self.algorithm) if self.signature == "foreign" else signing_key(self.algorithm)
        signature = sign(octets, key, self.algorithm)
        return bytes([signature[0] ^ 1]) + signature[1:] if self.signature == "wrong" else signature


def _changed(members: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (members | changes).items() if value is not None}
