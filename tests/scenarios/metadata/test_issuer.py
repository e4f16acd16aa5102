import pytest
import requests

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType, Token
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.metadata.issuer import accepted_paths, obtain_by_issuer, show_control
from oauth_gauntlet_server import MockServer, faults


@pytest.fixture
def server():
    with MockServer() as running:
        yield running


@pytest.fixture
def client(server):
    adapter = InProcessAdapter(make_client)
    yield LabClient(
        adapter=adapter,
        hello=adapter.hello(),
        tenant=server.tenant(),
        grant=GrantType.CLIENT_CREDENTIALS,
        new_tenant=server.tenant,
    )
    adapter.close()


def test_the_client_gets_an_issuer_in_place_of_a_token_url(client):
    assert isinstance(obtain_by_issuer(client, client.tenant.issuer), Token)
    assert "token_url" not in client.config
    assert client.tenant.journal.requests("metadata")[0].path == accepted_paths(client.tenant)[0]


def test_the_server_has_the_metadata_at_each_accepted_path(client, server):
    for path in accepted_paths(client.tenant):
        assert requests.get(f"{server.base_url}{path}", timeout=60).json()["issuer"] == client.tenant.issuer


def test_the_control_has_the_metadata_of_its_own_tenant(client):
    show_control(client)
    assert client.tenant.journal.count() == 0
    with pytest.raises(Untestable):
        show_control(client, faults.fault("metadata_member", member="issuer", value="https://other.example"))
