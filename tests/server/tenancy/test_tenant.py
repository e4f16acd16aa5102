import threading

import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants, User, faults


@pytest.fixture
def tenant():
    return Tenants().create("t")


def test_urls_are_below_its_own_path(tenant):
    assert tenant.issuer == "http://127.0.0.1:8080/t"
    assert tenant.token_url == "http://127.0.0.1:8080/t/token"
    assert tenant.metadata_url == "http://127.0.0.1:8080/.well-known/oauth-authorization-server/t"


def test_a_token_is_in_force_until_its_end_and_not_a_moment_longer(tenant):
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


def test_of_many_who_spend_a_token_one_wins(tenant):
    text = tenant.mint_refresh_token("a")
    won = []
    threads = [threading.Thread(target=lambda: won.append(tenant.spend(text))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert won.count(True) == 1
    assert tenant.active(text) is None


def test_a_token_under_another_name_is_the_same_token(tenant):
    text = tenant.mint_access_token("a", scope="read")
    tenant.rename_token(text, "other")
    assert tenant.active("other").scope == "read"
    assert tenant.active(text)
    tenant.rename_token("unknown", "nothing")
    assert tenant.active("nothing") is None


def test_tokens_of_a_user_bear_the_users_subject(tenant):
    tenant.register_user(User(username="u", password="p", sub="4711"))
    assert tenant.active(tenant.mint_access_token("a", username="u")).subject == "4711"
    assert tenant.active(tenant.mint_access_token("a")).subject == "a"


def test_a_sequence_fails_as_it_says_and_then_recovers(server, ask, basic):
    tenant = server.tenant(strict=False)
    tenant.arm_sequence(faults.oauth_error("invalid_grant"), None, faults.oauth_error("invalid_scope"))
    seen = [ask(tenant, basic("any"), grant_type="client_credentials").get("error") for _ in range(5)]
    assert seen == ["invalid_grant", None, "invalid_scope", None, None]


def test_unknown_settings_are_refused(tenant):
    with pytest.raises(TypeError, match="strikt"):
        tenant.configure(strikt=False)


def test_registering_again_replaces(tenant):
    for secret in ("one", "two"):
        tenant.register_client(RegisteredClient(client_id="a", client_secret=secret))
    assert tenant.clients.get("a").client_secret == "two"
    assert len(tenant.clients) == 1
