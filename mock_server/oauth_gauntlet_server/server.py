"""`MockServer`: the authorization server on a socket of its own, for tests and for local development."""

from __future__ import annotations

from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from oauth_gauntlet_server.listener import Limits, Listener

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

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ListenerError: the port is taken, or the address is not this machine's.
        """
        from oauth_gauntlet_server.app import create_app

        listener = Listener(create_app(self.tenants).wsgi_app, host=self._host, port=self._port, limits=self._limits)
        self.tenants.base_url = (
            f"http://{f'[{listener.host}]' if ':' in listener.host else listener.host}:{listener.port}"
        )
        self._listener = listener
        listener.start()

    def stop(self) -> None:
        """End every connection and stop listening."""
        if self._listener is not None:
            self._listener.stop()
            self._listener = None

    @property
    def base_url(self) -> str:
        """The URL under which the tenants are, without a trailing slash."""
        return self.tenants.base_url

    def tenant(self, name: str | None = None, **settings: Any) -> Tenant:
        """Create a tenant, of a name of its own unless one is given; `settings` are fields of `TenantSettings`."""
        return self.tenants.create(name, **settings)

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.stop()
