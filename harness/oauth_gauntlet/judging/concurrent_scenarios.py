"""Run scenarios that wait in real time concurrently: the run then takes as long as the longest, not as their sum.

Each gets its own tenant, ports and client, and nothing else is judged meanwhile. They run one after the other where
concurrency could change a verdict: with a client in this process that does not declare the capability `parallel`, and
in the workers of pytest-xdist, which already run concurrently and do not know each other's scenarios.
"""

from __future__ import annotations

import inspect
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.clocked_adapter import ClockedAdapter
from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.pytest_items import grant_of
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import Capability, Hello
from oauth_gauntlet_server import Tenant

MOST_CONCURRENT = 8
"""How many scenarios run at once. Each may start a process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a concurrent scenario ended: its tenant, client and ports, what it raised, and its times in seconds.

    `started` is a time of the monotonic clock.
    """

    tenant: Tenant
    client: LabClient
    ports: Ports
    exception: BaseException | None
    started: float
    duration_s: float


def may_run_concurrently(bench: Bench) -> bool:
    """Return whether several clients of this kind may run in this process at once."""
    adapter = bench.adapter()
    if adapter.adapter_process is not None:
        return True
    # Clients in this process share its clock: while it is moved, one client runs at a time.
    return Capability.PARALLEL in bench.hello().capabilities and not isinstance(adapter, ClockedAdapter)


def run_concurrently(items: Sequence[pytest.Function], bench: Bench) -> dict[str, Ending]:
    """Run the scenarios of these items at once, and return how each ended, by node id."""
    prepared = [(item, bench.tenant()) for item in items]
    clients = _Clients(bench)
    with ThreadPoolExecutor(MOST_CONCURRENT, thread_name_prefix="scenario") as pool:
        running = {item.nodeid: pool.submit(_run, item, tenant, bench, clients) for item, tenant in prepared}
        try:
            return {name: future.result() for name, future in running.items()}
        except BaseException:
            # Ctrl-C. The pool waits for its running threads, and a client that hangs would block them.
            pool.shutdown(wait=False, cancel_futures=True)
            clients.abandon()
            raise


class _Clients:
    """The clients of the concurrent scenarios, so that all of them can be ended at once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._lock = threading.Lock()
        self._started: list[ClientAdapter] = []
        self._abandoned = False

    def start(self) -> tuple[ClientAdapter, Hello]:
        """Start another client.

        Raises:
            AdapterError: it does not start.
        """
        adapter, hello = self._bench.start()
        with self._lock:
            self._started.append(adapter)
            abandoned = self._abandoned
        if abandoned:
            _abandon(adapter)
        return adapter, hello

    def abandon(self) -> None:
        """End all clients, and those that start later."""
        with self._lock:
            self._abandoned = True
            started = list(self._started)
        for adapter in started:
            _abandon(adapter)


def _abandon(adapter: ClientAdapter) -> None:
    if adapter.adapter_process is not None:
        adapter.adapter_process.abandon()


def _run(item: pytest.Function, tenant: Tenant, bench: Bench, clients: _Clients) -> Ending:
    started = time.monotonic()
    adapter, hello = clients.start()
    client = LabClient(adapter=adapter, hello=hello, tenant=tenant, grant=grant_of(item), new_tenant=bench.tenant)
    ports = Ports(bench)
    fixtures: dict[str, Any] = {"tenant": tenant, "client": client, "ports": ports, **item.callspec.params}
    exception: BaseException | None = None
    try:
        item.obj(**{name: fixtures[name] for name in inspect.signature(item.obj).parameters})
    except BaseException as error:
        exception = error
    finally:
        ports.close()
        with suppress(AdapterError):
            adapter.close()
    return Ending(
        tenant=tenant,
        client=client,
        ports=ports,
        exception=exception,
        started=started,
        duration_s=time.monotonic() - started,
    )
