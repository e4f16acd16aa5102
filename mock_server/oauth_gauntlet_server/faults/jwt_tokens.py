"""Family: JWT access tokens with wrong claims, headers or signatures (RFC 9068, RFC 7519)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register, with_changed_document
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.jose.unverified import claims_in


@register
@dataclass(frozen=True, kw_only=True)
class JwtAccessToken(Fault):
    """Replace the access token by a JWT (RFC 9068 §2) that is valid except for the given parameters.

    Where the tenant issues JWTs, the claims are those of the token that is replaced. `claims` and `header` set
    members, or remove them (null). `algorithm`: by default the tenant's. `lifetime_s` counts from the tenant's
    present time; with a negative value the token has expired. `not_before_s` adds the claim nbf. `signature`:
    ``wrong`` (one octet changed), ``foreign`` (made by another key with the same kid), ``stripped`` (empty),
    ``none`` (alg none). Resource and introspection accept the token while its dates allow it, unless signature,
    alg, kid or issuer are wrong. A client must not look into an access token (RFC 9068 §6): a client that reads
    exp, or fails on an unknown alg, has a defect. Seen: wrong clocks, keys rotated too early, the aud of another
    environment.
    """

    name: ClassVar[str] = "jwt_access_token"

    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    algorithm: Literal["ES256", "RS256", "EdDSA"] | None = None
    lifetime_s: float = 3600
    not_before_s: float | None = None
    signature: Literal["right", "wrong", "foreign", "stripped", "none"] = "right"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Return the answer with the JWT as access token, or itself if it is not a token document."""

        def changed(document: dict[str, Any]) -> dict[str, Any]:
            issued = str(document.get("access_token", ""))
            claims = self._claims(context, issued)
            token = self._token(context, claims)
            verifies = self.signature == "right" and not {"alg", "kid"} & self.header.keys()
            if verifies and claims.get("iss") == context.issuer:
                context.rename_token(issued, token, claims)
            return {**document, "access_token": token}

        return with_changed_document(answer, changed)

    def _claims(self, context: FaultContext, issued: str) -> dict[str, Any]:
        now = int(context.now)
        claims: dict[str, Any] = {
            "iss": context.issuer,
            "sub": context.client_id or "somebody",
            "aud": context.issuer,
            "client_id": context.client_id or "somebody",
            "jti": f"jwt-{now}",
            **claims_in(issued),
            "iat": now,
            "exp": int(now + self.lifetime_s),
        }
        if self.not_before_s is not None:
            claims["nbf"] = int(now + self.not_before_s)
        return _changed(claims, self.claims)

    def _token(self, context: FaultContext, claims: dict[str, Any]) -> str:
        # Imported here because it loads cryptography, which most faults do not need.
        from oauth_gauntlet_server.jose.keys import encoded, foreign_key, sign

        algorithm = self.algorithm or context.signing.algorithm
        key = context.signing.keys.current(algorithm)
        named = "none" if self.signature == "none" else algorithm
        header = _changed({"typ": context.signing.typ, "alg": named, "kid": key.kid}, self.header)
        signed_part = b".".join(encoded(json.dumps(part).encode()) for part in (header, claims))
        if self.signature in {"none", "stripped"}:
            return f"{signed_part.decode()}."
        signature = sign(signed_part, foreign_key(algorithm) if self.signature == "foreign" else key, algorithm)
        if self.signature == "wrong":
            signature = bytes([signature[0] ^ 1]) + signature[1:]
        return f"{signed_part.decode()}.{encoded(signature).decode()}"


def _changed(members: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in (members | changes).items() if value is not None}
