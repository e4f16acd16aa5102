"""Make the arguments of a scenario's function, and call it (`oauth_gauntlet.arguments` describes each)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import NO_CHANGES
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.arguments import arguments_of
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.scenario_item import ScenarioItem
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import Hello
from oauth_gauntlet_server import Tenant

BENCH = pytest.StashKey[Bench]()
TENANT = pytest.StashKey[Tenant]()
CLIENT = pytest.StashKey[LabClient]()
PORTS = pytest.StashKey[Ports]()
NEW_TENANT = pytest.StashKey[Callable[[], Tenant]]()
"""Makes the tenants of a scenario."""
STARTED = pytest.StashKey[float]()
"""When a scenario started, in seconds of the monotonic clock."""
DURATION_S = pytest.StashKey[float]()
"""Duration of a scenario that ran concurrently with others, in seconds."""
SEED = pytest.StashKey[int]()


def call_scenario(item: ScenarioItem) -> None:
    """Call the scenario's function with the arguments that it takes. What it opens is closed by the item's cleanup."""
    bench = item.config.stash[BENCH]
    asked = arguments_of(item.scenario.function)
    given: dict[str, Any] = {}
    starter: _Starter | None = None
    if not {"tenant", "client", "another_client", "ports"}.isdisjoint(asked):
        tenant = given["tenant"] = item.stash[TENANT] = new_tenant_of(item)()
        if not {"client", "ports"}.isdisjoint(asked):
            client = given["client"] = item.stash[CLIENT] = client_for(item, (bench.adapter(), bench.hello()), tenant)
            if "ports" in asked:
                given["ports"] = item.stash[PORTS] = ports_for(client, bench)
                item.cleanup.callback(given["ports"].close)
        given["another_client"] = starter = _Starter(item, bench, tenant)
    if "tmp_path" in asked:
        given["tmp_path"] = Path(item.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="oauth-gauntlet-")))
    call_with(item, given | {"seed": item.config.stash[SEED]})
    if starter is not None:
        starter.give_back()


def call_with(item: ScenarioItem, given: Mapping[str, Any]) -> None:
    """Call the scenario's function; to those given come the arguments that its case decides."""
    known = {**given, "grant": item.case.grant, "variant": item.case.variant}
    item.scenario.function(**{name: known[name] for name in arguments_of(item.scenario.function)})


def new_tenant_of(item: ScenarioItem) -> Callable[[], Tenant]:
    """Return the function that makes the tenants of this item's scenario."""
    if NEW_TENANT not in item.stash:
        item.stash[NEW_TENANT] = item.config.stash[BENCH].tenants_of(item.scenario_id)
    return item.stash[NEW_TENANT]


def client_for(item: ScenarioItem, started: tuple[ClientAdapter, Hello], tenant: Tenant) -> LabClient:
    """Return the client of a scenario, not yet configured."""
    adapter, hello = started
    return LabClient(
        adapter=adapter,
        hello=hello,
        tenant=tenant,
        grant=item.case.grant,
        new_tenant=new_tenant_of(item),
        renewal=item.case.renewal,
    )


def ports_for(client: LabClient, bench: Bench) -> Ports:
    """Return the ports of a scenario; none is open yet."""
    ports = Ports(bench)
    client.use_ports(ports)
    return ports


class _Starter:
    """Starts the client once more for a scenario: the argument `another_client`."""

    def __init__(self, item: ScenarioItem, bench: Bench, tenant: Tenant) -> None:
        self._item = item
        self._bench = bench
        self._tenant = tenant
        self._kept: list[tuple[LabClient, Mapping[str, str], ExitStack]] = []

    def __call__(self, environment: Mapping[str, str] = NO_CHANGES, *, kept: bool = False) -> LabClient:
        """Return a client with these environment variables in addition to those of every client.

        `kept`: its process may have served other scenarios with the same variables, and serves more of them afterwards.
        """
        adapter, hello = (self._bench.spare.take if kept else self._bench.start)(environment)
        closing = self._item.cleanup.enter_context(ExitStack())
        closing.callback(close_quietly, adapter)
        fresh = LabClient(
            adapter=adapter,
            hello=hello,
            tenant=self._tenant,
            grant=self._item.case.grant,
            new_tenant=new_tenant_of(self._item),
        )
        self._item.stash[CLIENT] = fresh
        if kept:
            self._kept.append((fresh, environment, closing))
        return fresh

    def give_back(self) -> None:
        """Keep the processes for later scenarios. The scenario has ended as it should; otherwise they are closed."""
        for client, environment, closing in self._kept:
            if not client.spent:
                closing.pop_all()
                self._bench.spare.give_back(client.adapter, client.hello, environment)
