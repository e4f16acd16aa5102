import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants, faults


@pytest.fixture
def tenant():
    return Tenants().create("t")


def test_urls_are_below_its_own_path(tenant):
    assert tenant.issuer == "http://127.0.0.1:8080/t"
    assert tenant.token_url == "http://127.0.0.1:8080/t/token"
    assert tenant.metadata_url == "http://127.0.0.1:8080/.well-known/oauth-authorization-server/t"


def test_a_sequence_of_faults_fires_in_order_and_then_ends(server, ask, basic):
    tenant = server.tenant(strict=False)
    tenant.arm_sequence(faults.oauth_error("invalid_grant"), None, faults.oauth_error("invalid_scope"))
    seen = [ask(tenant, basic("any"), grant_type="client_credentials").get("error") for _ in range(5)]
    assert seen == ["invalid_grant", None, "invalid_scope", None, None]


def test_unknown_settings_are_rejected(tenant):
    with pytest.raises(TypeError, match="strikt"):
        tenant.configure(strikt=False)


def test_registering_a_client_again_replaces_it(tenant):
    for secret in ("one", "two"):
        tenant.register_client(RegisteredClient(client_id="a", client_secret=secret))
    assert tenant.clients.get("a").client_secret == "two"
    assert len(tenant.clients) == 1
