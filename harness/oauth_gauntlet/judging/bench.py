"""Start and keep the mock server and the adapter of a session.

All scenarios of a session share one server; those that run one after the other share one adapter, too. A scenario gets its
own tenant of the server, and `configure` discards what the client kept from the scenario before. An adapter that broke the
protocol is discarded, and the next scenario gets a new one, so the run continues.
"""

from __future__ import annotations

import socket
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from urllib.parse import urlsplit

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import NO_CHANGES
from oauth_gauntlet.adapters.client_spec import ClientSpec
from oauth_gauntlet.adapters.clocked_adapter import ClockedAdapter
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.adapters.process_clock import (
    MISSING_LIBRARY,
    MISSING_PACKAGE,
    FaketimeClock,
    ProcessClock,
    ProgramClock,
    TravellingClock,
    can_travel,
    faketime_library,
    machine_time,
)
from oauth_gauntlet.errors import AdapterError, ClientFailure, HarnessError
from oauth_gauntlet.judging.machine.descriptors import raise_descriptor_limit
from oauth_gauntlet.judging.run_options import DEFAULT_TIME_LIMIT_S
from oauth_gauntlet.judging.spare_clients import SpareClients
from oauth_gauntlet.protocol import Capability, Hello
from oauth_gauntlet_server import Certificate, ConnectionFault, ListenerError, MockServer, Port, Randomness, Tenant, Tenants

_MEMORY = 2 * 1024 * 1024 * 1024
"""The memory of the mock server, in octets. A scenario must find all that its tenant recorded, however large."""

_ANSWER_S = 10.0
"""Seconds that the mock server may take to answer a check."""


