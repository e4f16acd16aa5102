"""Who and what a tenant knows: clients, users, issuers of assertions, tokens. Immutable values.

What is secret in them does not show in their repr, which may come into somebody's log.
"""

from __future__ import annotations

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

PublicKey: TypeAlias = str | Mapping[str, Any]
"""A public key: PEM text, or a JWK as a mapping."""


class RotationPolicy(StrEnum):
    """What becomes of a refresh token that was used (RFC 6749 §6, RFC 9700 §4.14.2)."""

    KEEP = "keep"
    """It stays in force; the answer holds no new one."""
    ROTATE = "rotate"
    """The answer holds a new one, and the old one is spent."""
    ROTATE_DETECT_REUSE = "rotate_detect_reuse"
    """As ROTATE; a spent one that comes again ends the whole session, access tokens included."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RegisteredClient:
    """A client as registered (RFC 7591 §2). `scope` lists what it may ask for; empty: anything.

    `public_keys` verify its private_key_jwt; for client_secret_jwt the secret does. `claims` and `claims_from_parameters`
    go into its access tokens as those of `TenantSettings` do, and come before them. The methods with verbs for names are
    those that Authlib asks of a client.
    """

    client_id: str
    client_secret: str | None = field(default=None, repr=False)
    token_endpoint_auth_methods: frozenset[str] = frozenset({"client_secret_basic", "client_secret_post"})
    grant_types: frozenset[str] = GRANT_TYPES
    scope: str = ""
    public_keys: tuple[PublicKey, ...] = ()
    claims: Mapping[str, Any] = field(default_factory=dict)
    claims_from_parameters: Mapping[str, str] = field(default_factory=dict)

    def get_client_id(self) -> str:
        """Return the client identifier."""
        return self.client_id

    def check_grant_type(self, grant_type: str) -> bool:
        """Whether the client may use a grant."""
        return grant_type in self.grant_types

    def check_endpoint_auth_method(self, method: str, endpoint: str) -> bool:  # noqa: ARG002 - Authlib's signature
        """Whether the client may authenticate that way."""
        return method in self.token_endpoint_auth_methods

    def may_ask_for(self, scope: str) -> bool:
        """Whether every scope token is one that the client is registered for."""
        return not self.scope or set(scope.split()) <= set(self.scope.split())


@dataclass(frozen=True, kw_only=True, slots=True)
class User:
    """A resource owner; `sub` is what tokens call them (the username unless given)."""

    username: str
    password: str = field(repr=False)
    sub: str | None = None

    @property
    def subject(self) -> str:
        """What tokens call the user."""
        return self.sub or self.username


@dataclass(frozen=True, kw_only=True, slots=True)
class AssertionIssuer:
    """Who may issue assertions for the JWT bearer grant (RFC 7523 §3).

    `subjects` of None: any. `audiences` are accepted beside the issuer identifier and the token endpoint URL.
    """

    issuer: str
    public_keys: tuple[PublicKey, ...]
    subjects: frozenset[str] | None = None
    audiences: frozenset[str] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class TokenRecord:
    """A token that was issued. Times are in seconds since the epoch on the tenant's clock.

    Tokens of one session share a `family`; a spent refresh token has been replaced by another one. `claims` are those
    that were asked for beside the standard ones.
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
    spent: bool = False
    claims: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_refresh_token(self) -> bool:
        """Whether it is a refresh token, and not an access token."""
        return self.kind == REFRESH_TOKEN

    def check_client(self, client: RegisteredClient) -> bool:
        """Whether the token was issued to that client (Authlib asks)."""
        return self.client_id == client.client_id

    def get_scope(self) -> str:
        """Return the scope that was granted (Authlib asks)."""
        return self.scope
