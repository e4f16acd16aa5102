"""A tenant: one authorization server with everything that is its own, behind one path.

Tenants share nothing but signing keys; what one does never shows at another.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger, no_other_origin
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.tenancy.journal import Journal
from oauth_gauntlet_server.tenancy.model import (
    REFRESH_TOKEN,
    AssertionIssuer,
    RegisteredClient,
    TokenRecord,
    User,
)
from oauth_gauntlet_server.tenancy.store import MemoryStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

ACCESS_TOKEN = "access_token"

MOST_PARTIES = 10_000
"""Clients, users and issuers that a tenant remembers, of each."""

MOST_TOKENS = 50_000
"""Tokens, revoked sessions and identifiers of assertions that a tenant remembers, of each."""


class Tenant:
    """One isolated authorization server. Its URLs come from the table of endpoints."""

    token_url: str
    introspection_url: str
    revocation_url: str
    resource_url: str
    scim_url: str
    jwks_uri: str
    metadata_url: str

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        settings: TenantSettings | None = None,
        clock: Clock | None = None,
        new_token: Callable[[], str] = lambda: secrets.token_urlsafe(32),
        other_origin: Callable[[], str] = no_other_origin,
    ) -> None:
        self.name = name
        self.settings = settings or TenantSettings()
        self.clock = clock or Clock()
        self.keys = KeyRing()
        self.journal = Journal()
        self.armed = ArmedFaults()
        self.clients: Store[RegisteredClient] = MemoryStore(MOST_PARTIES)
        self.users: Store[User] = MemoryStore(MOST_PARTIES)
        self.issuers: Store[AssertionIssuer] = MemoryStore(MOST_PARTIES)
        self.tokens: Store[TokenRecord] = MemoryStore(MOST_TOKENS)
        self.seen_assertions: Store[float] = MemoryStore(MOST_TOKENS)
        self._ended_families: Store[float] = MemoryStore(MOST_TOKENS)
        self._new_token = new_token
        self.other_origin = other_origin
        self._configuring = threading.Lock()
        self.issuer = f"{base_url}/{name}"
        for url_name, endpoint in BY_URL_NAME.items():
            setattr(self, url_name, endpoint.url(base_url, name))

    # Setting up

    def configure(self, **changes: Any) -> None:
        """Change settings from here on; unknown names raise TypeError."""
        with self._configuring:
            self.settings = replace(self.settings, **changes)

    def register_client(self, client: RegisteredClient) -> None:
        """Make a client known, or replace what was known of it."""
        self.clients.put(client.client_id, client)

    def register_user(self, user: User) -> None:
        """Make a resource owner known, or replace what was known of them."""
        self.users.put(user.username, user)

    def register_issuer(self, issuer: AssertionIssuer) -> None:
        """Make an issuer of assertions known, or replace what was known of it."""
        self.issuers.put(issuer.issuer, issuer)

    def arm(self, fault: Fault, **trigger: Any) -> ArmedFault:
        """Put a fault in force; `trigger` holds fields of `Trigger` (default: every request where the fault belongs)."""
        return self.armed.arm(fault, Trigger(**trigger))

    def arm_sequence(self, *faults: Fault | None, **trigger: Any) -> tuple[ArmedFault, ...]:
        """Put a sequence in force: the first fault for the first request, and so on; None lets a request through.

        After the last one everything is as it should be: twice the same fault fails twice, then recovers. `trigger` holds
        the filtering fields of `Trigger`.
        """
        return tuple(self.arm(fault, **trigger, nth=number) for number, fault in enumerate(faults, 1) if fault is not None)

    def rotate_key(self, algorithm: str | None = None, *, keep_old: bool = True) -> str:
        """Sign with a new key from here on, and return its kid; by default for the tenant's signing algorithm.

        Without `keep_old` the JWK Set does not hold the keys before it any more.

        Raises:
            ValueError: the algorithm is unknown.
        """
        return str(self.keys.rotate(algorithm or self.settings.signing_algorithm, keep_old=keep_old).kid)

    def clear_faults(self) -> None:
        """Take all faults out of force."""
        self.armed.clear()

    # Tokens

    def new_token(self) -> str:
        """Return a fresh opaque token."""
        return self._new_token()

    def mint_access_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float | None = 3600,
        family: str | None = None,
        token: str | None = None,
        claims: Mapping[str, Any] | None = None,
    ) -> str:
        """Issue an access token without a request; a negative `expires_in` makes an expired one."""
        return self._mint(ACCESS_TOKEN, token, client_id, username, scope, expires_in, family, claims)

    def mint_jwt_access_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float = 3600,
        family: str | None = None,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
        wrong_signature: bool = False,
    ) -> str:
        """Issue a JWT access token without a request, whatever format the tenant's tokens have; see `signed_access_token`.

        One of another `issuer`, or with a wrong signature, is not remembered: introspection and resource refuse it.
        """
        token = self.signed_access_token(
            client_id,
            subject=self._subject(client_id, username),
            scope=scope,
            expires_in=expires_in,
            claims=claims,
            issuer=issuer,
            wrong_signature=wrong_signature,
        )
        if wrong_signature or issuer not in {None, self.issuer}:
            return token
        return self._mint(ACCESS_TOKEN, token, client_id, username, scope, expires_in, family, claims)

    def signed_access_token(
        self,
        client_id: str,
        *,
        subject: str,
        scope: str = "",
        expires_in: float = 3600,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
        wrong_signature: bool = False,
    ) -> str:
        """Return a JWT access token (RFC 9068) without remembering it; `claims` come before the standard ones."""
        from oauth_gauntlet_server.jose.access_token_jwt import (  # loads cryptography, which an opaque token does without
            access_token_claims,
            access_token_jwt,
            with_wrong_signature,
        )

        algorithm = self.settings.signing_algorithm
        standard = access_token_claims(
            issuer=issuer or self.issuer,
            audience=self.resource_url,
            subject=subject,
            client_id=client_id,
            scope=scope,
            issued_at=self.clock.now(),
            lifetime_s=expires_in,
        )
        token = access_token_jwt({**standard, **(claims or {})}, self.keys.current(algorithm), algorithm)
        return with_wrong_signature(token) if wrong_signature else token

    def mint_refresh_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float | None = None,
        family: str | None = None,
        token: str | None = None,
    ) -> str:
        """Issue a refresh token without a request."""
        return self._mint(REFRESH_TOKEN, token, client_id, username, scope, expires_in, family, None)

    def rename_token(self, issued: str, other: str) -> None:
        """Make an access token that was issued known under another name too; an unknown one is ignored."""
        record = self.tokens.get(issued)
        if record is not None:
            self.tokens.put(other, replace(record, token=other))

    def active(self, token: str) -> TokenRecord | None:
        """Return the record of a token that is in force now: known, not expired, revoked or spent."""
        record = self.tokens.get(token)
        if record is None or record.revoked or record.spent or self._ended_families.get(record.family) is not None:
            return None
        if record.expires_at is not None and record.expires_at <= self.clock.now():
            return None
        return record

    def spend(self, token: str) -> bool:
        """Mark a refresh token as used up; return False when it already was (atomic: one caller wins)."""
        before: list[bool] = []

        def mark(record: TokenRecord) -> TokenRecord:
            before.append(record.spent)
            return replace(record, spent=True)

        return self.tokens.update(token, mark) is not None and not before[-1]

    def revoke(self, token: str) -> None:
        """Revoke a token; with a refresh token its whole session ends (RFC 7009 §2.1). Unknown tokens are ignored."""
        record = self.tokens.update(token, lambda known: replace(known, revoked=True))
        if record is not None and record.is_refresh_token:
            self.end_session(record.family)

    def end_session(self, family: str) -> None:
        """Make every token of a session worthless."""
        self._ended_families.put(family, self.clock.now())

    def _mint(
        self,
        kind: str,
        token: str | None,
        client_id: str,
        username: str | None,
        scope: str,
        expires_in: float | None,
        family: str | None,
        claims: Mapping[str, Any] | None,
    ) -> str:
        now = self.clock.now()
        value = token or self._new_token()
        self.tokens.put(
            value,
            TokenRecord(
                token=value,
                kind=kind,
                client_id=client_id,
                username=username,
                subject=self._subject(client_id, username),
                scope=scope,
                issued_at=now,
                expires_at=None if expires_in is None else now + expires_in,
                family=family or secrets.token_hex(8),
                claims=claims or {},
            ),
        )
        return value

    def _subject(self, client_id: str, username: str | None) -> str:
        user = self.users.get(username) if username else None
        return user.subject if user else (username or client_id)
