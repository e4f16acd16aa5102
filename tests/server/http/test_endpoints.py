"""Every user of an endpoint derives from the one table."""

import json

import httpx2
import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.console.page import page
from oauth_gauntlet_server.http.endpoints import ENDPOINTS, OTHER, endpoint_at, takes_form

ADDRESSED = [endpoint for endpoint in ENDPOINTS if endpoint.path is not None]


@pytest.fixture
def client():
    with httpx2.Client(trust_env=False) as opened:
        yield opened


def by_name(endpoints):
    return pytest.mark.parametrize("endpoint", endpoints, ids=lambda endpoint: endpoint.name)


def test_names_paths_and_url_names_are_unique():
    assert len({endpoint.name for endpoint in ENDPOINTS}) == len(ENDPOINTS)
    assert len({endpoint.path.partition("/")[0] for endpoint in ADDRESSED}) == len(ADDRESSED)
    assert len({endpoint.url_name for endpoint in ADDRESSED}) == len(ADDRESSED)
    assert None not in {endpoint.url_name for endpoint in ADDRESSED}


@by_name(ADDRESSED)
def test_a_tenants_url_leads_to_the_endpoint_and_the_journal_names_it(server, client, endpoint):
    tenant = server.tenant()
    url = getattr(tenant, endpoint.url_name)
    assert client.request("POST" if endpoint.takes_form else "GET", url).status_code != 404
    assert tenant.journal.count(endpoint.name) == tenant.journal.count() == 1


@by_name(ADDRESSED)
def test_the_endpoint_is_below_the_tenant_too(server, client, endpoint):
    tenant = server.tenant()
    client.get(f"{tenant.issuer}/{endpoint.path}")
    assert tenant.journal.count(endpoint.name) == 1


@by_name(ADDRESSED)
def test_a_port_has_a_url_for_it(server, endpoint):
    tenant = server.tenant()
    port = server.open_port()
    try:
        path = getattr(tenant, endpoint.url_name).removeprefix(server.base_url)
        assert port.url_of(tenant, endpoint.name) == f"{port.url}{path}"
    finally:
        port.close()


@by_name(ADDRESSED)
def test_a_fault_fires_there(server, client, endpoint):
    tenant = server.tenant()
    tenant.arm(faults.http_status(418), endpoint=endpoint.name)
    assert client.get(getattr(tenant, endpoint.url_name)).status_code == 418


@by_name(ENDPOINTS)
def test_the_control_api_filters_the_journal_by_it_and_the_console_lists_it(server, client, endpoint):
    tenant = server.tenant()
    control = f"{server.base_url}/_control/tenants/{tenant.name}"
    found = client.get(f"{control}/journal", params={"endpoint": endpoint.name})
    assert (found.status_code, found.json()["exchanges"]) == (200, [])
    # The filter of the list, and the form that arms a fault.
    listed = page(asks_for_token=False).count(f"<option>{endpoint.name}</option>")
    assert listed == (2 if endpoint.fault_target else 1)


@by_name(ADDRESSED)
def test_the_control_api_shows_its_url(server, client, endpoint):
    tenant = server.tenant()
    document = json.loads(client.get(f"{server.base_url}/_control/tenants/{tenant.name}").content)
    assert document[endpoint.url_name] == getattr(tenant, endpoint.url_name)


def test_other_segments_lead_to_no_endpoint():
    assert endpoint_at("tokens") is OTHER
    assert not takes_form("tokens")
