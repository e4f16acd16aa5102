from concurrent.futures import ThreadPoolExecutor

from oauth_gauntlet_server import Randomness, Tenants
from oauth_gauntlet_server.jose.unverified import claims_in


def drawn(source):
    return [source.octets(3), source.text(), source.hexadecimal()]


def test_a_seed_repeats_what_is_drawn():
    assert drawn(Randomness("a")) == drawn(Randomness("a"))
    assert drawn(Randomness("a")) != drawn(Randomness("b"))


def test_without_a_seed_nothing_repeats():
    assert drawn(Randomness()) != drawn(Randomness())
    assert Randomness().derived("x").text() != Randomness().derived("x").text()


def test_each_draw_differs():
    source = Randomness("a")
    assert len({source.text() for _ in range(100)}) == 100


def test_lengths_are_in_octets():
    source = Randomness("a")
    assert (len(source.octets(5)), len(source.text(32)), len(source.hexadecimal(6))) == (5, 43, 12)


def test_a_derived_source_is_independent():
    first, second = Randomness("a"), Randomness("a")
    first.text()
    assert first.derived("x").text() == second.derived("x").text() != second.derived("y").text()


def test_threads_never_draw_the_same():
    source = Randomness("a")
    with ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: source.hexadecimal(), range(400)))) == 400


def minted(tenants, **chosen):
    tenant = tenants.create(**chosen)
    jwt = tenant.signed_access_token("c", subject="s")
    return tenant.name, tenant.mint_access_token("c"), tenant.mint_refresh_token("c"), claims_in(jwt)["jti"]


def test_a_tenant_repeats_with_the_source_of_its_registry_or_its_own():
    assert minted(Tenants(randomness=Randomness("1"))) == minted(Tenants(randomness=Randomness("1")))
    own = minted(Tenants(), randomness=Randomness("1"))
    assert own == minted(Tenants(), randomness=Randomness("1")) != minted(Tenants())


def test_what_one_tenant_draws_changes_nothing_in_another():
    alone, beside = Tenants(randomness=Randomness("1")), Tenants(randomness=Randomness("1"))
    busy = beside.create("busy")
    busy.mint_access_token("c")
    assert minted(alone, name="a")[1:] == minted(beside, name="a")[1:]


def test_families_are_drawn_too():
    tenant = Tenants(randomness=Randomness("1")).create("a")
    records = [tenant.tokens.get(tenant.mint_access_token("c")) for _ in range(3)]
    assert len({record.family for record in records}) == len({record.token for record in records}) == 3
