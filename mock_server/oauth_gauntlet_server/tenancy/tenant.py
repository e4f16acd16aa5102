"""A tenant: one authorization server with everything that is its own, behind one path.

Tenants share nothing but signing keys; what one does never shows at another.
"""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger, no_other_origin
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.tenancy.journal import Journal
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, TokenRecord, User
from oauth_gauntlet_server.tenancy.store import MemoryStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_tokens import TenantTokens

MOST_PARTIES = 10_000
"""Clients, users and issuers that a tenant remembers, of each."""

MOST_TOKENS = 50_000
"""Tokens, revoked sessions and identifiers of assertions that a tenant remembers, of each."""


class Tenant(TenantTokens):
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
        self.token_url = f"{self.issuer}/token"
        self.introspection_url = f"{self.issuer}/introspect"
        self.revocation_url = f"{self.issuer}/revoke"
        self.jwks_uri = f"{self.issuer}/jwks"
        self.resource_url = f"{self.issuer}/resource"
        self.scim_url = f"{self.issuer}/scim/v2"
        self.metadata_url = f"{base_url}/.well-known/oauth-authorization-server/{name}"

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
