"""Create, find and delete the tenants of one server by name."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol

from oauth_gauntlet_server.faults import no_other_origin
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.tenancy.journal import Exchange, Journal
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.store import MemoryStore
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings

if TYPE_CHECKING:
    from oauth_gauntlet_server.listening.certificates import Certificate
    from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
    from oauth_gauntlet_server.listening.port import Port

NAME_PATTERN = "[A-Za-z0-9][A-Za-z0-9._~-]{0,63}"
"""A regular expression that the whole name of a tenant matches."""

NAME_WORDS = "1 to 64 letters, digits, '.', '_', '~' or '-', the first a letter or a digit"

_NAME = re.compile(NAME_PATTERN)

MOST_TENANTS = 5_000
"""The most tenants of one server."""

MOST_STREAMS = 16
"""The most journal streams at a time; each occupies a connection and a thread of the server."""


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
    """A registry of at most `capacity` tenants; when it is full, it deletes the oldest one.

    With `auto_create`, the first use of a name creates a lenient tenant. That is useful for local
    development. Names, tokens and identifiers come from `randomness`; by default they are unpredictable.

    `outside` has the journal of the requests that belong to no tenant. It is no tenant: it has no name, and no request
    leads to it. `observer` is told of each exchange and of each tenant that a request created.
    """

    def __init__(
        self,
        *,
        base_url: str = "http://127.0.0.1:8080",
        auto_create: bool = False,
        capacity: int = MOST_TENANTS,
        clock_source: Callable[[], float] = time.time,
        randomness: Randomness | None = None,
        observer: Observer | None = None,
    ) -> None:
        self.server = ServerHandle(base_url=base_url.rstrip("/"))
        self.auto_create = auto_create
        self._clock_source = clock_source
        self._randomness = randomness or Randomness()
        self._observer = observer
        self._tenants: MemoryStore[Tenant] = MemoryStore(capacity)
        self.outside = Tenant(name="", base_url="", clock=Clock(clock_source), journal=self._journal(None))

    def create(
        self,
        name: str | None = None,
        *,
        base_url: str | None = None,
        randomness: Randomness | None = None,
        **settings: Any,
    ) -> Tenant:
        """Create a tenant and return it; it replaces a tenant of the same name.

        `name` is random by default. `base_url` is the start of the tenant's URLs, by default the server's own
        URL. The random name, tokens and identifiers come from `randomness`, by default from that of this registry.

        Raises:
            ValueError: the name is not allowed in a path.
            TypeError: a setting does not exist.
        """
        source = randomness or self._randomness
        chosen = name if name is not None else f"t{source.hexadecimal(6)}"
        tenant = self._new(chosen, TenantSettings(**settings), base_url=base_url, randomness=source)
        self._tenants.put(tenant.name, tenant)
        return tenant

    def find(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None; with `auto_create`, create a missing one."""
        tenant = self.existing(name)
        if tenant is None and self.auto_create and _NAME.fullmatch(name):
            made = self._new(name, TenantSettings(strict=False))
            created = self._tenants.put_if_absent(name, made)
            tenant = self._tenants.get(name)
            if created and self._observer is not None:
                self._observer.created(made)
        return tenant

    def existing(self, name: str) -> Tenant | None:
        """Return the tenant of that name, or None; create nothing."""
        return self._tenants.get(name)

    def contains(self, tenant: Tenant) -> bool:
        """Check whether a tenant is still registered, neither deleted nor replaced."""
        return self._tenants.get(tenant.name) is tenant

    def delete(self, name: str) -> bool:
        """Delete a tenant; return whether it existed."""
        return self._tenants.delete(name) is not None

    def names(self) -> tuple[str, ...]:
        """Return the names of all tenants, oldest first."""
        return tuple(tenant.name for tenant in self._tenants.values())

    def _new(
        self, name: str, settings: TenantSettings, *, base_url: str | None = None, randomness: Randomness | None = None
    ) -> Tenant:
        if not _NAME.fullmatch(name):
            raise ValueError(f"tenant name {name!r}: expected {NAME_WORDS}")
        return Tenant(
            name=name,
            base_url=(base_url or self.server.base_url).rstrip("/"),
            settings=settings,
            clock=Clock(self._clock_source),
            randomness=(randomness or self._randomness).derived(name),
            other_origin=lambda: self.server.other_origin(),
            journal=self._journal(name),
        )

    def _journal(self, name: str | None) -> Journal:
        return Journal(observe=None if self._observer is None else partial(self._observer.recorded, name))
