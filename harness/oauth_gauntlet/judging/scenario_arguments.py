"""Make the arguments of a scenario's function, and call it (`oauth_gauntlet.arguments` describes each)."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import NO_CHANGES
from oauth_gauntlet.arguments import arguments_of
from oauth_gauntlet.judging.bench import Bench, close_quietly
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
    if not {"tenant", "client", "another_client", "ports"}.isdisjoint(asked):
        tenant = given["tenant"] = item.stash[TENANT] = new_tenant_of(item)()
        if not {"client", "ports"}.isdisjoint(asked):
            client = given["client"] = item.stash[CLIENT] = client_for(item, (bench.adapter(), bench.hello()), tenant)
            if "ports" in asked:
                given["ports"] = item.stash[PORTS] = ports_for(client, bench)
                item.cleanup.callback(given["ports"].close)
        given["another_client"] = _starter(item, bench, tenant)
    if "tmp_path" in asked:
        given["tmp_path"] = Path(item.cleanup.enter_context(tempfile.TemporaryDirectory(prefix="oauth-gauntlet-")))
    call_with(item, given | {"seed": item.config.stash[SEED]})


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


def _starter(item: ScenarioItem, bench: Bench, tenant: Tenant) -> Callable[..., LabClient]:
    """Return the function that starts the client once more. Its argument maps names to environment variables."""

    def start(environment: Mapping[str, str] = NO_CHANGES) -> LabClient:
        adapter, hello = bench.start(environment)
        item.cleanup.callback(close_quietly, adapter)
        fresh = LabClient(adapter=adapter, hello=hello, tenant=tenant, grant=item.case.grant, new_tenant=new_tenant_of(item))
        item.stash[CLIENT] = fresh
        return fresh

    return start
