import threading

import pytest

from oauth_gauntlet_server import Tenants, User
from oauth_gauntlet_server.jose.unverified import claims_in


@pytest.fixture
def tenant():
    return Tenants().create("t")


def test_a_token_is_active_until_it_expires(tenant):
    tenant.clock = At(1000.0)
    text = tenant.mint_access_token("a", expires_in=10)
    tenant.clock.instant = 1009.999
    assert tenant.active(text)
    tenant.clock.instant = 1010.0
    assert tenant.active(text) is None


class At:
    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant


def test_only_one_of_many_threads_spends_a_token(tenant):
    text = tenant.mint_refresh_token("a")
    won = []
    threads = [threading.Thread(target=lambda: won.append(tenant.spend(text))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1
    assert tenant.active(text) is None


def test_a_renamed_token_is_active_under_both_values(tenant):
    text = tenant.mint_access_token("a", scope="read")
    tenant.rename_token(text, "other")
    assert tenant.active("other").scope == "read"
    assert tenant.active(text)
    tenant.rename_token("unknown", "nothing")
    assert tenant.active("nothing") is None


def test_tokens_of_a_user_have_the_users_subject(tenant):
    tenant.register_user(User(username="u", password="p", sub="4711"))
    assert tenant.active(tenant.mint_access_token("a", username="u")).subject == "4711"
    assert tenant.active(tenant.mint_access_token("a")).subject == "a"


def test_a_minted_token_has_the_configured_claims_and_those_that_are_given():
    tenant = Tenants().create("t", claims={"from": "tenant"}, claims_by_scope={"r": {"scope_of": "r"}})
    tenant.register_user(User(username="u", password="p", claims={"roles": ["admin"]}))
    wanted = {"from": "call", "scope_of": "r", "roles": ["admin"]}
    given = {"username": "u", "scope": "r", "claims": {"from": "call"}}
    assert tenant.active(tenant.mint_access_token("c", **given)).claims == wanted
    text = tenant.mint_jwt_access_token("c", **given)
    assert claims_in(text).items() >= wanted.items()
    assert tenant.active(text).claims == wanted


def test_a_subject_that_is_a_user_has_the_users_claims_and_a_client_of_that_name_has_not():
    tenant = Tenants().create("t")
    tenant.register_user(User(username="u", password="p", claims={"roles": ["admin"]}))
    assert tenant.active(tenant.mint_access_token("c", subject="u")).claims == {"roles": ["admin"]}
    assert tenant.active(tenant.mint_access_token("u", subject="u")).claims == {}
    assert tenant.active(tenant.mint_access_token("c", subject="u")).subject == "u"


@pytest.mark.parametrize("mint", ["mint_access_token", "mint_jwt_access_token"])
def test_a_token_is_active_while_its_claims_allow_it(tenant, mint):
    tenant.clock = At(1000.0)
    token = getattr(tenant, mint)("c", expires_in=10, claims={"nbf": 1100, "exp": 1200})
    found = []
    for tenant.clock.instant in (1000.0, 1099.9, 1100.0, 1199.9, 1200.0):
        found.append(tenant.active(token) is not None)
    assert found == [False, False, True, True, False]


@pytest.mark.parametrize("claims", [{"nbf": "soon"}, {"exp": None}, {"exp": True}, {"exp": float("nan")}, {"nbf": [1]}])
def test_a_token_whose_dates_are_no_numbers_is_never_active(tenant, claims):
    assert tenant.active(tenant.mint_access_token("c", expires_in=None, claims=claims)) is None


def test_the_tenants_claims_decide_too(tenant):
    tenant.configure(claims={"nbf": 4_000_000_000})
    assert tenant.active(tenant.mint_access_token("c")) is None
    assert tenant.active(tenant.mint_refresh_token("c"))


def test_a_refresh_token_is_valid_whatever_the_claims_of_its_access_tokens_say(tenant):
    assert tenant.active(tenant.mint_refresh_token("c", claims={"exp": 1, "aud": "x"})).claims == {"exp": 1, "aud": "x"}


def test_a_renamed_token_can_have_other_claims(tenant):
    text = tenant.mint_access_token("c", claims={"a": 1})
    tenant.rename_token(text, "same")
    tenant.rename_token(text, "expired", {"exp": 1})
    assert tenant.active("same").claims == {"a": 1}
    assert tenant.active("expired") is None
