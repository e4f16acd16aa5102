"""`Port`: an additional address of a server, with an optional connection fault for all its connections.

A connection fault happens before a request is read. At that time the tenant is unknown, so the fault belongs
to a port.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Any, Protocol, Self

from oauth_gauntlet_server.http.endpoints import BY_URL_NAME
from oauth_gauntlet_server.http.json_schema import did_you_mean
from oauth_gauntlet_server.listening.connection_faults.base import ConnectionFault
from oauth_gauntlet_server.listening.connection_faults.tcp import Refuse
from oauth_gauntlet_server.listening.connection_log import ConnectionLog, ConnectionOutcome, ConnectionRecord
from oauth_gauntlet_server.listening.listener import Listener, RejectedConnection

_URL_NAMES = {"issuer": "issuer", **{endpoint.name: name for name, endpoint in BY_URL_NAME.items()}}


class TenantURLs(Protocol):
    """The URLs of a tenant at the server's own address."""

    issuer: str
    token_url: str


class PortError(Exception):
    """A port cannot do what was requested; the message contains the reason and the next step."""


class Port:
    """An address with the same tenants as its server. It is closed with the server, or by `close`.

    `fault` applies to its connections (None: no fault); `url` is its scheme, host and port.
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

        `endpoint` is a name in the table of endpoints (`http.endpoints`), such as ``token`` or ``metadata``, or
        ``issuer``. The tenant's issuer identifier and the URLs in its metadata still contain the server's own address.

        Raises:
            ValueError: the endpoint is unknown (the message contains the nearest known name), or the tenant is of another
                server.
        """
        url_name = _URL_NAMES.get(endpoint)
        if url_name is None:
            raise ValueError(f"unknown endpoint {endpoint!r}{did_you_mean(endpoint, _URL_NAMES)}")
        there: str = getattr(tenant, url_name)
        if not there.startswith(f"{self._server_url}/"):
            raise ValueError(f"{there} is not a URL of this port's server, {self._server_url}: the tenant is of another server")
        return self.url + there.removeprefix(self._server_url)

    @property
    def number(self) -> int:
        """The TCP port number."""
        return self._listener.port

    @property
    def rejected(self) -> RejectedConnection | None:
        """The last rejected connection (the machine had no room for it), or None."""
        return self._listener.rejected

    @property
    def connections(self) -> tuple[ConnectionRecord, ...]:
        """The records of the last thousand connections, oldest first."""
        return self._log.records()

    @property
    def count(self) -> int:
        """The number of all connections since the port opened."""
        return self._log.count

    def wait_for(
        self, count: int, *, outcome: ConnectionOutcome | None = None, ended: bool = False, timeout_s: float = 5.0
    ) -> tuple[ConnectionRecord, ...]:
        """Wait until at least `count` connections match, and return all that match.

        A connection matches if it has the given `outcome`; without `outcome`, if it has any outcome except
        OPEN. With `ended` it must also be closed.

        Raises:
            TimeoutError: fewer match after `timeout_s` seconds; the message contains the outcomes that were
                seen.
            PortError: the port refuses connections now, so none is recorded.
        """
        if self._listener.refuses:
            raise PortError(
                "refused connections never reach the server, so they cannot be waited for; look at the client's error, "
                "or call recover() first"
            )
        return self._log.wait_for(count, outcome=outcome, ended=ended, timeout_s=timeout_s)

    def clear(self) -> None:
        """Delete the records; `count` continues."""
        self._log.clear()

    def recover(self) -> None:
        """End the fault for every new connection; a connection that the fault keeps waiting continues to wait."""
        self._listener.recover()

    def fail_again(self) -> None:
        """Let the fault act again on every new connection, after `recover`: the same URL worked, and works no longer.

        Raises:
            PortError: the fault refuses connections, which a port cannot do once it listens.
        """
        if isinstance(self.fault, Refuse):
            raise PortError("a port that listens cannot refuse connections again; open another port")
        self._listener.fail_again()

    @property
    def in_flight(self) -> int:
        """The number of connections with a request that is being received or answered at the moment."""
        return self._listener.in_flight

    def end(self) -> None:
        """Refuse new connections, and close each connection as soon as no request is in flight; do not wait for that."""
        self._listener.end()

    def close(self) -> None:
        """Stop listening and close every connection to this port."""
        self._listener.stop()
        self._forget(self)

    def to_json(self) -> dict[str, Any]:
        """Return the JSON representation for the control API."""
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
