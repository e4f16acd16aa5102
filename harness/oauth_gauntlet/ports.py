"""Open ports for a scenario: for connection faults and TLS, which act before a request is read."""

from __future__ import annotations

from typing import Protocol

from oauth_gauntlet.checks import untestable
from oauth_gauntlet_server import Certificate, ConnectionFault, Port, TLSUnavailable
from oauth_gauntlet_server.listening.connection_faults import Refuse


class PortOpener(Protocol):
    """What `Ports` needs of the harness: a mock server that can open ports."""

    def open_port(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None) -> Port:
        """Open a port.

        Raises:
            TLSUnavailable: this machine lacks what the fault or the certificate needs.
        """

    @property
    def ca_file(self) -> str:
        """The path of the certificate authority's certificate (PEM) that clients trust."""


class Ports:
    """Opens ports for one scenario; a connection fault belongs to a port, not to a tenant."""

    def __init__(self, opener: PortOpener) -> None:
        self._opener = opener
        self.opened: list[Port] = []

    def open(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None) -> Port:
        """Open a port; the scenario is untestable if this machine cannot open it."""
        try:
            port = self._opener.open_port(fault, tls=tls)
        except TLSUnavailable as unavailable:
            untestable(str(unavailable))
        self.opened.append(port)
        return port

    @property
    def ca_file(self) -> str:
        """The path of the certificate authority that the client has to trust (PEM)."""
        return self._opener.ca_file

    def close(self) -> None:
        """Close every port; the records of their connections stay."""
        for port in self.opened:
            port.close()

    def unmet(self) -> tuple[str, ...]:
        """Return the names of faults that no connection met; a refused connection leaves no record, and counts as met."""
        return tuple(
            port.fault.name
            for port in self.opened
            if port.fault is not None
            and not isinstance(port.fault, Refuse)
            and not any(record.fault == port.fault.name for record in port.connections)
        )
