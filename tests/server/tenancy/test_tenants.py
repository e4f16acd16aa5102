import pytest

from oauth_gauntlet_server import Randomness, RegisteredClient, TenantExists, Tenants, TenantSettings, TooManyTenants, faults
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.tenancy import tenants as module
from oauth_gauntlet_server.tenancy.memory import MIB


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


def test_a_name_is_taken_until_it_is_replaced_or_deleted():
    tenants = Tenants()
    first = tenants.create("a")
    with pytest.raises(TenantExists, match="there is a tenant 'a' already; replace it"):
        tenants.create("a", strict=False)
    assert tenants.find("a") is first
    second = tenants.create("a", replace=True)
    assert (tenants.contains(first), tenants.contains(second)) == (False, True)
    assert tenants.delete("a")
    assert not tenants.delete("a")
    assert tenants.create("a").name == "a"


def test_a_registry_has_a_place_at_least():
    with pytest.raises(ValueError, match="capacity must be at least 1, got 0"):
        Tenants(capacity=0)


def test_a_full_registry_refuses_and_forgets_none_that_was_created():
    tenants = Tenants(capacity=2, auto_create=True)
    kept = [tenants.create(name) for name in "ab"]
    with pytest.raises(TooManyTenants, match=r"its most tenants, 2, .* delete one"):
        tenants.create("c")
    assert tenants.find("d") is None
    assert tenants.names() == ("a", "b")
    assert tenants.create("b", replace=True).name == "b"
    assert tenants.find("a") is kept[0]
    assert tenants.delete("b")
    assert tenants.find("d").name == "d"
    # What a request created makes room for what somebody creates.
    assert tenants.create("c").name == "c"
    assert tenants.names() == ("a", "c")
    assert tenants.dropped == 1


def test_of_those_that_requests_created_the_one_used_longest_ago_goes():
    tenants = Tenants(capacity=3, auto_create=True)
    for name in ("a", "b", "c", "a", "d"):
        tenants.find(name)
    assert tenants.names() == ("a", "c", "d")
    tenants.names()
    tenants.all()
    tenants.existing("c")
    tenants.find("e")
    assert tenants.names() == ("a", "d", "e")
    assert tenants.dropped == 2


@pytest.mark.parametrize(
    "configure",
    [
        lambda tenant: tenant.configure(strict=True),
        lambda tenant: tenant.register_client(RegisteredClient(client_id="c")),
        lambda tenant: tenant.arm(faults.http_status(503)),
    ],
)
def test_a_tenant_that_somebody_has_configured_since_stays(configure):
    tenants = Tenants(capacity=2, auto_create=True)
    mine = tenants.find("mine")
    configure(mine)
    for number in range(10):
        tenants.find(f"n{number}")
    assert tenants.find("mine") is mine
    assert tenants.names() == ("mine", "n9")


def test_thousands_of_names_do_not_make_a_strict_tenant_lenient():
    tenants = Tenants(auto_create=True)
    strict = tenants.create("acme")
    for number in range(6_000):
        tenants.find(f"n{number}")
    assert tenants.find("acme") is strict
    assert len(tenants.names()) == module.MOST_TENANTS


def test_a_name_that_was_configured_and_deleted_does_not_spring_up_again():
    tenants = Tenants(auto_create=True)
    tenants.create("created")
    tenants.find("configured").configure(strict=True)
    tenants.find("untouched")
    for name in ("created", "configured", "untouched"):
        assert tenants.delete(name)
    assert [tenants.find(name) is None for name in ("created", "configured", "untouched")] == [True, True, False]
    assert tenants.create("created").settings.strict
    assert tenants.find("created").settings.strict


def test_when_too_many_names_were_deleted_none_springs_up_any_more(monkeypatch):
    monkeypatch.setattr(module, "MOST_RETIRED", 2)
    tenants = Tenants(auto_create=True)
    for name in ("a", "a", "b"):
        assert tenants.find("new") is not None
        tenants.delete("new")
        tenants.create(name)
        tenants.delete(name)
    assert tenants.find("new") is None
    assert tenants.create("new").name == "new"


def test_a_temporary_tenant_makes_room_and_does_not_come_back_as_another():
    tenants = Tenants(capacity=2)
    tenants.create("kept")
    for name in "ab":
        tenants.create(name, temporary=True).configure(strict=True)
    assert tenants.names() == ("kept", "b")
    tenants.auto_create = True
    assert tenants.find("a") is None


def test_the_memory_of_tenants_that_are_gone_is_free_again():
    tenants = Tenants(auto_create=True, capacity=3)
    before = tenants.memory_use()
    tenants.create("a").mint_refresh_token("c")
    tenants.create("a", replace=True).mint_refresh_token("c")
    tenants.find("b").mint_access_token("c")
    tenants.create("c", temporary=True)
    used = tenants.memory_use()
    assert used.tenants > 3 * 8192
    assert (used.refresh_tokens > 0, used.access_tokens > 0) == (True, True)
    for name in "abc":
        tenants.delete(name)
    after = tenants.memory_use()
    # Two names are remembered.
    assert (after.refresh_tokens, after.access_tokens, after.tenants < 1000) == (0, 0, True)
    assert before.used == 0


def test_requests_create_no_more_tenants_than_fit_into_the_memory():
    tenants = Tenants(auto_create=True, memory=MIB)
    found = [tenants.find(f"n{number}") for number in range(200)]
    assert 30 < sum(each is not None for each in found) < 60
    assert tenants.memory_use().used <= MIB


@pytest.mark.parametrize("name", ["", ".hidden", "_control", "a/b", "a b", "é", "x" * 65])
def test_a_name_that_is_not_allowed_in_a_path_is_rejected(name):
    with pytest.raises(ValueError, match="expected 1 to 64 letters"):
        Tenants().create(name)


def test_random_names_differ():
    tenants = Tenants()
    assert tenants.create().name != tenants.create().name


def test_a_source_with_a_seed_never_takes_the_place_of_a_tenant():
    tenants = Tenants()
    names = {tenants.create(randomness=Randomness("1")).name for _ in range(3)}
    assert len(names) == len(tenants.names()) == 3


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
