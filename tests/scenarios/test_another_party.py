import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.another_party import another_party
from oauth_gauntlet_server import MockServer


@pytest.mark.parametrize("grant", list(GrantType), ids=lambda grant: grant.short)
def test_each_number_is_another_configuration_that_the_server_accepts(grant):
    adapter = InProcessAdapter(make_client)
    with MockServer() as server:
        client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=grant)
        used = []
        for number in (1, 2):
            client.configure(**another_party(client, number))
            client.get_token()
            used.append(client.config)
    adapter.close()
    assert used[0] != used[1]
