import jwt
import pytest

from oauth_gauntlet_server import RegisteredClient, Tenants, faults
from oauth_gauntlet_server.jose.keys import new_signing_key


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


def test_a_key_of_ones_own_signs_and_decides_the_algorithm(tenant):
    old = tenant.mint_jwt_access_token("c")
    kid = tenant.use_key({**new_signing_key("EdDSA").as_dict(private=True), "kid": "mine"})
    assert (kid, tenant.settings.signing_algorithm) == ("mine", "EdDSA")
    assert jwt.get_unverified_header(tenant.mint_jwt_access_token("c")) == {"typ": "JWT", "alg": "EdDSA", "kid": "mine"}
    keys = {key["kid"] for key in tenant.keys.jwks("EdDSA")["keys"]}
    assert keys == {"mine", jwt.get_unverified_header(old)["kid"]}


def test_a_key_that_cannot_sign_changes_nothing(tenant):
    with pytest.raises(ValueError, match="not the PEM of a key"):
        tenant.use_key("nonsense")
    assert tenant.settings.signing_algorithm == "ES256"


@pytest.mark.parametrize("typ", ["JWT", "at+jwt"])
def test_the_typ_of_jwts_is_a_setting(tenant, typ):
    tenant.configure(access_token_typ=typ)
    assert jwt.get_unverified_header(tenant.mint_jwt_access_token("c"))["typ"] == typ


def test_what_a_tenant_takes_follows_its_settings(tenant):
    def used():
        return tenant.account.used["tenants"]

    before = used()
    tenant.configure(claims={"x": "a" * 1000}, access_token_format="jwt")
    assert 30_000 > used() - before > 17_000
    tenant.configure(claims={}, access_token_format="opaque")
    assert abs(used() - before) < 100


def test_a_capacity_that_the_journal_refuses_changes_nothing(tenant):
    before = tenant.account.used["tenants"]
    with pytest.raises(ValueError, match="journal_capacity must be at least 1"):
        tenant.configure(journal_capacity=0, strict=False)
    assert tenant.settings.strict
    assert tenant.account.used["tenants"] == before
