"""Family: JWT access tokens with wrong claims, headers or signatures (RFC 9068, RFC 7519)."""

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
    """Replace the access token by a JWT (RFC 9068 §2) that is valid except for the given parameters.

    `claims` and `header` set members, or remove them (null). `lifetime_s` counts from the tenant's present
    time; with a negative value the token has expired. `not_before_s` adds the claim nbf. `signature`:
    ``wrong`` (one octet changed), ``foreign`` (made by another key with the same kid), ``stripped`` (empty),
    ``none`` (alg none). A client must not look into an access token (RFC 9068 §6): a client that reads exp,
    or fails on an unknown alg, has a defect. Seen: wrong clocks, keys rotated too early, the aud of another
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
        """Return the answer with the JWT as access token, or itself if it is not a token document."""
        return renamed_token(answer, context, lambda _: self._token(context))

    def _token(self, context: FaultContext) -> str:
        # Imported here because it loads cryptography, which most faults do not need.
        from oauth_gauntlet_server.jose.keys import encoded, signing_key

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
