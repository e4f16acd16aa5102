"""pytest fixtures for tests of your own client: one server per session, and a new tenant for each test.

    def test_my_client(oauth_tenant):
        client = MyClient(token_url=oauth_tenant.token_url, client_id="c", client_secret="s")
        oauth_tenant.arm(faults.http_status(503), times=1)
        ...

pytest imports this module in every session in an environment that has the package installed. Therefore it imports
only pytest; the server is imported when a fixture is used.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from oauth_gauntlet_server.server import MockServer
    from oauth_gauntlet_server.tenancy.tenant import Tenant


@pytest.fixture(scope="session")
def oauth_server() -> Iterator[MockServer]:
    """A running mock authorization server on loopback (`oauth_gauntlet_server.MockServer`)."""
    from oauth_gauntlet_server.server import MockServer

    with MockServer() as server:
        yield server


@pytest.fixture
def oauth_tenant(oauth_server: MockServer) -> Iterator[Tenant]:
    """An authorization server for this test only. It grants every well-formed request until a fault is armed."""
    tenant = oauth_server.tenant(strict=False)
    yield tenant
    oauth_server.tenants.delete(tenant.name)
