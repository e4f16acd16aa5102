"""`Port`: one more address of a server, at which every connection may meet the same fault."""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from oauth_gauntlet_server.faults.fault_json import nearest
from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.listening.connection_faults.base import ConnectionFault
from oauth_gauntlet_server.listening.connection_log import ConnectionLog, ConnectionOutcome, ConnectionRecord
from oauth_gauntlet_server.listening.listener import Listener, RejectedConnection

_URL_NAMES = {"issuer": "issuer", **{endpoint.name: name for name, endpoint in BY_URL_NAME.items()}}


class TenantURLs(Protocol):
    """What a port needs of a tenant: its URLs at the server's own address."""

    issuer: str
    token_url: str


class PortError(Exception):
    """What was asked of a port cannot be had; the text says why and what to do."""


class Port:
    """An address that serves the same tenants as the server that opened it. Closed with the server, or by `close`.

    `fault` is what its connections meet (None: nothing), `url` its scheme, host and port.
    """

    def __init__(
        self,
        listener: Listener,
        *,
        url: str,
        server_url: str,
        log: ConnectionLog,
        fault: ConnectionFault | None = None,
        forget: Callable[[Port], None] = lambda port: None,  # noqa: ARG005
    ) -> None:
        self.url = url
        self.fault = fault
        self._listener = listener
        self._server_url = server_url
        self._log = log
        self._forget = forget

    def url_of(self, tenant: TenantURLs, endpoint: str = "token") -> str:
        """Return the URL of a tenant's endpoint at this port.

        `endpoint` is ``token``, ``introspect``, ``revoke``, ``resource``, ``scim``, ``jwks``, ``metadata`` or
        ``issuer``. What the
        tenant says of itself (issuer, metadata) still has the server's own address.

        Raises:
            ValueError: there is no such endpoint.
        """
        url_name = _URL_NAMES.get(endpoint)
        if url_name is None:
            raise ValueError(f"unknown endpoint {endpoint!r}{nearest(endpoint, _URL_NAMES)}")
        there: str = getattr(tenant, url_name)
        return self.url + there.removeprefix(self._server_url)

    @property
    def number(self) -> int:
        """The number of the port."""
        return self._listener.port

    @property
    def rejected(self) -> RejectedConnection | None:
        """The last connection that this machine had no room for."""
        return self._listener.rejected

    @property
    def connections(self) -> tuple[ConnectionRecord, ...]:
        """What became of each connection, oldest first (the last thousand)."""
        return self._log.records()

    @property
    def count(self) -> int:
        """How many connections there ever were."""
        return self._log.count

    def wait_for(
        self, count: int, *, outcome: ConnectionOutcome | None = None, ended: bool = False, timeout_s: float = 5.0
    ) -> tuple[ConnectionRecord, ...]:
        """Wait until something has happened to at least `count` connections, and return those.

        `outcome`: only connections of that outcome count; `ended`: only those that are over.

        Raises:
            TimeoutError: they did not come within `timeout_s` seconds; the text says what did.
            PortError: connections are refused here, so that none will ever be seen.
        """
        if self._listener.refuses:
            raise PortError(
                "refused connections never reach the server, so they cannot be waited for; look at the client's error, "
                "or call recover() first"
            )
        return self._log.wait_for(count, outcome=outcome, ended=ended, timeout_s=timeout_s)

    def clear(self) -> None:
        """Forget the records; `count` goes on."""
        self._log.clear()

    def recover(self) -> None:
        """Behave towards every connection from here on; one that is being made to wait stays so."""
        self._listener.recover()

    def close(self) -> None:
        """End every connection to this port and stop listening."""
        self._listener.stop()
        self._forget(self)

    def to_json(self) -> dict[str, Any]:
        """Return the form that the control API shows."""
        return {
            "port": self.number,
            "url": self.url,
            "fault": None if self.fault is None else self.fault.to_json(),
            "count": self.count,
            "connections": [record.to_json() for record in self.connections],
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()
