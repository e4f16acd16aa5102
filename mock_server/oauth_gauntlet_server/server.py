"""`MockServer`: the authorization server with its own socket, for tests and for local development.

A server is a set of tenants and a number of addresses. Each address is one listener: the server's own, a second origin
for redirects, and the ports that `open_port` adds. The ports share the application of the server, and so its tenants.
They differ only in what happens before a request is read, so that the same client can be given a good or a faulty
address.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from oauth_gauntlet_server.application.malformed import malformed_recorder
from oauth_gauntlet_server.application.other_origin import OtherOrigin
from oauth_gauntlet_server.http.base_url import origin_and_path
from oauth_gauntlet_server.integrations.in_process import InProcess
from oauth_gauntlet_server.listening.authority_file import AuthorityFile
from oauth_gauntlet_server.listening.limits import Limits
from oauth_gauntlet_server.listening.listener import Listener, ListenerError, RejectedConnection

if TYPE_CHECKING:
    from oauth_gauntlet_server.application.front import Front
    from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
    from oauth_gauntlet_server.http.http_request import RecordedRequest
    from oauth_gauntlet_server.listening.certificates import Certificate, IssuedCertificate
    from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
    from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup
    from oauth_gauntlet_server.listening.port import Port
    from oauth_gauntlet_server.tenancy.journal import Journal
    from oauth_gauntlet_server.tenancy.randomness import Randomness
    from oauth_gauntlet_server.tenancy.tenant import Tenant
    from oauth_gauntlet_server.tenancy.tenants import Tenants


_TICK_S = 0.02
"""How often `finish` looks whether all requests are answered, in seconds."""


class MockServer(InProcess):
    """A running mock authorization server.

    >>> with MockServer() as server:
    ...     tenant = server.tenant()
    ...     tenant.token_url.startswith("http://127.0.0.1:")
    True

    With port 0 the system chooses a free port. With `tls` (True: `Certificate.TRUSTED`) it serves https; clients must
    then trust the authority in `ca_file`, unless `tls` is a certificate of your own.

    The URLs of its tenants begin with its own address, unless `tenants` have a `Naming` that says otherwise.

    If there is a `control_token`, the control API requires it. This class makes one unless only this machine can reach
    the server: `host` and the public URL are loopback, and no proxy is trusted. The control API accepts a Host header
    field that names loopback, the bound address, the host of the public URL or the browser's URL, or one of `control_hosts`.

    All tenants together keep at most `memory` octets (default: 256 MiB): journals, tokens, settings. What is dropped or
    refused when it is full stands in `tenancy.memory`; `tenants.memory_use()` returns the numbers.

    Raises:
        ValueError: `memory` is less than 1 MiB, or given together with `tenants`, which have a memory of their own.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tenants: Tenants | None = None,
        limits: Limits | None = None,
        tls: Certificate | IssuedCertificate | bool = False,
        control_token: str | None = None,
        control_hosts: Iterable[str] = (),
        memory: int | None = None,
    ) -> None:
        from oauth_gauntlet_server.control.access import is_loopback
        from oauth_gauntlet_server.http.base_url import BaseURLSource
        from oauth_gauntlet_server.tenancy.memory import DEFAULT_MEMORY
        from oauth_gauntlet_server.tenancy.tenants import Tenants

        if tenants is not None and memory is not None:
            raise ValueError("memory and tenants are both given; give the memory to the tenants: Tenants(memory=...)")
        self.tenants = tenants if tenants is not None else Tenants(memory=DEFAULT_MEMORY if memory is None else memory)
        self._host = host
        self._port = port
        self._limits = limits
        self._tls = tls
        naming = self.tenants.naming
        # Behind a proxy on this machine, every request comes from loopback.
        only_here = naming.source is not BaseURLSource.PROXY and all(map(is_loopback, (host, *naming.hosts)))
        self.control_token = control_token or (None if only_here else secrets.token_urlsafe(24))
        self._control_hosts = frozenset(control_hosts) | naming.hosts
        self._listener: Listener | None = None
        self._other_origin: Listener | None = None
        self._front: Front | None = None
        self._ports: tuple[Port, ...] = ()
        self._ca_file = AuthorityFile()
        self._lock = threading.Lock()

    def bind(self) -> None:
        """Take the address: URLs are known, and a client that connects is answered after `start`.

        What the first request must find is created between the two.

        Raises:
            ListenerError: the port is taken, the address is not this machine's, or the server is running already.
            TLSUnavailable: `tls` is set, and trustme is not installed.
        """
        if self._listener is not None:
            raise ListenerError(f"this server is listening on port {self._listener.port} already; call stop() first")
        from oauth_gauntlet_server.tenancy.tenants import MOST_STREAMS, ServerHandle

        listener = Listener(
            self.wsgi_app.handle,
            host=self._host,
            port=self._port,
            limits=self._limits,
            setup=self._own_setup(),
            record_malformed=malformed_recorder(self.tenants.outside),
        )
        # Each follower of a journal keeps a connection: followers get at most half of them, the rest is for clients.
        streams = min(MOST_STREAMS, listener.limits.connections // 2)
        self.tenants.server = ServerHandle(
            base_url=self.tenants.naming.public_url or listener.url("https" if self._tls else "http"),
            other_origin=self.other_origin,
            port_opener=self,
            streams=threading.BoundedSemaphore(streams),
        )
        self._listener = listener

    def start(self) -> None:
        """Answer requests; take the address first, if `bind` has not. Raises what `bind` raises."""
        if self._listener is None or self._listener.started:
            self.bind()
        assert self._listener is not None
        self._listener.start()

    def stop(self) -> None:
        """Close every connection at every address, and stop listening. May be called twice."""
        for port in self._ports:
            port.close()
        for listener in (self._listener, self._other_origin):
            if listener is not None:
                listener.stop()
        self._listener = self._other_origin = None
        self._ca_file.remove()

    def finish(self, grace_s: float, *, hurry: threading.Event | None = None) -> int:
        """Refuse new connections, and wait until every request in flight is answered; call `stop` after it.

        Streams of the control API end at once. The wait ends after `grace_s` seconds, or when `hurry` is set. Returns how
        many requests are not answered then.
        """
        for place in self._places():
            place.end()
        deadline = time.monotonic() + grace_s
        asked = hurry or threading.Event()
        while (left := self.in_flight) and (wait := deadline - time.monotonic()) > 0:
            if asked.wait(min(wait, _TICK_S)):
                break
        return left

    @property
    def in_flight(self) -> int:
        """The number of connections with a request that is being received or answered at the moment, at every address."""
        return sum(place.in_flight for place in self._places())

    def _places(self) -> list[Listener | Port]:
        return [each for each in (self._listener, self._other_origin, *self._ports) if each is not None]

    def other_origin(self) -> str:
        """Return the base URL of a second origin, which starts with the first call.

        The journal of a tenant records each request there below the tenant's name, under the endpoint ``other_origin``.
        No client has a reason to send a secret to it.
        """
        with self._lock:
            if self._other_origin is None:
                handle = OtherOrigin(self.tenants.existing, self.tenants.outside).handle
                other = Listener(
                    handle,
                    host=self._host,
                    port=0,
                    limits=self._limits,
                    setup=self._own_setup(),
                    record_malformed=malformed_recorder(self.tenants.outside),
                )
                other.start()
                self._other_origin = other
            return self._other_origin.url("https" if self._tls else "http")

    def open_port(
        self,
        fault: ConnectionFault | None = None,
        *,
        tls: Certificate | bool | None = None,
        port: int = 0,
        host: str | None = None,
    ) -> Port:
        """Open one more address of this server; `fault` applies to every connection to it (None: no fault).

        `tls` is the certificate that it presents (True: the trusted one; False: plain HTTP), by default that of the
        server. A port with a TLS fault has https URLs in any case. With port 0 the system chooses a free port. `host` is
        another address of this machine; a port there serves only connections from that address, so only this machine's.

        Raises:
            ListenerError: the server is not running, the port is taken, or the fault needs TLS and `tls` is False.
            TLSUnavailable: TLS is needed, and trustme is not installed or this machine's OpenSSL does not support what
                the fault needs.
        """
        from oauth_gauntlet_server.listening.connection_setup import setup_with
        from oauth_gauntlet_server.listening.port import Port

        if self._listener is None:
            raise ListenerError("this server is not running and cannot open a port; call start() first")
        certificate: Certificate | IssuedCertificate | bool = self._tls if tls is None else tls
        if fault is not None and fault.needs_tls and not certificate:
            if tls is False:
                raise ListenerError(f"the fault {fault.name} needs TLS, but tls is False; omit tls, or set it to a certificate")
            certificate = True
        address = host or self._host
        setup = setup_with(certificate, host=address, fault=fault, only_from=host)
        listener = Listener(
            self.wsgi_app.handle,
            host=address,
            port=port,
            limits=self._limits,
            setup=setup,
            record_malformed=malformed_recorder(self.tenants.outside),
        )
        opened = Port(
            listener,
            url=listener.url("https" if certificate else "http"),
            server_url=origin_and_path(self.base_url)[0],
            log=setup.log,
            fault=fault,
            forget=self._forget,
        )
        with self._lock:
            self._ports = (*self._ports, opened)
        listener.start()
        return opened

    @property
    def ports(self) -> tuple[Port, ...]:
        """The ports that were opened and not closed, in the order of opening; without the server's own address."""
        return self._ports

    @property
    def rejected(self) -> RejectedConnection | None:
        """The last connection at any address of this server that this machine had no room for, or None."""
        return max((each.rejected for each in self._places() if each.rejected), key=lambda each: each.at, default=None)

    @property
    def ca_file(self) -> Path:
        """A PEM file with the certificate authority that clients must trust. It exists until the server stops.

        Raises:
            ListenerError: the server is not running.
            TLSUnavailable: trustme is not installed.
        """
        if self._listener is None:
            raise ListenerError("this server is not running and has no ca_file; call start() first")
        return self._ca_file.path()

    def _new_front(self) -> Front:
        from oauth_gauntlet_server.application.front import lazy_front
        from oauth_gauntlet_server.control.access import Access

        access = Access(
            bound=self._host, hosts=self._control_hosts, origins=self.tenants.naming.origins, token=self.control_token
        )
        return lazy_front(self.tenants, access)

    def _own_setup(self) -> ConnectionSetup | None:
        from oauth_gauntlet_server.listening.connection_setup import setup_with

        return setup_with(self._tls, host=self._host) if self._tls else None

    def _forget(self, port: Port) -> None:
        with self._lock:
            self._ports = tuple(each for each in self._ports if each is not port)

    @property
    def base_url(self) -> str:
        """The URL below which the tenants are, without a trailing slash."""
        return self.tenants.server.base_url

    @property
    def journal(self) -> Journal:
        """The journal of the requests that belong to no tenant: unknown paths, and octets that are no request."""
        return self.tenants.outside.journal

    @property
    def local_url(self) -> str:
        """The same URL for programs on this machine: never the public URL.

        Raises:
            ListenerError: the server is not running.
        """
        if self._listener is None:
            raise ListenerError("this server is not running and has no address; call start() first")
        return self._listener.url("https" if self._tls else "http")

    def tenant(
        self,
        name: str | None = None,
        *,
        replace: bool = False,
        temporary: bool = False,
        base_url: str | None = None,
        randomness: Randomness | None = None,
        **settings: Any,
    ) -> Tenant:
        """Create a tenant with a new random name, or with `name`; `settings` are fields of `TenantSettings`.

        With `replace` it takes the place of a tenant of the same name. A `temporary` one may be dropped, the one that was
        used longest ago first, when the server has its most tenants; any other stays until it is deleted.

        Its URLs begin with `base_url`, by default that of the server. Another one is useful with `intercept` and
        `wsgi_app`, which need no socket. With a `randomness` that has a seed, name and tokens repeat.

        Raises:
            ListenerError: the server is not running and `base_url` is None, so that the tenant would have no URLs.
            TenantExists: there is a tenant of that name, and `replace` is not set.
            StorageFull: there is no room for another tenant.
        """
        if self._listener is None and base_url is None:
            raise ListenerError("this server is not running and a tenant would have no URL; call start() first")
        return self.tenants.create(
            name, replace=replace, temporary=temporary, base_url=base_url, randomness=randomness, **settings
        )

    @property
    def wsgi_app(self) -> Front:
        """The server as a WSGI application, with faults and journal, running or not."""
        if self._front is None:
            self._front = self._new_front()
        return self._front

    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled:
        """Return the handled request without any socket, running or not; nothing is sent or recorded yet."""
        return self.wsgi_app.handle(request, connection)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.stop()
