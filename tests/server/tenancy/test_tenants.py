import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants


def test_tenants_do_not_share(server, strict, http):
    other = server.tenant()
    other.register_client(RegisteredClient(client_id="a", client_secret="s"))
    text = strict.mint_access_token("a")
    assert http.get(other.resource_url, headers={"Authorization": f"Bearer {text}"}).status_code == 401
    strict.clock.advance(1000)
    assert other.clock.now() < strict.clock.now() - 900


def test_one_that_is_asked_for_springs_into_being_where_that_is_wanted():
    assert Tenants().find("new") is None
    springing = Tenants(auto_create=True)
    assert springing.find("new") is springing.find("new")
    assert not springing.find("new").settings.strict
    assert springing.find("not a name") is None


def test_the_oldest_goes_first():
    tenants = Tenants(capacity=2)
    for name in ("a", "b", "c"):
        tenants.create(name)
    assert tenants.names() == ("b", "c")
    assert tenants.delete("b")
    assert not tenants.delete("b")


@pytest.mark.parametrize("name", ["", ".hidden", "_control", "a/b", "a b", "é", "x" * 65])
def test_a_name_that_cannot_stand_in_a_path(name):
    with pytest.raises(ValueError, match="expected 1 to 64 letters"):
        Tenants().create(name)


def test_names_of_their_own_differ():
    tenants = Tenants()
    assert tenants.create().name != tenants.create().name
