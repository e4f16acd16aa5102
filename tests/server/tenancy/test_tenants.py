import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants
from oauth_gauntlet_server.http.http_request import RecordedRequest


def test_tenants_share_neither_tokens_nor_clocks(server, strict, http):
    other = server.tenant()
    other.register_client(RegisteredClient(client_id="a", client_secret="s"))
    text = strict.mint_access_token("a")
    assert http.get(other.resource_url, headers={"Authorization": f"Bearer {text}"}).status_code == 401
    strict.clock.advance(1000)
    assert other.clock.now() < strict.clock.now() - 900


def test_auto_create_creates_a_lenient_tenant_on_first_use():
    assert Tenants().find("new") is None
    tenants = Tenants(auto_create=True)
    assert tenants.find("new") is tenants.find("new")
    assert not tenants.find("new").settings.strict
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


class Seen:
    """An observer that keeps what it is told."""

    def __init__(self):
        self.exchanges = []
        self.tenants = []

    def recorded(self, tenant, exchange):
        self.exchanges.append((tenant, exchange.sequence))

    def created(self, tenant):
        self.tenants.append(tenant)


def test_an_observer_is_told_of_exchanges_and_of_tenants_that_a_request_creates():
    seen = Seen()
    tenants = Tenants(auto_create=True, observer=seen)
    explicit, sprung = tenants.create("explicit"), tenants.find("sprung")
    assert tenants.find("explicit") is explicit
    assert tenants.find("sprung") is sprung
    assert seen.tenants == [sprung]
    request = RecordedRequest(method="GET", target="/", http_version="1.1", headers=(), body=b"", raw=b"")
    for journal in (explicit.journal, tenants.outside.journal, explicit.journal):
        journal.record(endpoint="other", request=request, response=None)
    assert seen.exchanges == [("explicit", 1), (None, 1), ("explicit", 2)]


def test_existing_creates_nothing():
    tenants = Tenants(auto_create=True)
    assert tenants.existing("a") is None
    assert tenants.names() == ()
    assert tenants.existing("b") is None
    assert tenants.find("b") is tenants.existing("b") is not None


def test_what_is_outside_of_tenants_is_no_tenant():
    tenants = Tenants(auto_create=True)
    assert tenants.find("") is None
    assert tenants.outside.name not in tenants.names()
    assert not tenants.contains(tenants.outside)
