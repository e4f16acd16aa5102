"""`MockServer`: the authorization server on a socket of its own, for tests and for local development."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from oauth_gauntlet_server.listener import Limits, Listener, ListenerError

if TYPE_CHECKING:
    from oauth_gauntlet_server.tenant import Tenant
    from oauth_gauntlet_server.tenants import Tenants


class MockServer:
    """A running mock authorization server.

    >>> with MockServer() as server:
    ...     tenant = server.tenant()
    ...     tenant.token_url.startswith("http://127.0.0.1:")
    True

    Port 0 lets the system choose a free one. The control API wants the `control_token` where there is one: by default on
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
        control_token: str | None = None,
        control_hosts: Iterable[str] = (),
    ) -> None:
        from oauth_gauntlet_server.control.access import is_loopback
        from oauth_gauntlet_server.tenants import Tenants

        self.tenants = tenants if tenants is not None else Tenants()
        self._host = host
        self._port = port
        self._limits = limits
        self.control_token = control_token or (None if is_loopback(host) else secrets.token_urlsafe(24))
        self._control_hosts = frozenset(control_hosts)
        self._listener: Listener | None = None

    def start(self) -> None:
        """Begin to listen.

        Raises:
            ListenerError: the port is taken, the address is not this machine's, or the server is running already.
        """
        if self._listener is not None:
            raise ListenerError(f"this server is listening on port {self._listener.port} already; stop it first")
        from oauth_gauntlet_server.app import create_app
        from oauth_gauntlet_server.control import Access

        access = Access(bound=self._host, hosts=self._control_hosts, token=self.control_token)
        listener = Listener(
            create_app(self.tenants, access=access).wsgi_app, host=self._host, port=self._port, limits=self._limits
        )
        self.tenants.base_url = f"http://{_authority(listener.host)}:{listener.port}"
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
