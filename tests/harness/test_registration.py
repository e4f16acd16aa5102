import pytest
from cryptography.hazmat.primitives import serialization

from oauth_gauntlet.key_material import public_pem
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.registration import CLIENT_ID, CLIENT_SECRET, PASSWORD, USERNAME, default_configuration, register
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
def test_a_default_configuration_is_complete_without_optional_parameters(tenant, grant, own):
    config = default_configuration(tenant, grant)
    assert set(config) == {"grant_type", "token_url", "allow_http"} | own
    assert (config["grant_type"], config["token_url"], config["allow_http"]) == (grant, tenant.token_url, True)
    assert type(config["grant_type"]) is str
    assert all(isinstance(config[name], str) and config[name] for name in own)


def test_a_default_refresh_token_is_one_that_the_tenant_issued(tenant):
    token = default_configuration(tenant, GrantType.REFRESH_TOKEN)["refresh_token"]
    record = tenant.active(token)
    assert (record.client_id, record.username, record.is_refresh_token) == (CLIENT_ID, USERNAME, True)


@pytest.mark.parametrize(
    ("changes", "methods"),
    [
        ({}, {"client_secret_basic", "client_secret_post"}),
        ({"token_endpoint_auth_method": "client_secret_post"}, {"client_secret_post"}),
        ({"token_endpoint_auth_method": "client_secret_jwt"}, {"client_secret_jwt"}),
        ({"client_secret": ""}, {"none"}),
    ],
)
def test_a_client_is_registered_with_the_methods_of_its_configuration(tenant, changes, methods):
    register(tenant, default_configuration(tenant, GrantType.PASSWORD) | changes)
    known = tenant.clients.get(CLIENT_ID)
    assert known.token_endpoint_auth_methods == methods
    assert known.client_secret == (None if methods == {"none"} else CLIENT_SECRET)
    assert tenant.users.get(USERNAME).password == PASSWORD


def test_a_client_with_private_key_jwt_is_registered_with_its_keys_and_without_a_secret(tenant):
    changes = {"token_endpoint_auth_method": "private_key_jwt", "client_secret": None}
    register(tenant, default_configuration(tenant, GrantType.PASSWORD) | changes)
    known = tenant.clients.get(CLIENT_ID)
    assert (known.token_endpoint_auth_methods, known.client_secret) == ({"private_key_jwt"}, None)
    assert public_pem("rsa") in known.public_keys
    register(tenant, default_configuration(tenant, GrantType.PASSWORD))
    assert tenant.clients.get(CLIENT_ID).public_keys == ()


def test_the_issuer_may_use_the_configured_audience(tenant):
    config = default_configuration(tenant, GrantType.JWT_BEARER) | {"jwt_audience": "urn:other"}
    register(tenant, config)
    assert tenant.issuers.get(config["jwt_issuer"]).audiences == {"urn:other"}
    register(tenant, config | {"jwt_audience": ""})
    assert tenant.issuers.get(config["jwt_issuer"]).audiences is None


def test_an_issuer_may_sign_with_any_key_of_a_configuration(tenant):
    config = default_configuration(tenant, GrantType.JWT_BEARER)
    register(tenant, config)
    known = tenant.issuers.get(config["jwt_issuer"])
    assert known.public_keys == (public_pem("rsa"), public_pem("ec"), public_pem("ed25519"))
    assert public_half(config["private_key"]) in known.public_keys


def public_half(pem):
    key = serialization.load_pem_private_key(pem.encode(), None).public_key()
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def test_a_password_may_be_empty_and_a_client_public(tenant):
    register(tenant, {"client_id": "c", "client_secret": 5, "username": "u", "password": ""})
    assert tenant.users.get("u").password == ""
    assert (tenant.clients.get("c").client_secret, tenant.clients.get("c").token_endpoint_auth_methods) == (None, {"none"})


def test_a_user_without_a_password_is_not_registered(tenant):
    register(tenant, {"username": "u"})
    assert len(tenant.users) == 0


@pytest.mark.parametrize("nothing", [None, "", 5])
def test_a_value_that_is_missing_or_no_text_is_not_registered(tenant, nothing):
    register(tenant, {"client_id": nothing, "username": nothing, "password": "p", "jwt_issuer": nothing})
    assert (len(tenant.clients), len(tenant.users), len(tenant.issuers)) == (0, 0, 0)
