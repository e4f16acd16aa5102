"""`MockServer`: the authorization server on a socket of its own, for tests and for local development."""

from __future__ import annotations

import contextlib
import os
import secrets
import tempfile
import threading
from collections.abc import Iterable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from oauth_gauntlet_server.application.other_origin import OtherOrigin
from oauth_gauntlet_server.listening.listener import Limits, Listener, ListenerError, RejectedConnection

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    import httpx
    import httpx2

    from oauth_gauntlet_server.application.front import Front
    from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
    from oauth_gauntlet_server.http.http_request import RecordedRequest
    from oauth_gauntlet_server.integrations.bridge_responses import Interception
    from oauth_gauntlet_server.listening.certificates import Certificate
    from oauth_gauntlet_server.listening.connection_faults import ConnectionFault
    from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup
    from oauth_gauntlet_server.listening.port import Port
    from oauth_gauntlet_server.tenancy.tenant import Tenant
    from oauth_gauntlet_server.tenancy.tenants import Tenants


class MockServer:
    """A running mock authorization server.

    >>> with MockServer() as server:
    ...     tenant = server.tenant()
    ...     tenant.token_url.startswith("http://127.0.0.1:")
    True

    Port 0 lets the system choose a free one. With `tls` (True: `Certificate.TRUSTED`) it serves https; clients then
    trust the authority in `ca_file`.

    The control API wants the `control_token` where there is one: by default on
    any interface but loopback, and then it is made here. It is served under the names of loopback, the address that is
    bound, and `control_hosts`.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tenants: Tenants | None = None,
        limits: Limits | None = None,
        tls: Certificate | bool = False,
        control_token: str | None = None,
        control_hosts: Iterable[str] = (),
    ) -> None:
        from oauth_gauntlet_server.control.access import is_loopback
        from oauth_gauntlet_server.tenancy.tenants import Tenants

        self.tenants = tenants if tenants is not None else Tenants()
        self._host = host
        self._port = port
        self._limits = limits
        self._tls = tls
        self.control_token = control_token or (None if is_loopback(host) else secrets.token_urlsafe(24))
        self._control_hosts = frozenset(control_hosts)
        self._listener: Listener | None = None
        self._other_origin: Listener | None = None
        self._front: Front | None = None
        self._ports: tuple[Port, ...] = ()
        self._ca_file: Path | None = None
        self._lock = threading.Lock()

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ListenerError: the port is taken, the address is not this machine's, or the server is running already.
            TLSUnavailable: TLS is wanted, and trustme is not installed.
        """
        if self._listener is not None:
            raise ListenerError(f"this server is listening on port {self._listener.port} already; stop it first")
        from oauth_gauntlet_server.tenancy.tenants import MOST_STREAMS, ServerHandle

        setup = self._setup(None, self._tls) if self._tls else None
        listener = Listener(self.wsgi_app.handle, host=self._host, port=self._port, limits=self._limits, setup=setup)
        # Each follower of a journal keeps a connection: followers get at most half of them, the rest is for clients.
        streams = min(MOST_STREAMS, listener.limits.connections // 2)
        self.tenants.server = ServerHandle(
            base_url=_url("https" if self._tls else "http", listener),
            other_origin=self.other_origin,
            port_keeper=self,
            streams=threading.BoundedSemaphore(streams),
        )
        self._listener = listener
        listener.start()

    def stop(self) -> None:
        """End every connection, at every port, and stop listening."""
        for port in self._ports:
            port.close()
        for listener in (self._listener, self._other_origin):
            if listener is not None:
                listener.stop()
        self._listener = self._other_origin = None
        with self._lock:
            if self._ca_file is not None:
                with contextlib.suppress(FileNotFoundError):
                    self._ca_file.unlink()
                self._ca_file = None

    def other_origin(self) -> str:
        """Return the base URL of a second origin, which is there from the first call on.

        Whatever arrives there below a tenant's name shows in its journal under the endpoint ``other_origin``: no client
        has a reason to send a secret to it.
        """
        with self._lock:
            if self._other_origin is None:
                setup = self._setup(None, self._tls) if self._tls else None
                other = Listener(
                    OtherOrigin(self.tenants.find).handle, host=self._host, port=0, limits=self._limits, setup=setup
                )
                other.start()
                self._other_origin = other
            return _url("https" if self._tls else "http", self._other_origin)

    def open_port(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None, port: int = 0) -> Port:
        """Open one more address of this server, at which every connection meets `fault` (None: nothing amiss).

        `tls` says which certificate it shows (True: the trusted one; False: plain HTTP), by default that of the server;
        with a fault of TLS the port has https URLs in any case. Port 0 lets the system choose a free one.

        Raises:
            ListenerError: the server is not running, the port is taken, or the fault needs TLS and `tls` is False.
            TLSUnavailable: TLS is wanted and trustme is not installed, or this machine's OpenSSL cannot do what the fault
                needs.
        """
        from oauth_gauntlet_server.listening.port import Port

        if self._listener is None:
            raise ListenerError("this server is not running, so that it cannot open a port; call start() first")
        wanted: Certificate | bool = self._tls if tls is None else tls
        if fault is not None and fault.needs_tls and not wanted:
            if tls is False:
                raise ListenerError(f"the fault {fault.name} needs TLS; leave tls out, or give a certificate")
            wanted = True
        setup = self._setup(fault, wanted)
        listener = Listener(self.wsgi_app.handle, host=self._host, port=port, limits=self._limits, setup=setup)
        opened = Port(
            listener,
            url=_url("https" if wanted else "http", listener),
            server_url=self.base_url,
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
        """The ports that are open beside the server's own, in the order of opening."""
        return self._ports

    @property
    def rejected(self) -> RejectedConnection | None:
        """The last connection, at any address of this server, that this machine had no room for; None while it had."""
        places = [each for each in (self._listener, self._other_origin, *self._ports) if each is not None]
        return max((each.rejected for each in places if each.rejected), key=lambda each: each.at, default=None)

    @property
    def ca_file(self) -> Path:
        """A file with the authority that clients are to trust (PEM); it is there until the server stops.

        Raises:
            ListenerError: the server is not running.
            TLSUnavailable: trustme is not installed.
        """
        from oauth_gauntlet_server.listening.certificates import ca_pem

        if self._listener is None:
            raise ListenerError("this server is not running, so that it has no ca_file; call start() first")
        with self._lock:
            if self._ca_file is None:
                descriptor, name = tempfile.mkstemp(prefix="oauth-gauntlet-ca-", suffix=".pem")
                made = Path(name)
                try:
                    with os.fdopen(descriptor, "wb") as file:
                        file.write(ca_pem())
                    made.chmod(0o644)  # nothing secret, and clients may run as another user
                except OSError:
                    made.unlink()  # a disk that is full leaves half of it
                    raise
                self._ca_file = made
            return self._ca_file

    def _new_front(self) -> Front:
        from oauth_gauntlet_server.application.front import late_front
        from oauth_gauntlet_server.control.access import Access

        return late_front(self.tenants, Access(bound=self._host, hosts=self._control_hosts, token=self.control_token))

    def _setup(self, fault: ConnectionFault | None, tls: Certificate | bool) -> ConnectionSetup:
        from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup

        if not tls:
            return ConnectionSetup(host=self._host, fault=fault)
        from oauth_gauntlet_server.listening.certificates import Certificate
        from oauth_gauntlet_server.listening.tls_context import server_context

        kind = Certificate.TRUSTED if tls is True else tls
        return ConnectionSetup(host=self._host, context=server_context(kind, self._host), fault=fault)

    def _forget(self, port: Port) -> None:
        with self._lock:
            self._ports = tuple(each for each in self._ports if each is not port)

    @property
    def base_url(self) -> str:
        """The URL under which the tenants are, without a trailing slash."""
        return self.tenants.server.base_url

    def tenant(self, name: str | None = None, *, base_url: str | None = None, **settings: Any) -> Tenant:
        """Create a tenant, of a name of its own unless one is given; `settings` are fields of `TenantSettings`.

        `base_url` is what its URLs begin with, by default the server's own: another one is for `intercept` and
        `wsgi_app`, which need no socket.

        Raises:
            ListenerError: the server is not running, so that the tenant's URLs are not known yet.
        """
        if self._listener is None and base_url is None:
            raise ListenerError("this server is not running, so that a tenant has no URL yet; call start() first")
        return self.tenants.create(name, base_url=base_url, **settings)

    @property
    def wsgi_app(self) -> Front:
        """The server as a WSGI application, with faults and journal, running or not."""
        if self._front is None:
            self._front = self._new_front()
        return self._front

    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled:
        """Return the handled request without any socket, running or not; nothing is sent or recorded yet."""
        return self.wsgi_app.handle(request, connection)

    def intercept(self, origin: str, *, pass_others: bool = False) -> AbstractContextManager[Interception]:
        """Answer what the requests library sends to an origin, such as ``https://login.example.com``, in this process.

        Needs the extra ``responses``. Other origins are refused by `responses`, or with `pass_others` really asked.
        """
        from oauth_gauntlet_server.integrations.bridge_responses import intercept

        return intercept(self, origin, pass_others=pass_others)

    def httpx2_transport(self) -> httpx2.BaseTransport:
        """Return a transport by which httpx2 asks this server in this process, whatever the host; needs httpx2."""
        from oauth_gauntlet_server.integrations.bridge_httpx2 import Transport

        return Transport(self.handle)

    def httpx2_async_transport(self) -> httpx2.AsyncBaseTransport:
        """Return the same for `httpx2.AsyncClient`."""
        from oauth_gauntlet_server.integrations.bridge_httpx2 import AsyncTransport

        return AsyncTransport(self.handle)

    def httpx_transport(self) -> httpx.BaseTransport:
        """Return the same for `httpx.Client`; needs httpx."""
        from oauth_gauntlet_server.integrations.bridge_httpx import Transport

        return Transport(self.handle)

    def httpx_async_transport(self) -> httpx.AsyncBaseTransport:
        """Return the same for `httpx.AsyncClient`; needs httpx."""
        from oauth_gauntlet_server.integrations.bridge_httpx import AsyncTransport

        return AsyncTransport(self.handle)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.stop()


def _url(scheme: str, listener: Listener) -> str:
    return f"{scheme}://{_authority(listener.host)}:{listener.port}"


def _authority(host: str) -> str:
    """Return a host as it stands in a URL; of an address that means every interface, the one that is always there."""
    reachable = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