class Bench:
    """The mock server and the client of one session. With a `seed`, the tenants of a scenario repeat."""

    def __init__(self, spec: ClientSpec, *, seed: int | None = None, time_limit_s: float = DEFAULT_TIME_LIMIT_S) -> None:
        """Start nothing yet. `time_limit_s`: how long a client may take to answer after the server has finished."""
        self.spec = spec
        self.seed = seed
        self._time_limit_s = time_limit_s
        self._judged: Counter[str] = Counter()
        self._server: MockServer | None = None
        # Scenarios that wait run on threads, and may be the first in their process: they must not start a server each.
        self._starting = threading.Lock()
        self._adapter: ClientAdapter | None = None
        self._hello: Hello | None = None
        self.spare = SpareClients(self.start)
        """Programs of scenarios that wanted environment variables of their own, for the next ones."""
        self.clock = "the client's own"
        """How the client's clock is moved. If it cannot be moved: "none", followed by the reason."""

    def adapter(self) -> ClientAdapter:
        """Return the adapter, started and greeted.

        Raises:
            AdapterError: it does not start, or its greeting breaks the protocol.
        """
        if self._adapter is None:
            self._adapter, self._hello = self.start()
        return self._adapter

    def start(self, environment: Mapping[str, str] = NO_CHANGES) -> tuple[ClientAdapter, Hello]:
        """Start another client, with a clock that can be moved if possible, and return its adapter and its hello.

        `environment` contains variables in addition to those of every client.

        Raises:
            AdapterError: see `adapter`.
            HarnessError: the limit of open files is too low.
        """
        raise_descriptor_limit()
        adapter = self._open(environment)
        hello = _greeted(adapter)
        if Capability.PROCESS_CLOCK not in hello.capabilities or Capability.CLOCK in hello.capabilities:
            return adapter, hello
        clock = self._process_clock(adapter)
        if clock is None:
            return adapter, hello
        if clock.environment:
            close_quietly(adapter)
            adapter = self._open({**environment, **clock.environment})
        clocked = ClockedAdapter(adapter, clock)
        try:
            hello = clocked.hello()
            problem = clocked.problem()
        except (AdapterError, ClientFailure) as error:
            reason = str(error).splitlines()[0]
            problem = f"under {clock.name} the client does not return its time: {reason}{_other_way(hello)}"
        if problem is None:
            self.clock = clock.name
            return clocked, hello
        close_quietly(clocked)
        self.clock = f"none: {problem}"
        adapter = self._open(environment)
        return adapter, _greeted(adapter)

    def _open(self, environment: Mapping[str, str]) -> ClientAdapter:
        adapter = self.spec.open(environment)
        adapter.operation_limit_s = self._time_limit_s
        return adapter

    def _process_clock(self, adapter: ClientAdapter) -> ProcessClock | None:
        if self.clock.startswith("none"):
            return None
        process = adapter.adapter_process
        if process is None or self.spec.moves_its_clock:
            if can_travel():
                return TravellingClock() if process is None else ProgramClock(process)
            self.clock = f"none: {MISSING_PACKAGE}"
            return None
        library = faketime_library()
        if library is None:
            self.clock = f"none: {MISSING_LIBRARY}"
            return None
        return FaketimeClock(library)

    def hello(self) -> Hello:
        """Return what the adapter declares.

        Raises:
            AdapterError: see `adapter`.
        """
        if self._hello is None:
            self.adapter()
        assert self._hello is not None
        return self._hello

    def described_clock(self) -> str:
        """Return how the client's clock is moved, for the header of a run: "none" and the reason, if it is not.

        Raises:
            AdapterError: see `adapter`.
        """
        if self.hello().capabilities.isdisjoint({Capability.CLOCK, Capability.PROCESS_CLOCK}):
            return "none: the adapter declares neither clock nor process_clock"
        return self.clock

    def discard_adapter(self) -> None:
        """Close the adapter. The next call of `adapter` starts a new one."""
        adapter, self._adapter = self._adapter, None
        if adapter is not None:
            close_quietly(adapter)

    def tenants_of(self, scenario: str) -> Callable[[], Tenant]:
        """Return a function that returns new tenants, for one scenario.

        Their names, tokens and identifiers depend on the seed, the scenario id, and how often the scenario was judged in this
        process before: neither on the other scenarios nor on their order.
        """
        self._judged[scenario] += 1
        return partial(self.tenant, self._randomness(f"{scenario} {self._judged[scenario]}"))

    def _randomness(self, name: str) -> Randomness:
        return Randomness(None if self.seed is None else f"{self.seed} {name}")

    def tenant(self, randomness: Randomness | None = None) -> Tenant:
        """Return a new tenant with a new name: strict, and without faults. `randomness` makes its name and its tokens.

        It accepts an assertion more than once: RFC 7523 §6 does not mandate replay protection, so a client may reuse one.
        """
        return self._running().tenant(temporary=True, randomness=randomness, assertions_once=False)

    def open_port(
        self, fault: ConnectionFault | None = None, *, tls: Certificate | bool | None = None, host: str | None = None
    ) -> Port:
        """Open a port of the server at which every connection gets this connection fault or certificate.

        `host` is another address of this machine than loopback.

        Raises:
            TLSUnavailable: this machine lacks what the fault or the certificate needs.
        """
        return self._running().open_port(fault, tls=tls, host=host)

    @property
    def ca_file(self) -> str:
        """The path of the certificate authority's certificate (PEM) that clients trust."""
        return str(self._running().ca_file)

    def start_server(self) -> None:
        """Start the mock server, unless it runs already.

        Raises:
            HarnessError: it cannot listen.
        """
        with self._starting:
            if self._server is not None:
                return
            # If the client is in this process, its clock is moved; the server's clock must not move with it.
            server = MockServer(tenants=Tenants(clock_source=machine_time(), memory=_MEMORY))
            try:
                server.start()
            except (ListenerError, OSError) as error:
                raise HarnessError(str(error)) from error
            self._server = server

    def server_trouble(self, *, since: float) -> str | None:
        """Return why a client may have reached no server though the client did nothing wrong, or None.

        Possible reasons: the server rejected a connection after `since`, a moment of the monotonic clock; or the server
        cannot be reached now.
        """
        server = self._server
        if server is None:
            return None
        rejected = server.rejected
        if rejected is not None and rejected.at > since:
            return f"the mock server could not accept a connection: {rejected.reason}"
        try:
            return None if self._answers(server) else "the mock server does not answer"
        except OSError as error:
            return f"the mock server cannot be reached from this machine: {error.strerror or error}"

    def _answers(self, server: MockServer) -> bool:
        address = urlsplit(server.base_url)
        assert address.hostname is not None
        with socket.create_connection((address.hostname, address.port or 80), timeout=_ANSWER_S) as connection:
            connection.sendall(b"GET /- HTTP/1.1\r\nHost: gauntlet\r\nConnection: close\r\n\r\n")
            return connection.recv(8).startswith(b"HTTP/1.1")

    def _running(self) -> MockServer:
        self.start_server()
        assert self._server is not None
        return self._server

    def close(self) -> None:
        """Close the adapters, and stop the server."""
        self.discard_adapter()
        self.spare.close()
        if self._server is not None:
            self._server.stop()
            self._server = None


def _other_way(hello: Hello) -> str:
    """Return how else this client's clock can be moved: Python often cannot sleep under libfaketime."""
    if hello.client.language != "python":
        return ""
    return "; declare clock in place of process_clock, with MovedClock of the Python starter (see docs/clocks.md)"


def _greeted(adapter: ClientAdapter) -> Hello:
    try:
        return adapter.hello()
    except AdapterError:
        close_quietly(adapter)
        raise
