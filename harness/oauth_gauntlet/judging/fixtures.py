"""The pytest fixtures of a scenario. The plugin registers them only when a client is judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest

from oauth_gauntlet.errors import AdapterError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import Tenant

BENCH = pytest.StashKey[Bench]()
TENANT = pytest.StashKey[Tenant]()
CLIENT = pytest.StashKey[LabClient]()
PORTS = pytest.StashKey[Ports]()
STARTED = pytest.StashKey[float]()
"""When a scenario started, in seconds of the monotonic clock."""
DURATION_S = pytest.StashKey[float]()
"""Duration of a scenario that ran concurrently with others, in seconds."""
SEED = pytest.StashKey[int]()


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> Tenant:
    """A new tenant for this scenario: strict, and correct until a fault is armed."""
    fresh = request.config.stash[BENCH].tenant()
    request.node.stash[TENANT] = fresh
    return fresh


@pytest.fixture
def client(request: pytest.FixtureRequest, tenant: Tenant, grant: GrantType) -> LabClient:
    """The client under test, not yet configured, for the grant that this scenario runs for."""
    bench = request.config.stash[BENCH]
    fresh = LabClient(adapter=bench.adapter(), hello=bench.hello(), tenant=tenant, grant=grant, new_tenant=bench.tenant)
    request.node.stash[CLIENT] = fresh
    return fresh


@pytest.fixture
def another_client(request: pytest.FixtureRequest, tenant: Tenant, grant: GrantType) -> Iterator[Callable[[], LabClient]]:
    """A function that starts the client under test once more, as a separate process or object."""
    bench = request.config.stash[BENCH]
    started: list[LabClient] = []

    def start() -> LabClient:
        adapter, hello = bench.start()
        fresh = LabClient(adapter=adapter, hello=hello, tenant=tenant, grant=grant, new_tenant=bench.tenant)
        started.append(fresh)
        request.node.stash[CLIENT] = fresh
        return fresh

    yield start
    for each in started:
        with suppress(AdapterError):
            each.adapter.close()


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed of all generated examples of this run."""
    return request.config.stash[SEED]


@pytest.fixture
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    """Opens ports for the scenario, and closes them after it."""
    fresh = Ports(request.config.stash[BENCH])
    request.node.stash[PORTS] = fresh
    yield fresh
    fresh.close()
