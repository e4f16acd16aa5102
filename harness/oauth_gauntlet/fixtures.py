"""The fixtures of a scenario. Registered by the plugin only when a client is being judged."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from oauth_gauntlet.bench import Bench
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import Tenant

BENCH = pytest.StashKey[Bench]()
TENANT = pytest.StashKey[Tenant]()
CLIENT = pytest.StashKey[LabClient]()
PORTS = pytest.StashKey[Ports]()


@pytest.fixture
def tenant(request: pytest.FixtureRequest) -> Tenant:
    """An authorization server of the scenario's own: strict, well-behaved until a fault is armed."""
    fresh = request.config.stash[BENCH].tenant()
    request.node.stash[TENANT] = fresh
    return fresh


@pytest.fixture
def client(request: pytest.FixtureRequest, tenant: Tenant, grant: GrantType) -> LabClient:
    """The client under test, not yet configured, for the grant of this run of the scenario."""
    bench = request.config.stash[BENCH]
    fresh = LabClient(adapter=bench.adapter(), hello=bench.hello(), tenant=tenant, grant=grant)
    request.node.stash[CLIENT] = fresh
    return fresh


@pytest.fixture
def ports(request: pytest.FixtureRequest) -> Iterator[Ports]:
    """What opens ports for the scenario; they are closed after it."""
    fresh = Ports(request.config.stash[BENCH])
    request.node.stash[PORTS] = fresh
    yield fresh
    for port in fresh.opened:
        port.close()
