"""A tenant: one isolated authorization server below one path.

Each tenant has its own settings, clock, clients, tokens, armed faults and journal. Tenants share only the
first signing keys of the process (see `KeyRing`), so one tenant never influences another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger, no_other_origin
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.tenancy.journal import Journal
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, TokenRecord, User
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.store import MemoryStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_tokens import TenantTokens

MOST_PARTIES = 10_000
"""The most clients, the most users and the most issuers that a tenant keeps."""

MOST_TOKENS = 50_000
"""The most tokens, the most ended sessions and the most assertion identifiers (jti) that a tenant keeps."""


class Tenant(TenantTokens):
    """One isolated authorization server: its URLs, settings, registered parties, armed faults and journal."""

    # Set from the table of endpoints; declared here for the type checker.
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
        randomness: Randomness | None = None,
        other_origin: Callable[[], str] = no_other_origin,
        journal: Journal | None = None,
    ) -> None:
        self.name = name
        self.settings = settings or TenantSettings()
        self.clock = clock or Clock()
        self.keys = KeyRing()
        self.journal = journal if journal is not None else Journal()
        self.armed = ArmedFaults()
        self.clients: Store[RegisteredClient] = MemoryStore(MOST_PARTIES)
        self.users: Store[User] = MemoryStore(MOST_PARTIES)
        self.issuers: Store[AssertionIssuer] = MemoryStore(MOST_PARTIES)
        self.tokens: Store[TokenRecord] = MemoryStore(MOST_TOKENS)
        self.seen_assertions: Store[float] = MemoryStore(MOST_TOKENS)
        self._ended_families: Store[float] = MemoryStore(MOST_TOKENS)
        self.randomness = randomness or Randomness()
        self.other_origin = other_origin
        self._configuring = threading.Lock()
        self.issuer = f"{base_url}/{name}"
        for url_name, endpoint in BY_URL_NAME.items():
            setattr(self, url_name, endpoint.url(base_url, name))

    def configure(self, **changes: Any) -> None:
        """Change settings.

        Raises:
            TypeError: a name is not a field of `TenantSettings`.
        """
        with self._configuring:
            self.settings = replace(self.settings, **changes)

    def register_client(self, client: RegisteredClient) -> None:
        """Register a client, or replace the one with the same client_id."""
        self.clients.put(client.client_id, client)

    def register_user(self, user: User) -> None:
        """Register a resource owner, or replace the one with the same username."""
        self.users.put(user.username, user)

    def register_issuer(self, issuer: AssertionIssuer) -> None:
        """Register an issuer of assertions, or replace the one with the same identifier."""
        self.issuers.put(issuer.issuer, issuer)

    def arm(self, fault: Fault, **trigger: Any) -> ArmedFault:
        """Arm a fault; `trigger` are fields of `Trigger` (default: every request to the endpoint of the fault)."""
        return self.armed.arm(fault, Trigger(**trigger))

    def arm_sequence(self, *faults: Fault | None, **trigger: Any) -> tuple[ArmedFault, ...]:
        """Arm a fault for each of the next requests, in order; None is a request without fault.

        After the last one there is no fault: the same fault twice fails twice, then the tenant recovers.
        `trigger` are the fields of `Trigger` that select requests.
        """
        return tuple(self.arm(fault, **trigger, nth=number) for number, fault in enumerate(faults, 1) if fault is not None)

    def rotate_key(self, algorithm: str | None = None, *, keep_old: bool = True) -> str:
        """Create a new signing key, use it from now on, and return its kid.

        `algorithm` is the tenant's signing algorithm by default. Without `keep_old` the JWK Set no longer
        contains the keys that were used before.

        Raises:
            ValueError: the algorithm is unknown.
        """
        return str(self.keys.rotate(algorithm or self.settings.signing_algorithm, keep_old=keep_old).kid)

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self.armed.clear()
