"""Scenarios that wait in real time, all at once: a run then waits for the longest of them, not for their sum.

Each has a tenant, ports and a client of its own; nothing else is judged meanwhile. They run one after the other where
that could change a verdict: a client in this process that does not declare to bear several callers, and the workers of
pytest-xdist, which are side by side already and do not know who gets which scenario.
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

AT_ONCE = 8
"""How many wait together; each may be a process of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a scenario ended that ran beside others: its parties, what it raised, when it began, and how long it took (s)."""

    tenant: Tenant
    client: LabClient
    ports: Ports
    exception: BaseException | None
    began: float
    duration_s: float


def may_run_concurrently(bench: Bench) -> bool:
    """Whether several clients of this kind may run in this process at once."""
    adapter = bench.adapter()
    if adapter.adapter_process is not None:
        return True
    # Clients in this process share its clock: where it is moved, one client at a time.
    return Capability.PARALLEL in bench.hello().capabilities and not isinstance(adapter, ClockedAdapter)


def run_concurrently(items: Sequence[pytest.Function], bench: Bench) -> dict[str, Ending]:
    """Run the scenarios of these items at once, and return how each ended, by node id."""
    prepared = [(item, bench.tenant()) for item in items]
    clients = _Clients(bench)
    with ThreadPoolExecutor(AT_ONCE, thread_name_prefix="side-by-side") as pool:
        running = {item.nodeid: pool.submit(_run, item, tenant, bench, clients) for item, tenant in prepared}
        try:
            return {name: future.result() for name, future in running.items()}
        except BaseException:
            # Ctrl-C: the pool waits for what runs in it, and that may wait for a client that hangs.
            pool.shutdown(wait=False, cancel_futures=True)
            clients.abandon()
            raise


class _Clients:
    """The clients that run side by side, so that all of them can be given up at once."""

    def __init__(self, bench: Bench) -> None:
        self._bench = bench
        self._lock = threading.Lock()
        self._started: list[ClientAdapter] = []
        self._abandoned = False

    def start(self) -> tuple[ClientAdapter, Hello]:
        """Start one more.

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
        """End all there are, and those that start from now on."""
        with self._lock:
            self._abandoned = True
            started = list(self._started)
        for adapter in started:
            _abandon(adapter)


def _abandon(adapter: ClientAdapter) -> None:
    if adapter.adapter_process is not None:
        adapter.adapter_process.abandon()


def _run(item: pytest.Function, tenant: Tenant, bench: Bench, clients: _Clients) -> Ending:
    began = time.monotonic()
    adapter, hello = clients.start()
    client = LabClient(adapter=adapter, hello=hello, tenant=tenant, grant=grant_of(item))
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
        began=began,
        duration_s=time.monotonic() - began,
    )
