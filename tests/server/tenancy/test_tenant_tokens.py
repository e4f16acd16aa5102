import threading

import pytest

from oauth_gauntlet_server import RotationPolicy, Tenants, User
from oauth_gauntlet_server.tenancy.token_rules import Use


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
    tenant.configure(rotation=RotationPolicy.ROTATE)
    text = tenant.mint_refresh_token("a")
    won = []
    threads = [threading.Thread(target=lambda: won.append(tenant.use_refresh_token(text))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(Use.ROTATES) == 1
    assert won.count(Use.REUSED) == 15
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
