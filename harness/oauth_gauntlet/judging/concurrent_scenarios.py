"""Run scenarios that wait in real time concurrently: the run then takes as long as the longest, not as their sum.

Each gets its own tenant and ports, and a client that runs no other scenario at the same time. They run one after the other
where concurrency could change a verdict: with a client in this process that does not declare the capability `parallel`, or
whose clock the harness moves.

With pytest-xdist one worker gets all of them, and the others judge the rest meanwhile (`distribution`). If the user chose
another distribution, each worker runs those that it gets one after the other: it does not know which these are.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import pytest

from oauth_gauntlet.adapters.clocked_adapter import ClockedAdapter
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.distribution import has_all_that_wait
from oauth_gauntlet.judging.scenario_arguments import call_with, client_for, new_tenant_of, ports_for
from oauth_gauntlet.judging.scenario_item import ScenarioItem
from oauth_gauntlet.judging.spare_clients import SpareClients
from oauth_gauntlet.judging.verdicts import ending_of
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import Capability
from oauth_gauntlet_server import Tenant

MOST_CONCURRENT = 8
"""How many scenarios run at once, each with a client that may be a process."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Ending:
    """How a concurrent scenario ended: its tenant, client and ports, what it raised, and its times in seconds.

    There is no client and no port if the adapter did not start. `started` is a time of the monotonic clock.
    """

    tenant: Tenant
    client: LabClient | None
    ports: Ports | None
    exception: BaseException | None
    started: float
    duration_s: float


def may_run_concurrently(config: pytest.Config, bench: Bench) -> bool:
    """Return whether this process has all scenarios that wait, and may run several clients of this kind at once."""
    if not has_all_that_wait(config):
        return False
    adapter = bench.adapter()
    if adapter.adapter_process is not None:
        return True
    # Clients in this process share its clock: while it is moved, one client runs at a time.
    return Capability.PARALLEL in bench.hello().capabilities and not isinstance(adapter, ClockedAdapter)


def run_concurrently(items: Sequence[ScenarioItem], bench: Bench) -> dict[str, Ending]:
    """Run the scenarios of these items at once, and return how each ended, by node id."""
    prepared = [(item, new_tenant_of(item)) for item in items]
    clients = SpareClients(bench.start)
    with ThreadPoolExecutor(MOST_CONCURRENT, thread_name_prefix="scenario") as pool:
        running = {item.nodeid: pool.submit(_run, item, new_tenant, bench, clients) for item, new_tenant in prepared}
        try:
            endings = {name: future.result() for name, future in running.items()}
        except BaseException:
            # Ctrl-C. The pool waits for its running threads, and a client that hangs would block them.
            pool.shutdown(wait=False, cancel_futures=True)
            clients.abandon()
            raise
    clients.close()
    return endings


def _run(item: ScenarioItem, new_tenant: Callable[[], Tenant], bench: Bench, clients: SpareClients) -> Ending:
    started = time.monotonic()
    tenant = new_tenant()
    client: LabClient | None = None
    ports: Ports | None = None
    exception: BaseException | None = None
    try:
        adapter, hello = clients.take()
    except Exception as error:
        # It ends this scenario only: the others have their clients.
        exception = error
    else:
        client = client_for(item, (adapter, hello), tenant)
        ports = ports_for(client, bench)
        try:
            call_with(item, {"tenant": tenant, "client": client, "ports": ports})
        except BaseException as error:
            exception = error
        finally:
            ports.close()
            if _serves_another(client, exception):
                clients.give_back(adapter, hello)
            else:
                close_quietly(adapter)
    return Ending(
        tenant=tenant,
        client=client,
        ports=ports,
        exception=exception,
        started=started,
        duration_s=time.monotonic() - started,
    )


def _serves_another(client: LabClient, exception: BaseException | None) -> bool:
    """Return whether a client can run another scenario. One that did not answer cannot, whatever its scenario made of that."""
    if client.spent:
        return False
    return exception is None or (isinstance(exception, Breach) and ending_of(exception) is None)
