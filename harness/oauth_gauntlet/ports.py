"""Ports of a scenario: for what happens to a connection before a request is read, TLS included."""

from __future__ import annotations

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet_server import Certificate, ConnectionFault, Port, TLSUnavailable
from oauth_gauntlet_server.listening.connection_faults import Refuse


class Ports:
    """Opens ports for one scenario: what cannot be armed on a tenant, since it happens before a request is read."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self.opened: list[Port] = []

    def open(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None) -> Port:
        """Open a port; one that this machine cannot have makes the scenario untestable."""
        try:
            port = self._bench.open_port(fault, tls=tls)
        except TLSUnavailable as unavailable:
            untestable(str(unavailable))
        self.opened.append(port)
        return port

    @property
    def ca_file(self) -> str:
        """The path of the authority that the client is to trust (PEM)."""
        return self._bench.ca_file

    def close(self) -> None:
        """Close every port; what connections met stays known."""
        for port in self.opened:
            port.close()

    def unmet(self) -> tuple[str, ...]:
        """Return the names of faults that no connection met; a refused connection leaves no trace, and counts as met."""
        return tuple(
            port.fault.name
            for port in self.opened
            if port.fault is not None
            and not isinstance(port.fault, Refuse)
            and not any(record.fault == port.fault.name for record in port.connections)
        )
