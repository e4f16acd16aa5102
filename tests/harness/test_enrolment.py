import pytest

from oauth_gauntlet.enrolment import CLIENT_ID, USERNAME, default_configuration, enrol
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_server import Tenants


@pytest.fixture
def tenant():
    return Tenants().create("t")


@pytest.mark.parametrize(
    ("grant", "own"),
    [
        (GrantType.REFRESH_TOKEN, {"client_id", "client_secret", "refresh_token"}),
        (GrantType.CLIENT_CREDENTIALS, {"client_id", "client_secret"}),
        (GrantType.PASSWORD, {"client_id", "client_secret", "username", "password"}),
        (GrantType.JWT_BEARER, {"jwt_issuer", "jwt_subject", "jwt_audience", "private_key"}),
    ],
)
def test_a_default_configuration_is_complete_and_has_nothing_optional(tenant, grant, own):
    assert set(default_configuration(tenant, grant)) == {"grant_type", "token_url", "allow_http"} | own


def test_a_default_refresh_token_is_one_that_the_tenant_issued(tenant):
    token = default_configuration(tenant, GrantType.REFRESH_TOKEN)["refresh_token"]
    assert tenant.active(token).client_id == CLIENT_ID


@pytest.mark.parametrize(
    ("changes", "methods"),
    [
        ({}, {"client_secret_basic", "client_secret_post"}),
        ({"token_endpoint_auth_method": "client_secret_post"}, {"client_secret_post"}),
        ({"client_secret": ""}, {"none"}),
    ],
)
def test_a_client_is_known_by_the_methods_that_its_configuration_names(tenant, changes, methods):
    enrol(tenant, default_configuration(tenant, GrantType.PASSWORD) | changes)
    assert tenant.clients.get(CLIENT_ID).token_endpoint_auth_methods == methods
    assert tenant.users.get(USERNAME) is not None


def test_the_configured_audience_is_one_that_the_issuer_may_name(tenant):
    config = default_configuration(tenant, GrantType.JWT_BEARER) | {"jwt_audience": "urn:other"}
    enrol(tenant, config)
    assert tenant.issuers.get(config["jwt_issuer"]).audiences == {"urn:other"}


@pytest.mark.parametrize("nothing", [None, "", 5])
def test_what_is_missing_or_no_text_is_not_enrolled(tenant, nothing):
    enrol(tenant, {"client_id": nothing, "username": nothing, "password": "p", "jwt_issuer": nothing})
    assert (len(tenant.clients), len(tenant.users), len(tenant.issuers)) == (0, 0, 0)
