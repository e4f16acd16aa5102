"""A tenant: one isolated authorization server below one path.

Each tenant has its own settings, clock, keys, clients, tokens, armed faults and journal, so one tenant never
influences another.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from oauth_gauntlet_server.faults import ArmedFault, ArmedFaults, Fault, Trigger, no_other_origin
from oauth_gauntlet_server.http.base_url import at_host, host_name
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.jose.token_signing import TokenSigning
from oauth_gauntlet_server.tenancy.journal import Exchange, Journal
from oauth_gauntlet_server.tenancy.memory import TENANTS, Account, Memory
from oauth_gauntlet_server.tenancy.model import AssertionIssuer, RegisteredClient, User
from oauth_gauntlet_server.tenancy.octets import ENTRY, SIGNING_KEY, TENANT, text_octets, value_octets
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.store import CountedStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_tokens import TenantTokens
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.token_store import TokenStore
from oauth_gauntlet_server.tenancy.vendor_settings import with_profile

if TYPE_CHECKING:
    from oauth_gauntlet_server.jose.private_keys import PrivateKey

MOST_PARTIES = 10_000
"""The most clients, the most users and the most issuers that a tenant keeps; one more is refused."""


class Tenant(TenantTokens):
    """One isolated authorization server: its URLs, settings, registered parties, armed faults and journal.

    `urls`, and the attributes with their names, are the URLs below its own base URL. A tenant that `follows_requests` has
    other URLs in the answer to a request that reached it under another name: see `urls_at`.

    What it keeps counts in its `account`, by default one of a memory of its own.

    Raises:
        MemoryFull: the memory has no room for one more tenant.
    """

    # Set from the table of endpoints; declared here for the type checker.
    issuer: str
    token_url: str
    introspection_url: str
    revocation_url: str
    resource_url: str
    scim_url: str
    jwks_uri: str
    metadata_url: str

    number = 0
    """Counts the tenants of a registry, in the order of creation."""

    def __init__(
        self,
        *,
        name: str,
        base_url: str,
        settings: TenantSettings | None = None,
        clock: Clock | None = None,
        randomness: Randomness | None = None,
        other_origin: Callable[[], str] = no_other_origin,
        keys: KeyRing | None = None,
        account: Account | None = None,
        observe: Callable[[Exchange], None] | None = None,
        follows_requests: bool = False,
        browser_url: str | None = None,
    ) -> None:
        self.name = name
        self.settings = settings or TenantSettings()
        self.account = account or Memory().account()
        self._counted_octets = _settings_octets(self.settings)
        self.account.add(TENANTS, TENANT + self._counted_octets)
        self.clock = clock or Clock()
        self.keys = keys or KeyRing()
        self.journal = Journal(self.settings.journal_capacity, account=self.account, observe=observe)
        self.armed = ArmedFaults()
        self.clients: Store[RegisteredClient] = CountedStore(self.account, _party_octets, name="clients", most=MOST_PARTIES)
        self.users: Store[User] = CountedStore(self.account, _party_octets, name="users", most=MOST_PARTIES)
        self.issuers: Store[AssertionIssuer] = CountedStore(self.account, _party_octets, name="issuers", most=MOST_PARTIES)
        self.tokens = TokenStore(self.account, now=lambda: self.clock.now(), is_dead=self._is_dead)
        self.seen_assertions = CountedStore(self.account, _entry_octets)
        self._ended_families = CountedStore(self.account, _entry_octets)
        self.account.drop_expired = self._drop_needless
        self.randomness = randomness or Randomness()
        self.other_origin = other_origin
        self._configuring = threading.Lock()
        self._issuing = threading.RLock()
        self._base_url = base_url
        self._follows_requests = follows_requests
        self._browser_url = browser_url
        self._name_urls()

    def urls_at(self, base_url: str | None) -> TenantURLs:
        """Return the URLs of the tenant for a request that names this base URL; None: its own.

        Nothing is kept of the base URL: a request under a false name changes its own answer only.
        """
        if base_url is None or not self._follows_requests:
            return self.urls
        return self._urls_below(base_url)

    def is_issuer(self, text: str) -> bool:
        """Check whether a text is the issuer identifier of this tenant, under any name that the tenant can have."""
        return text == self.issuer or (self._follows_requests and text.endswith(f"/{self.name}"))

    def other_origin_at(self, urls: TenantURLs) -> str:
        """Return the base URL of the second origin for a request with these URLs: the same host under another port.

        Raises:
            FaultUnavailable: the server has no second origin.
        """
        there = self.other_origin()
        return there if urls is self.urls else at_host(there, host_name(urls.base_url))

    def configure(self, **changes: Any) -> None:
        """Change settings.

        Raises:
            TypeError: a name is not a field of `TenantSettings`.
            ProfileError: the setting `like` names no profile.
            ValueError: `journal_capacity` is less than 1.
            MemoryFull: the memory of the server has no room for them.
        """
        with self._configuring:
            before, settings = self.settings, replace(self.settings, **with_profile(changes))
            octets = _settings_octets(settings)
            self.account.add(TENANTS, octets)
            unused = octets
            try:
                self.journal.set_capacity(settings.journal_capacity)
                self.settings, self._counted_octets, unused = settings, octets, self._counted_octets
                if settings.paths != before.paths:
                    self._name_urls()
            finally:
                self.account.remove(TENANTS, unused)

    def _name_urls(self) -> None:
        """Set the tenant's own URLs, and the attributes with their names."""
        self.urls = self._urls_below(self._base_url)
        for url_name in ("issuer", *BY_URL_NAME):
            setattr(self, url_name, getattr(self.urls, url_name))

    def _urls_below(self, base_url: str) -> TenantURLs:
        return TenantURLs.below(base_url, self.name, browser_url=self._browser_url, paths=self.settings.paths)

    @property
    def has_parties_or_faults(self) -> bool:
        """Whether a client, user or issuer is registered, or a fault armed."""
        return bool(len(self.clients) or len(self.users) or len(self.issuers) or self.armed)

    @property
    def signing(self) -> TokenSigning:
        """How this tenant signs JWT access tokens now."""
        return TokenSigning(keys=self.keys, algorithm=self.settings.signing_algorithm, typ=self.settings.access_token_typ)

    def register_client(self, client: RegisteredClient) -> None:
        """Register a client, or replace the one with the same client_id.

        Raises:
            StorageFull: the tenant has the most clients, or the memory of the server is full.
        """
        self.clients.put(client.client_id, client)

    def register_user(self, user: User) -> None:
        """Register a resource owner, or replace the one with the same username. Raises what `register_client` raises."""
        self.users.put(user.username, user)

    def register_issuer(self, issuer: AssertionIssuer) -> None:
        """Register an issuer of assertions, or replace the one with the same identifier.

        Raises what `register_client` raises.
        """
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

    def use_key(self, source: PrivateKey) -> str:
        """Sign with a key of one's own from now on, and return its kid: that of a JWK, or the thumbprint (RFC 7638).

        `source` is the private key: PEM text without a passphrase, or a JWK. It decides the `signing_algorithm`: RS256
        for RSA, ES256 for P-256, EdDSA for Ed25519. Keys that were used before stay in the JWK Set.

        Raises:
            ValueError: the source is no such key.
        """
        from oauth_gauntlet_server.jose.private_keys import own_signing_key  # loads cryptography

        key = own_signing_key(source)
        self.keys.use(key)
        self.configure(signing_algorithm=str(key.alg))
        return str(key.kid)

    def clear_faults(self) -> None:
        """Disarm all faults."""
        self.armed.clear()


def _settings_octets(settings: TenantSettings) -> int:
    # The key is made with the first token; a tenant that signs its tokens will need it.
    return value_octets(settings) + (SIGNING_KEY if settings.access_token_format == "jwt" else 0)


def _party_octets(name: str, party: RegisteredClient | User | AssertionIssuer) -> int:
    return ENTRY + text_octets(name) + value_octets(party)


def _entry_octets(name: str, instant: float) -> int:  # noqa: ARG001 - the signature of a `CountedStore`
    return ENTRY + text_octets(name)
