"""What a session holds while it judges: the mock server, and the adapter in its present life.

An adapter that broke the protocol is never used again; the next scenario gets a new one, so that the run goes on.
"""

from __future__ import annotations

from contextlib import suppress

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.client_spec import ClientSpec
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.protocol import Hello
from oauth_gauntlet_server import Certificate, MockServer, Port, Tenant
from oauth_gauntlet_server.connection_faults import ConnectionFault


class Bench:
    """One mock server and one client, for as long as the session lasts."""

    def __init__(self, spec: ClientSpec) -> None:
        self.spec = spec
        self._server: MockServer | None = None
        self._adapter: ClientAdapter | None = None
        self._hello: Hello | None = None

    def adapter(self) -> ClientAdapter:
        """Return the adapter, started and greeted.

        Raises:
            AdapterError: it does not start, or its greeting breaks the protocol.
        """
        if self._adapter is None:
            adapter = self.spec.open()
            try:
                self._hello = adapter.hello()
            except AdapterError:
                with suppress(AdapterError):
                    adapter.close()
                raise
            self._adapter = adapter
        return self._adapter

    def hello(self) -> Hello:
        """Return what the adapter declares.

        Raises:
            AdapterError: see `adapter`.
        """
        if self._hello is None:
            self.adapter()
        assert self._hello is not None
        return self._hello

    def discard_adapter(self) -> None:
        """End the adapter; the next one who asks gets a new one."""
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            with suppress(AdapterError):
                adapter.close()

    def tenant(self) -> Tenant:
        """Return a new tenant of its own name, strict and well-behaved."""
        return self._running().tenant()

    def open_port(self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None) -> Port:
        """Open a port of the server, at which every connection meets a fault or a certificate.

        Raises:
            TLSUnavailable: this machine cannot do what the fault needs.
        """
        return self._running().open_port(fault, tls=tls)

    @property
    def ca_file(self) -> str:
        """The path of the authority that clients are to trust (PEM)."""
        return str(self._running().ca_file)

    def _running(self) -> MockServer:
        if self._server is None:
            self._server = MockServer()
            self._server.start()
        return self._server

    def close(self) -> None:
        """End the adapter and the server."""
        self.discard_adapter()
        if self._server is not None:
            self._server.stop()
            self._server = None
