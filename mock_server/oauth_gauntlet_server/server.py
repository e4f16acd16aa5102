"""`MockServer`: the authorization server on a socket of its own, for tests and for local development."""

from __future__ import annotations

import threading
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from oauth_gauntlet_server.listener import Limits, Listener, ListenerError
from oauth_gauntlet_server.other_origin import OtherOrigin

if TYPE_CHECKING:
    from oauth_gauntlet_server.tenant import Tenant
    from oauth_gauntlet_server.tenants import Tenants


class MockServer:
    """A running mock authorization server.

    >>> with MockServer() as server:
    ...     tenant = server.tenant()
    ...     tenant.token_url.startswith("http://127.0.0.1:")
    True

    Port 0 lets the system choose a free one.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        port: int = 0,
        tenants: Tenants | None = None,
        limits: Limits | None = None,
    ) -> None:
        from oauth_gauntlet_server.tenants import Tenants

        self.tenants = tenants if tenants is not None else Tenants()
        self._host = host
        self._port = port
        self._limits = limits
        self._listener: Listener | None = None
        self._other_origin: Listener | None = None
        self._opening = threading.Lock()

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ListenerError: the port is taken, the address is not this machine's, or the server is running already.
        """
        if self._listener is not None:
            raise ListenerError(f"this server is listening on port {self._listener.port} already; stop it first")
        from oauth_gauntlet_server.app import create_app

        listener = Listener(create_app(self.tenants).wsgi_app, host=self._host, port=self._port, limits=self._limits)
        self.tenants.base_url = f"http://{_authority(listener.host)}:{listener.port}"
        self.tenants.other_origin = self.other_origin
        self._listener = listener
        listener.start()

    def stop(self) -> None:
        """End every connection and stop listening."""
        for listener in (self._listener, self._other_origin):
            if listener is not None:
                listener.stop()
        self._listener = self._other_origin = None

    def other_origin(self) -> str:
        """Return the base URL of a second origin, which is there from the first call on.

        Whatever arrives there below a tenant's name shows in its journal under the endpoint ``other_origin``: no client
        has a reason to send a secret to it.
        """
        with self._opening:
            if self._other_origin is None:
                other = Listener(OtherOrigin(self.tenants.find), host=self._host, port=0, limits=self._limits)
                other.start()
                self._other_origin = other
            return f"http://{_authority(self._other_origin.host)}:{self._other_origin.port}"

    @property
    def base_url(self) -> str:
        """The URL under which the tenants are, without a trailing slash."""
        return self.tenants.base_url

    def tenant(self, name: str | None = None, **settings: Any) -> Tenant:
        """Create a tenant, of a name of its own unless one is given; `settings` are fields of `TenantSettings`.

        Raises:
            ListenerError: the server is not running, so that the tenant's URLs are not known yet.
        """
        if self._listener is None:
            raise ListenerError("this server is not running, so that a tenant has no URL yet; call start() first")
        return self.tenants.create(name, **settings)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.stop()


def _authority(host: str) -> str:
    """Return a host as it stands in a URL; of an address that means every interface, the one that is always there."""
    reachable = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - read, not bound
    return f"[{reachable}]" if ":" in reachable else reachable
