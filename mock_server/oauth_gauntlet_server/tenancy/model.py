"""Clients, users, assertion issuers and token records of a tenant, as immutable values.

Secrets are not in their repr, because a repr may be written to a log.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, TypeAlias

ACCESS_TOKEN = "access_token"
REFRESH_TOKEN = "refresh_token"
CLIENT_CREDENTIALS = "client_credentials"
JWT_BEARER = "urn:ietf:params:oauth:grant-type:jwt-bearer"
PASSWORD = "password"
GRANT_TYPES = frozenset({REFRESH_TOKEN, CLIENT_CREDENTIALS, JWT_BEARER, PASSWORD})

ACCESS_TOKEN_FORMATS = ("opaque", "jwt")
"""What an access token can be: a random text, or a JWT."""

_SCOPE_TOKEN = r"[\x21\x23-\x5b\x5d-\x7e]+"
SCOPE_PATTERN = f"{_SCOPE_TOKEN}( {_SCOPE_TOKEN})*"
"""RFC 6749 §3.3: scope = scope-token *( SP scope-token ), as a regular expression."""

PublicKey: TypeAlias = str | Mapping[str, Any]
"""A public key: PEM text, or a JWK as a mapping."""


class RotationPolicy(StrEnum):
    """What the server does with a refresh token that was used (RFC 6749 §6, RFC 9700 §4.14.2)."""

    KEEP = "keep"
    """It stays valid; the response contains no new one."""
    ROTATE = "rotate"
    """The response contains a new one; the old one is spent."""
    ROTATE_DETECT_REUSE = "rotate_detect_reuse"
    """As ROTATE; a spent refresh token that is used again ends the whole session, including its access tokens."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredClient:
    """A registered client (RFC 7591 §2). `scope` lists what the client may request; empty means anything.

    `public_keys` verify its private_key_jwt; the secret verifies client_secret_jwt. A strict tenant never accepts an
    empty secret for a missing one: a public client is registered for the method ``none``. `claims` and
    `claims_from_parameters` set claims of its access tokens, as the fields of `TenantSettings` do, and take
    precedence over them. `access_token_format` of None: that of the tenant. Authlib calls `get_client_id`,
    `check_grant_type` and `check_endpoint_auth_method`.
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    token_endpoint_auth_methods: frozenset[str] = frozenset({"client_secret_basic", "client_secret_post"})
    grant_types: frozenset[str] = GRANT_TYPES
    scope: str = ""
    public_keys: tuple[PublicKey, ...] = ()
    access_token_format: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)

    def get_client_id(self) -> str:
        """Return the client identifier."""
        return self.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        """Check whether the client may use a grant."""
        return grant_type in self.grant_types

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - Authlib's signature
        """Check whether the client may use an authentication method."""
        return method in self.token_endpoint_auth_methods

    def may_ask_for(self, scope: str) -> bool:
        """Check whether the client is registered for every scope token."""
        return not self.scope or set(scope.split()) <= set(self.scope.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A resource owner; `sub` is the subject in their tokens (default: the username).

    `claims` are added to their access tokens; they take precedence over those of the client and the tenant.
    """

    username: str
    password: str = field(repr=False)
    sub: str | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subject(self) -> str:
        """The subject in the user's tokens."""
        return self.sub or self.username


@dataclass(frozen=True, kw_only=True, slots=True)
class AssertionIssuer:
    """An issuer of assertions for the JWT bearer grant (RFC 7523 §3).

    `subjects` of None allows any subject. `audiences` are accepted in addition to the tenant's issuer
    identifier and token endpoint URL.
    """

    issuer: str
    public_keys: tuple[PublicKey, ...]
    subjects: frozenset[str] | None = None
    audiences: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRecord:
    """An issued token. Times are in seconds since the epoch on the tenant's clock.

    Tokens of one session have the same `family`. A refresh token is `spent` when another one has replaced it; `replaces` is
    the refresh token that was spent for this one, and `superseded` says that such a successor was used. `uses` counts the
    refreshes that it was good for. `claims` are the additional claims, besides the standard ones. Those of a refresh token
    are what its token request asked for; they are claims of the access tokens that it is exchanged for. `issuer`
    is the issuer identifier under which the token was issued; None: a token of no request, for which the tenant has the
    name under which it is asked.
    """

    token: str = field(repr=False)
    kind: str
    client_id: str
    subject: str
    family: str
    issued_at: float
    expires_at: float | None = None
    username: str | None = None
    scope: str = ""
    revoked: bool = False
    spent_at: float | None = None
    superseded: bool = False
    replaces: str | None = field(default=None, repr=False)
    uses: int = 0
    last_used_at: float | None = None
    claims: Mapping[str, Any] = field(default_factory=dict)
    issuer: str | None = None

    @property
    def spent(self) -> bool:
        """Whether another refresh token has replaced this one."""
        return self.spent_at is not None

    @property
    def is_refresh_token(self) -> bool:
        """Whether this is a refresh token; otherwise it is an access token."""
        return self.kind == REFRESH_TOKEN

    @property
    def ends_at(self) -> Any:
        """The end of the token: the claim exp of an access token takes precedence, also if it is not a number."""
        return self.expires_at if self.is_refresh_token else self.claims.get("exp", self.expires_at)

    def is_valid_at(self, now: float) -> bool:
        """Check whether the token's dates allow its use at a time (RFC 7519 §4.1.4, §4.1.5).

        An access token is never valid if its claim exp or nbf is not a number.
        """
        claims = {} if self.is_refresh_token else self.claims
        begins = claims.get("nbf", -math.inf)
        ends = self.ends_at if "exp" in claims or self.ends_at is not None else math.inf
        if not all(isinstance(date, int | float) and not isinstance(date, bool) for date in (begins, ends)):
            return False
        return bool(begins <= now < ends)

    def check_client(self, client: RegisteredClient) -> bool:
        """Check whether the token was issued to that client (called by Authlib)."""
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        """Return the granted scope (called by Authlib)."""
        return self.scope
