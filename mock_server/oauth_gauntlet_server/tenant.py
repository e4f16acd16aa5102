"""A tenant: one authorization server with everything that is its own, behind one path.

Tenants share nothing but signing keys; what one does never shows at another.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from oauth_gauntlet_server.clock import Clock
from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger, no_other_origin
from oauth_gauntlet_server.journal import Journal
from oauth_gauntlet_server.model import (
    PASSWORD,
    REFRESH_TOKEN,
    AssertionIssuer,
    RegisteredClient,
    RotationPolicy,
    TokenRecord,
    User,
)
from oauth_gauntlet_server.store import MemoryStore, Store

ACCESS_TOKEN = "access_token"

MOST_PARTIES = 10_000
"""Clients, users and issuers that a tenant remembers, of each."""

MOST_TOKENS = 50_000
"""Tokens, revoked sessions and identifiers of assertions that a tenant remembers, of each."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TenantSettings:
    """How a tenant behaves. Lifetimes and skews are in seconds.

    `strict`: knows its registered parties and checks everything; otherwise any well-formed request is granted.
    `access_token_lifetime_s` of None leaves expires_in out.
    """

    strict: bool = True
    access_token_lifetime_s: int | None = 3600
    refresh_token_lifetime_s: int | None = None
    rotation: RotationPolicy = RotationPolicy.KEEP
    access_token_format: str = "opaque"
    signing_algorithm: str = "ES256"
    refresh_token_grants: frozenset[str] = frozenset({PASSWORD})
    default_scope: str = ""
    most_assertion_lifetime_s: int = 86_400
    clock_skew_s: int = 60
    token_in_query: bool = False


class Tenant:
    """One isolated authorization server."""

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
        self.issuer = f"{base_url}/{name}"
        self.token_url = f"{self.issuer}/token"
        self.introspection_url = f"{self.issuer}/introspect"
        self.revocation_url = f"{self.issuer}/revoke"
        self.jwks_uri = f"{self.issuer}/jwks"
        self.resource_url = f"{self.issuer}/resource"
        self.metadata_url = f"{base_url}/.well-known/oauth-authorization-server/{name}"

    # Setting up

    def configure(self, **changes: Any) -> None:
        """Change settings from here on; unknown names raise TypeError."""
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
        """Arm one fault for each of the next requests, None for a genuine answer; afterwards the tenant has recovered."""
        return tuple(self.arm(fault, nth=nth, **trigger) for nth, fault in enumerate(faults, 1) if fault is not None)

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
    ) -> str:
        """Issue an access token without a request; a negative `expires_in` makes an expired one."""
        return self._mint(ACCESS_TOKEN, token, client_id, username, scope, expires_in, family)

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
        return self._mint(REFRESH_TOKEN, token, client_id, username, scope, expires_in, family)

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
    ) -> str:
        now = self.clock.now()
        value = token or self._new_token()
        user = self.users.get(username) if username else None
        self.tokens.put(
            value,
            TokenRecord(
                token=value,
                kind=kind,
                client_id=client_id,
                username=username,
                subject=user.subject if user else (username or client_id),
                scope=scope,
                issued_at=now,
                expires_at=None if expires_in is None else now + expires_in,
                family=family or secrets.token_hex(8),
            ),
        )
        return value
