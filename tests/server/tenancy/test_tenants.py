import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants, TenantSettings


def test_tenants_share_neither_tokens_nor_clocks(server, strict, http):
    other = server.tenant()
    other.register_client(RegisteredClient(client_id="a", client_secret="s"))
    text = strict.mint_access_token("a")
    assert http.get(other.resource_url, headers={"Authorization": f"Bearer {text}"}).status_code == 401
    strict.clock.advance(1000)
    assert other.clock.now() < strict.clock.now() - 900


def test_auto_create_creates_a_lenient_tenant_with_jwts_on_first_use():
    assert Tenants().find("new") is None
    tenants = Tenants(auto_create=True)
    assert tenants.find("new") is tenants.find("new")
    assert tenants.find("new").settings == TenantSettings(strict=False, access_token_format="jwt", signing_algorithm="RS256")
    assert tenants.create("chosen").settings == TenantSettings()
    assert tenants.find("not a name") is None


def test_a_full_registry_deletes_the_oldest_tenant():
    tenants = Tenants(capacity=2)
    for name in ("a", "b", "c"):
        tenants.create(name)
    assert tenants.names() == ("b", "c")
    assert tenants.delete("b")
    assert not tenants.delete("b")


@pytest.mark.parametrize("name", ["", ".hidden", "_control", "a/b", "a b", "é", "x" * 65])
def test_a_name_that_is_not_allowed_in_a_path_is_rejected(name):
    with pytest.raises(ValueError, match="expected 1 to 64 letters"):
        Tenants().create(name)


def test_random_names_differ():
    tenants = Tenants()
    assert tenants.create().name != tenants.create().name
