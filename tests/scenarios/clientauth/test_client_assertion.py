import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType, Token
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.clientauth.client_assertion import METHODS, WITH_CLIENT, changes_for, sent_client_assertion


@pytest.mark.parametrize("grant", WITH_CLIENT, ids=lambda grant: grant.short)
@pytest.mark.parametrize("method", METHODS)
def test_a_strict_server_accepts_the_configured_method(server, method, grant):
    adapter = InProcessAdapter(make_client)
    client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType(grant))
    assert sent_client_assertion(client, method).claims["sub"] == client.config["client_id"]
    assert isinstance(client.obtain(**changes_for(client, method)), Token)
    known = client.tenant.clients.get(client.config["client_id"])
    assert known.token_endpoint_auth_methods == {method}
    adapter.close()
