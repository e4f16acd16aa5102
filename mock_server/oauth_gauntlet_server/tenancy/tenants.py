"""Create, find and delete the tenants of one server by name.

A tenant that somebody created stays until it is deleted: it is never dropped to make room for others, because a strict
tenant that vanished could come back as a lenient one, which grants everything. For the same reason, a name of a tenant
that was created once and deleted never springs up again. Two kinds of tenants may be dropped, the one that was used
longest ago first: those that a request created and nobody has configured since, and those that are `temporary`.
"""

from __future__ import annotations

import itertools
import logging
import re
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from oauth_gauntlet_server.faults import no_other_origin
from oauth_gauntlet_server.http.base_url import BaseURLSource
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.jose.key_ring import KeyKeeper, KeyRing
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.memory import DEFAULT_MEMORY, TENANTS, Memory, MemoryUse, StorageFull
from oauth_gauntlet_server.tenancy.naming import Naming
from oauth_gauntlet_server.tenancy.octets import ENTRY
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_paths import endpoint_of
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings, settings_on_request
from oauth_gauntlet_server.tenancy.vendor_settings import settings_with_profile

if TYPE_CHECKING:
    from oauth_gauntlet_server.listening.certificates import Certificate
    from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
    from oauth_gauntlet_server.listening.port import Port

log = logging.getLogger(__name__)

NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._~-]{0,63}"
"""A regular expression that the whole name of a tenant matches."""

NAME_WORDS = "1 to 64 letters, digits, '.', '_', '~' or '-', the first a letter or a digit"

_NAME = re.compile(NAME_PATTERN)

AT_ROOT = "default"
"""The tenant to which a vendor's paths lead without a tenant's name before them."""

MOST_TENANTS = 5_000
"""The most tenants of one server."""

MOST_RETIRED = 100_000
"""How many names of deleted tenants are remembered. After so many, no name springs up any more."""

MOST_STREAMS = 16
"""The most journal streams at a time; each occupies a connection and a thread of the server."""


class TenantExists(ValueError):
    """There is a tenant of that name, and it was not to be replaced."""


class TooManyTenants(StorageFull):
    """The server has its most tenants, and none of them may be dropped."""


