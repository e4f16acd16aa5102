import pytest

from oauth_gauntlet_server.model import JWT_BEARER

CLIENT_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CC = {"grant_type": "client_credentials"}


def test_basic_is_form_decoded(strict, ask, basic):
    assert ask(strict, basic("a+b%3Ac", "p%2Bq%25%26%C3%A9"), **CC)["token_type"] == "Bearer"


def test_credentials_in_the_body_are_as_good(strict, ask):
    assert "access_token" in ask(strict, client_id="a b:c", client_secret="p+q%&é", **CC)


def test_the_client_id_may_stand_beside_basic_where_it_is_the_same(strict, ask, basic):
    assert "access_token" in ask(strict, basic(), client_id="a", **CC)


@pytest.mark.parametrize(
    ("changes", "good"),
    [
        ({}, True),
        ({"iss": "a"}, False),
        ({"aud": "https://other.example"}, False),
        ({"exp": 1}, False),
        ({"sub": "a"}, False),
    ],
)
def test_private_key_jwt(strict, ask, signed, changes, good):
    text = signed(strict, **{"iss": "signer", "sub": "signer", "jti": "1", **changes})
    answer = ask(strict, client_assertion=text, client_assertion_type=CLIENT_JWT, **CC)
    assert ("access_token" in answer) == good
    assert good or answer["error"] == "invalid_client"


@pytest.mark.parametrize(("secret", "good"), [("x" * 32, True), ("y" * 32, False)])
def test_client_secret_jwt(strict, ask, signed, secret, good):
    text = signed(strict, secret, "HS256", iss="signer", sub="signer", jti="2")
    answer = ask(strict, client_assertion=text, client_assertion_type=CLIENT_JWT, **CC)
    assert ("access_token" in answer) == good


def test_an_assertion_authenticates_once(strict, ask, signed):
    form = {"client_assertion": signed(strict, iss="signer", sub="signer", jti="3"), "client_assertion_type": CLIENT_JWT}
    assert "access_token" in ask(strict, **form, **CC)
    assert ask(strict, **form, **CC)["error"] == "invalid_client"


def test_a_public_client_names_itself(strict, ask):
    held = strict.mint_refresh_token("public", username="u")
    assert "access_token" in ask(strict, client_id="public", grant_type="refresh_token", refresh_token=held)


def test_with_an_assertion_as_the_grant_authentication_is_optional_but_checked(strict, ask, signed, basic):
    assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=signed(strict))
    assert ask(strict, basic(password="t"), grant_type=JWT_BEARER, assertion=signed(strict))["error"] == "invalid_client"


def test_a_lenient_tenant_believes_what_is_well_formed_and_no_more(server, ask, basic, http):
    tenant = server.tenant(strict=False)
    assert "access_token" in ask(tenant, basic("any", "any"), **CC)
    assert ask(tenant, **CC)["error"] == "invalid_client"
    assert ask(tenant, basic("any", "any"), client_id="any", client_secret="any", **CC)["error"] == "invalid_request"
