"""Open ports for a scenario: for connection faults and TLS, which act before a request is read."""

from __future__ import annotations

import ipaddress
import socket
from typing import Protocol

from oauth_gauntlet.checks import untestable
from oauth_gauntlet_server import Certificate, ConnectionFault, Port, TLSUnavailable
from oauth_gauntlet_server.listening.connection_faults import Refuse


class PortOpener(Protocol):
    """What `Ports` needs of the harness: a mock server that can open ports."""

    def open_port(
        self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None, host: str | None = None
    ) -> Port:
        """Open a port, on `host` if it is given: an address of this machine.

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

    def open(
        self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None, host: str | None = None
    ) -> Port:
        """Open a port; the scenario is untestable if this machine cannot open it."""
        try:
            port = self._opener.open_port(fault, tls=tls, host=host)
        except TLSUnavailable as unavailable:
            untestable(str(unavailable))
        self.opened.append(port)
        return port

    def open_beyond_loopback(self) -> Port:
        """Open a port with plain HTTP on an address of this machine that is not loopback; only this machine reaches it.

        The scenario is untestable if this machine has no such address.
        """
        host = own_address()
        if host is None:
            untestable("this machine has no address except loopback, so no plain http beyond loopback can be offered")
        return self.open(tls=False, host=host)

    @property
    def ca_file(self) -> str:
        """The path of the certificate authority that the client has to trust (PEM)."""
        return self._opener.ca_file

    def faulty(self) -> list[Port]:
        """Return the open ports with a fault that acts on connections; one that refuses connections has none."""
        return [port for port in self.opened if port.fault is not None and not isinstance(port.fault, Refuse)]

    @property
    def reached(self) -> bool:
        """Whether a connection was made; a refused connection leaves no record, and counts as made."""
        return any(port.connections or isinstance(port.fault, Refuse) for port in self.opened)

    @property
    def fault_met(self) -> bool:
        """Whether a connection met a fault; a refused connection leaves no record, and counts as met."""
        return any(
            isinstance(port.fault, Refuse) or any(record.fault is not None for record in port.connections)
            for port in self.opened
        )

    def close(self) -> None:
        """Close every port; the records of their connections stay."""
        for port in self.opened:
            port.close()

    def unmet(self) -> tuple[str, ...]:
        """Return the names of faults that no connection met; a refused connection leaves no record, and counts as met."""
        return tuple(
            port.fault.name
            for port in self.faulty()
            if port.fault is not None and not any(record.fault == port.fault.name for record in port.connections)
        )


def own_address() -> str | None:
    """Return the IPv4 address with which this machine reaches others, or None if it has only loopback.

    It sends nothing: to connect a UDP socket only selects the address. 198.51.100.1 is reserved for documentation (RFC 5737).
    """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("198.51.100.1", 9))
        except OSError:
            return None
        found = ipaddress.ip_address(probe.getsockname()[0])
    return None if found.is_loopback or found.is_unspecified else str(found)
