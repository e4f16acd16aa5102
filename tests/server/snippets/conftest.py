"""Fixtures: exchanges that a real server recorded, from octets that a test writes."""

import pytest

from oauth_gauntlet_server import MockServer


@pytest.fixture(scope="module")
def snippet_server():
    with MockServer() as running:
        yield running


@pytest.fixture
def recorded(snippet_server, connect):
    """Return a function that sends octets to a fresh lenient tenant ``t``, and returns the tenant and the exchange."""

    def send(octets, *armed):
        tenant = snippet_server.tenant("t", replace=True, strict=False)
        for fault in armed:
            tenant.arm(fault, endpoint=None)
        client = connect(int(snippet_server.base_url.rpartition(":")[2]))
        client.send(octets)
        (exchange,) = tenant.journal.wait_for(1, timeout_s=60)
        tenant.clear_faults()
        return tenant, exchange

    return send
