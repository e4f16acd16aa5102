"""Build the token request: parameters, their encoding, and client authentication."""

from __future__ import annotations

import base64
from collections.abc import Sequence
from urllib.parse import quote_plus

from oauth_gauntlet.protocol import JSON, GrantType
from oauth_gauntlet.reference import assertion
from oauth_gauntlet.reference.configuration import SIGNED_METHODS, Configuration

Pairs = list[tuple[str, str]]


class TokenRequestBuilder:
    """Builds the token requests of one configuration. Each decision is a separate method."""

    method = "POST"

    def __init__(self, configuration: Configuration) -> None:
        self.configuration = configuration

    def parameters(self, grant: GrantType, *, refresh_token: str | None, now: float) -> Pairs:
        """Return the parameters of the body, in order: grant, scope, resource, client, additional payload."""
        pairs: Pairs = [("grant_type", self.grant_type(grant))]
        pairs += self.grant_parameters(grant, refresh_token, now)
        # A refresh token already has a scope; the configured scope could be more than was granted.
        if grant is self.configuration.grant:
            pairs += self.scope_parameters()
        pairs += self.resource_parameters()
        client = self.client_parameters() + self.client_assertion_parameters(now)
        pairs += client
        named = {name for name, _ in client}
        pairs += [(name, value) for name, value in self.payload_parameters() if name not in named]
        return pairs

    def grant_type(self, grant: GrantType) -> str:
        """Return the registered identifier of the grant."""
        return str(grant)

    def grant_parameters(self, grant: GrantType, refresh_token: str | None, now: float) -> Pairs:
        """Return the parameters of the grant (RFC 6749 §4.3.2, §4.4.2, §6; RFC 7523 §2.1)."""
        configuration = self.configuration
        if grant is GrantType.REFRESH_TOKEN:
            return [("refresh_token", refresh_token or "")]
        if grant is GrantType.PASSWORD:
            return [("username", configuration.username or ""), ("password", configuration.password or "")]
        if grant is GrantType.JWT_BEARER:
            return [("assertion", self.assertion(now))]
        return []

    def assertion(self, now: float) -> str:
        """Return a new assertion; each is used once."""
        configuration = self.configuration
        assert configuration.private_key is not None
        claims = assertion.claims(
            issuer=configuration.jwt_issuer or "",
            subject=configuration.jwt_subject or "",
            audience=configuration.jwt_audience or "",
            now=now,
            identifier=self.new_identifier(),
        )
        return assertion.sign(claims, configuration.jwt_header, configuration.private_key)

    def new_identifier(self) -> str:
        """Return the identifier (``jti``) of a new assertion."""
        return assertion.new_identifier()

    def scope_parameters(self) -> Pairs:
        """Return the scope, if one is configured."""
        scope = self.configuration.scope
        return [("scope", scope)] if scope else []

    def resource_parameters(self) -> Pairs:
        """Return a parameter for each resource indicator (RFC 8707 §2)."""
        return [("resource", each) for each in self.configuration.resources]

    def client_parameters(self) -> Pairs:
        """Return the client credentials in the body (RFC 6749 §2.3.1, §3.2.1)."""
        configuration = self.configuration
        if configuration.client_id is None or self.in_header():
            return []
        pairs = [("client_id", configuration.client_id)]
        if configuration.auth_method == "client_secret_post" and configuration.client_secret is not None:
            pairs.append(("client_secret", configuration.client_secret))
        return pairs

    def client_assertion_parameters(self, now: float) -> Pairs:
        """Return the client's assertion about itself, for methods with one (RFC 7523 §2.2)."""
        if self.configuration.auth_method not in SIGNED_METHODS:
            return []
        return [
            ("client_assertion_type", assertion.CLIENT_ASSERTION_TYPE),
            ("client_assertion", self.client_assertion(now)),
        ]

    def client_assertion(self, now: float) -> str:
        """Return a new client assertion; each is used once."""
        return self.signed_for_client(self.client_claims(now))

    def client_claims(self, now: float) -> dict[str, JSON]:
        """Return the claims of a client assertion: the client about itself, for this server (RFC 7523 §3)."""
        configuration = self.configuration
        client_id = configuration.client_id or ""
        # With the JWT bearer grant the configured audience is that of the grant.
        configured = None if configuration.grant is GrantType.JWT_BEARER else configuration.jwt_audience
        audience = configured or configuration.token_url
        identifier = self.new_identifier()
        return assertion.claims(issuer=client_id, subject=client_id, audience=audience, now=now, identifier=identifier)

    def signed_for_client(self, claims: dict[str, JSON]) -> str:
        """Return a client assertion with these claims, signed with the private key, or with the secret as a MAC key."""
        configuration = self.configuration
        if configuration.auth_method == "client_secret_jwt":
            return assertion.mac(claims, configuration.client_secret or "")
        assert configuration.private_key is not None
        return assertion.sign(claims, configuration.jwt_header, configuration.private_key)

    def payload_parameters(self) -> Pairs:
        """Return the additional payload."""
        return list(self.configuration.payload.items())

    def in_header(self) -> bool:
        """Return whether the client authenticates in the Authorization header."""
        configuration = self.configuration
        return (
            configuration.auth_method == "client_secret_basic"
            and configuration.client_id is not None
            and configuration.client_secret is not None
        )

    def body(self, pairs: Sequence[tuple[str, str]]) -> bytes:
        """Return the parameters as application/x-www-form-urlencoded (RFC 6749 Appendix B)."""
        return "&".join(f"{self.encoded(name)}={self.encoded(value)}" for name, value in pairs).encode("ascii")

    def encoded(self, text: str) -> str:
        """Return one name or value, percent-encoded from UTF-8."""
        return quote_plus(text, safe="", encoding="utf-8", errors="replace")

    def headers(self) -> dict[str, str]:
        """Return the header fields of the request."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        if self.in_header():
            headers["Authorization"] = self.basic()
        return headers

    def basic(self) -> str:
        """Return the Basic credentials: form-urlencoded first, then base64 (RFC 6749 §2.3.1, RFC 7617 §2)."""
        user = self.encoded(self.configuration.client_id or "")
        password = self.encoded(self.configuration.client_secret or "")
        return f"Basic {base64.b64encode(f'{user}:{password}'.encode()).decode()}"

    def url(self, pairs: Sequence[tuple[str, str]]) -> str:  # noqa: ARG002 - the URL contains no parameters
        """Return the URL of the request: the configured one, with its query unchanged."""
        return self.configuration.token_url
