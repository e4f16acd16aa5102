"""The JWT bearer grant (RFC 7523), as an Authlib grant class that uses the tenant of the request.

The first request with this grant imports the module, because it loads cryptography.
"""

from __future__ import annotations

import re
from typing import Any

from oauth_gauntlet_server.jose.id_token import id_token, id_token_claims
from oauth_gauntlet_server.jose.keys import public_key
from oauth_gauntlet_server.oauth._authlib_classes import (
    InvalidGrantError,
    InvalidRequestError,
    JWTBearerGrantBase,
    UnauthorizedClientError,
)
from oauth_gauntlet_server.oauth.assertion import (
    AssertionRefused,
    ParsedAssertion,
    parse,
    text_claim,
    verify_as_asked,
    verify_claims,
    verify_signature,
)
from oauth_gauntlet_server.oauth.assertion_header import AUTHORIZATION_GRANT_TYP, verify_header
from oauth_gauntlet_server.oauth.client_auth import authenticate, presented_credentials
from oauth_gauntlet_server.oauth.grants import TenantGrant, UnregisteredOwner
from oauth_gauntlet_server.oauth.token_request import check_length, describable
from oauth_gauntlet_server.tenancy.model import SCOPE_PATTERN, RegisteredClient


class JWTBearer(TenantGrant, JWTBearerGrantBase):
    """RFC 7523 §2.1: the assertion is the grant. Client authentication is optional; if there is one, it is checked.

    A lenient tenant also grants what Google's libraries send for a service account: an assertion without sub, whose scope
    is a claim, and in which target_audience asks for an ID token.
    """

    _scope: str | None = None
    _target_audience: str | None = None

    def validate_token_request(self) -> None:
        """Check the client if the request contains credentials, then the assertion and the scope."""
        request = self.request
        if presented_credentials(request) is not None:
            request.client = authenticate(request)
            if not request.client.check_grant_type(self.GRANT_TYPE):
                raise UnauthorizedClientError(description="The client may not use the JWT bearer grant")
        text = request.parameters.get("assertion")
        if text is None:
            raise InvalidRequestError(description="The parameter assertion is missing")
        try:
            assertion = parse(text)
            issuer = text_claim(assertion, "iss")
            verify = self._verify if self.tenant.settings.strict else self._verify_as_asked
            subject = verify(assertion, issuer)
        except AssertionRefused as error:
            raise InvalidGrantError(description=describable(str(error))) from error
        check_length("claim iss", issuer)
        check_length("claim sub", subject)
        request.client = request.client or RegisteredClient(client_id=issuer)
        request.user = UnregisteredOwner(subject)
        self.validate_requested_scope()

    def generate_token(
        self,
        user: Any = None,
        scope: str | None = None,
        grant_type: str | None = None,
        expires_in: int | None = None,
        include_refresh_token: bool = False,
    ) -> dict[str, Any]:
        """Issue tokens, and an ID token if the assertion asked for one, and return the token response."""
        document = super().generate_token(user, scope or self._scope, grant_type, expires_in, include_refresh_token)
        return (
            document if self._target_audience is None else {"id_token": self._id_token(user, self._target_audience), **document}
        )

    def _id_token(self, user: UnregisteredOwner, audience: str) -> str:
        tenant, client, lifetime = self.tenant, self.request.client, self.tenant.settings.access_token_lifetime_s
        assert client is not None
        claims = id_token_claims(
            issuer=tenant.issuer,
            subject=user.subject,
            audience=audience,
            authorized_party=client.client_id,
            issued_at=tenant.clock.now(),
            lifetime_s=3600 if lifetime is None else lifetime,
        )
        algorithm = tenant.settings.signing_algorithm
        return id_token(claims, tenant.keys.current(algorithm), algorithm)

    def _verify(self, assertion: ParsedAssertion, issuer: str) -> str:
        """Check everything, and return the subject."""
        subject = text_claim(assertion, "sub")
        known = self.tenant.issuers.get(issuer)
        if known is None:
            raise AssertionRefused("The claim iss is not a registered issuer")
        verify_header(assertion, typ=AUTHORIZATION_GRANT_TYP)
        verify_signature(assertion, [public_key(source) for source in known.public_keys])
        if known.subjects is not None and subject not in known.subjects:
            raise AssertionRefused("The claim sub is not a subject of this issuer")
        audiences = self.request.audiences() | (known.audiences or frozenset())
        verify_claims(assertion, self.tenant, audiences=audiences, replay_scope=_replay_scope(issuer))
        return subject

    def _verify_as_asked(self, assertion: ParsedAssertion, issuer: str) -> str:
        """Check what the settings ask for, read what Google's libraries add, and return the subject: sub, or else iss."""
        verify_as_asked(assertion, self.tenant, replay_scope=_replay_scope(issuer))
        scope, audience = assertion.claims.get("scope"), assertion.claims.get("target_audience")
        if isinstance(scope, str) and re.fullmatch(SCOPE_PATTERN, scope):
            self._scope = scope
        if isinstance(audience, str):
            self._target_audience = audience
        return text_claim(assertion, "sub") if "sub" in assertion.claims else issuer


def _replay_scope(issuer: str) -> str:
    return f"issuer {issuer}"
