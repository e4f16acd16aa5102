"""The JWT bearer grant (RFC 7523), as an Authlib grant class that uses the tenant of the request.

The first request with this grant imports the module, because it loads cryptography.
"""

from __future__ import annotations

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
    verify_claims,
    verify_signature,
)
from oauth_gauntlet_server.oauth.client_auth import authenticate, presented_credentials
from oauth_gauntlet_server.oauth.grants import TenantGrant, UnregisteredOwner
from oauth_gauntlet_server.oauth.token_request import check_length, describable
from oauth_gauntlet_server.tenancy.model import RegisteredClient


class JWTBearer(TenantGrant, JWTBearerGrantBase):
    """RFC 7523 §2.1: the assertion is the grant. Client authentication is optional; if there is one, it is checked."""

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
            issuer, subject = text_claim(assertion, "iss"), text_claim(assertion, "sub")
            if self.tenant.settings.strict:
                self._verify(assertion, issuer, subject)
        except AssertionRefused as error:
            raise InvalidGrantError(description=describable(str(error))) from error
        check_length("claim iss", issuer)
        check_length("claim sub", subject)
        request.client = request.client or RegisteredClient(client_id=issuer)
        request.user = UnregisteredOwner(subject)
        self.validate_requested_scope()

    def _verify(self, assertion: ParsedAssertion, issuer: str, subject: str) -> None:
        known = self.tenant.issuers.get(issuer)
        if known is None:
            raise AssertionRefused("The claim iss is not a registered issuer")
        verify_signature(assertion, [public_key(source) for source in known.public_keys])
        if known.subjects is not None and subject not in known.subjects:
            raise AssertionRefused("The claim sub is not a subject of this issuer")
        audiences = self.request.audiences() | (known.audiences or frozenset())
        verify_claims(assertion, self.tenant, audiences=audiences, replay_scope=f"issuer {issuer}")