class PortOpener(Protocol):
    """An object that can open more ports: a server with its own socket."""

    @property
    def ports(self) -> tuple[Port, ...]:
        """The open ports, without the server's own."""

    def open_port(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None, port: int = 0) -> Port:
        """Open one more port; see `MockServer.open_port`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ServerHandle:
    """What tenants and the control API need of the server that serves them.

    The defaults are for an application behind another WSGI server, which has neither a second origin nor ports.
    `streams` bounds how many journals are followed at a time.
    """

    base_url: str
    other_origin: Callable[[], str] = no_other_origin
    port_opener: PortOpener | None = None
    streams: threading.Semaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_STREAMS))


class Observer(Protocol):
    """Is told what happens at a server, from the threads of the requests: it must not block."""

    def recorded(self, tenant: str | None, exchange: Exchange) -> None:
        """Take an exchange that was recorded; `tenant` is the name of its tenant, None for none."""

    def created(self, tenant: Tenant) -> None:
        """Take a tenant that a request created."""


class Tenants:
    """A registry of at most `capacity` tenants, which together keep at most `memory` octets (see `tenancy.memory`).

    With `auto_create`, the first use of a name creates a tenant with the settings `ON_REQUEST`: lenient, with JWT
    access tokens. That is useful for local development. Names, tokens and identifiers come from `randomness`; by
    default they are unpredictable. `key_keeper` returns what keeps the signing keys of a tenant name, such as
    `KeyFolder.keeper_of`; by default they end with the tenant. `naming` decides the URLs of the tenants; by default they
    begin with the server's own address.

    `memory` is what all tenants together may keep, in octets; the attribute counts it. `dropped` counts the tenants that
    were dropped.

    `outside` has the journal of the requests that belong to no tenant. It is no tenant: it has no name, and no request
    leads to it. `observer` is told of each exchange and of each tenant that a request created.

    `on_request` are the settings of tenants that a request creates. `like` names a vendor: such tenants are lenient and have
    its profile, and its paths lead to the tenant ``default`` also without that name before them.

    Raises:
        ProfileError: there is no profile of that name.
    """

    def __init__(
        self,
        *,
        base_url: str = "http://127.0.0.1:8080",
        auto_create: bool = False,
        capacity: int = MOST_TENANTS,
        memory: int = DEFAULT_MEMORY,
        clock_source: Callable[[], float] = time.time,
        randomness: Randomness | None = None,
        key_keeper: Callable[[str], KeyKeeper] | None = None,
        observer: Observer | None = None,
        naming: Naming | None = None,
        like: str | None = None,
    ) -> None:
        if capacity < 1:
            raise ValueError(f"capacity must be at least 1, got {capacity}")
        self.like = like
        self.on_request = settings_with_profile(settings_on_request(like))
        self.naming = naming or Naming()
        self.server = ServerHandle(base_url=self.naming.public_url or base_url.rstrip("/"))
        self.auto_create = auto_create
        self.capacity = capacity
        self.dropped = 0
        self.memory = Memory(memory)
        self._own_account = self.memory.account()
        self._clock_source = clock_source
        self._randomness = randomness or Randomness()
        self._key_keeper = key_keeper
        self._observer = observer
        self._kept: dict[str, Tenant] = {}
        # In the order of their last use, the longest ago first.
        self._sprung: OrderedDict[str, Tenant] = OrderedDict()
        self._temporary: OrderedDict[str, Tenant] = OrderedDict()
        self._retired: set[str] = set()
        self._numbers = itertools.count(1)
        self._lock = threading.RLock()
        self.outside = Tenant(
            name="", base_url="", clock=Clock(clock_source), account=self.memory.account(), observe=self._observed(None)
        )
        # No tenant: only its journal counts.
        self.outside.account.remove(TENANTS, self.outside.account.used[TENANTS])

    def create(
        self,
        name: str | None = None,
        *,
        replace: bool = False,
        temporary: bool = False,
        base_url: str | None = None,
        randomness: Randomness | None = None,
        **settings: Any,
    ) -> Tenant:
        """Create a tenant and return it; with `replace` it takes the place of a tenant of the same name.

        `name` is random by default. A `temporary` tenant may be dropped to make room for another one. `base_url` is the
        start of the tenant's URLs in every answer, by default what the registry's `naming` says. The random name, tokens
        and identifiers come from `randomness`, by default from that of this registry.

        Raises:
            TenantExists: there is a tenant of that name, and `replace` is not set.
            TooManyTenants, MemoryFull: there is no room for another tenant.
            ValueError: the name is not allowed in a path.
            TypeError: a setting does not exist.
            ProfileError: the setting `like` names no profile.
        """
        source = randomness or self._randomness
        chosen = settings_with_profile(settings)
        with self._lock:
            if name is None:
                name = self._unused_name(source)
            elif not replace and self.existing(name) is not None:
                raise TenantExists(
                    f"there is a tenant {name!r} already; replace it (in Python replace=True, in the control API PUT), "
                    "or choose another name"
                )
            self._make_room_for(name)
            tenant = self._new(name, chosen, base_url=base_url, randomness=source)
            self._remove(name)
            (self._temporary if temporary else self._kept)[name] = tenant
        return tenant

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None; with `auto_create`, create a missing one.

        None is created if there is no room for it, or if the name belonged to a tenant that was created and deleted.
        """
        tenant = self._kept.get(name)
        if tenant is not None:
            return tenant
        with self._lock:
            tenant = self.existing(name)
            if tenant is None:
                return self._spring(name) if self.auto_create else None
            for others in (self._sprung, self._temporary):
                if name in others:
                    others.move_to_end(name)
            return tenant

    def below_tenant(self, path: str) -> str:
        """Return a path with the tenant's name where a vendor's server has the path at its root."""
        if self.like is None or endpoint_of(path.removeprefix("/"), self.on_request.paths) is None:
            return path
        return f"/{AT_ROOT}{path}"

    def contains(self, tenant: Tenant) -> bool:
        """Check whether a tenant is still registered, neither deleted nor replaced."""
        return self.existing(tenant.name) is tenant

    def existing(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None; this neither creates it nor counts as use."""
        return self._kept.get(name) or self._sprung.get(name) or self._temporary.get(name)

    def delete(self, name: str) -> bool:
        """Delete a tenant; return whether it existed."""
        with self._lock:
            on_request = self._sprung.get(name)
            if on_request is None or self._is_configured(on_request):
                self._retire(name)
            return self._remove(name)

    def all(self) -> tuple[Tenant, ...]:
        """Return all tenants, oldest first; this does not count as use."""
        with self._lock:
            found = (*self._kept.values(), *self._sprung.values(), *self._temporary.values())
        return tuple(sorted(found, key=lambda tenant: tenant.number))

    def names(self) -> tuple[str, ...]:
        """Return the names of all tenants, oldest first."""
        return tuple(tenant.name for tenant in self.all())

    def memory_use(self) -> MemoryUse:
        """Return how much of the memory the tenants use, and how much was dropped to make room."""
        return self.memory.use()

    def _remove(self, name: str) -> bool:
        for tenants in (self._kept, self._sprung, self._temporary):
            tenant = tenants.pop(name, None)
            if tenant is not None:
                tenant.account.close()
                return True
        return False

    def _retire(self, name: str) -> None:
        if self.existing(name) is not None and name not in self._retired and len(self._retired) < MOST_RETIRED:
            self._retired.add(name)
            self._own_account.add(TENANTS, ENTRY, always=True)

    def _unused_name(self, source: Randomness) -> str:
        # A source with a seed may draw a name again that is in use.
        while self.existing(name := f"t{source.hexadecimal(6)}") is not None:
            pass
        return name

    def _spring(self, name: str) -> Tenant | None:
        """Create a lenient tenant for the first request to its name, if it may be and there is room."""
        if name in self._retired or len(self._retired) >= MOST_RETIRED or not _NAME.fullmatch(name):
            return None
        try:
            self._make_room_for(name)
            tenant = self._new(name, self.on_request)
        except StorageFull as full:
            log.warning("no tenant is created for a request to the name %s: %s", name, full)
            return None
        self._sprung[name] = tenant
        if self._observer is not None:
            self._observer.created(tenant)
        return tenant

    def _make_room_for(self, name: str) -> None:
        """Drop tenants that may be dropped until there is a place for one more.

        Raises:
            TooManyTenants: none may be dropped.
        """
        while self.existing(name) is None and len(self._kept) + len(self._sprung) + len(self._temporary) >= self.capacity:
            if not self._drop_one():
                raise TooManyTenants(
                    f"the server has its most tenants, {self.capacity}, and somebody created or configured each of them; "
                    "delete one (DELETE /_control/tenants/NAME, Tenants.delete), or create them with temporary=True"
                )

    def _drop_one(self) -> bool:
        """Drop the tenant that was used longest ago, of those that may be; return whether there was one."""
        while self._sprung:
            name, tenant = self._sprung.popitem(last=False)
            if self._is_configured(tenant):
                # Somebody has configured it since: from now on it stays, as if it had been created.
                self._kept[name] = tenant
                continue
            break
        else:
            if not self._temporary:
                return False
            name = next(iter(self._temporary))
            self._retire(name)
            tenant = self._temporary.pop(name)
        tenant.account.close()
        self.dropped += 1
        if self.dropped == 1:
            log.warning("the limit of %d tenants is reached: those that were used longest ago are dropped", self.capacity)
        return True

    def _new(
        self, name: str, settings: TenantSettings, *, base_url: str | None = None, randomness: Randomness | None = None
    ) -> Tenant:
        if not _NAME.fullmatch(name):
            raise ValueError(f"tenant name {name!r}: expected {NAME_WORDS}")
        account = self.memory.account()
        try:
            tenant = Tenant(
                name=name,
                base_url=(base_url or self.server.base_url).rstrip("/"),
                settings=settings,
                clock=Clock(self._clock_source),
                randomness=(randomness or self._randomness).derived(name),
                other_origin=lambda: self.server.other_origin(),
                keys=KeyRing(self._key_keeper(name) if self._key_keeper else None),
                account=account,
                observe=self._observed(name),
                follows_requests=base_url is None and self.naming.source is not BaseURLSource.SERVER,
                browser_url=self.naming.browser_url if base_url is None else None,
            )
        except BaseException:
            account.close()
            raise
        tenant.number = next(self._numbers)
        return tenant

    def _observed(self, name: str | None) -> Callable[[Exchange], None] | None:
        return None if self._observer is None else partial(self._observer.recorded, name)

    def _is_configured(self, on_request: Tenant) -> bool:
        """Check whether somebody has configured a tenant that a request created."""
        return on_request.has_parties_or_faults or on_request.settings != self.on_request
