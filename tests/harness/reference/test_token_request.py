import base64
from urllib.parse import unquote_plus

import jwt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet.key_material import private_key, public_pem
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import Configuration
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet_server.http.form import parse_form

URL = "https://server.example/token?a=b%20c"


def builder(grant=GrantType.PASSWORD, **members):
    given = {"auth_method": "client_secret_basic", "client_id": "c", "client_secret": "s", "username": "u", "password": "p"}
    return TokenRequestBuilder(Configuration(grant=grant, token_url=URL, **given | members))


def pairs(made, grant=None, refresh_token=None):
    return made.parameters(grant or made.configuration.grant, refresh_token=refresh_token, now=0)


def test_with_basic_the_body_has_no_client_credentials():
    made = builder(scope="a b", payload={"x": "1"})
    assert dict(pairs(made)) == {"grant_type": "password", "username": "u", "password": "p", "scope": "a b", "x": "1"}
    assert made.headers()["Authorization"] == "Basic " + base64.b64encode(b"c:s").decode()


def test_with_post_there_is_no_authorization_header():
    made = builder(auth_method="client_secret_post")
    assert dict(pairs(made))["client_secret"] == "s"
    assert "Authorization" not in made.headers()


def test_a_public_client_sends_only_its_id():
    made = builder(auth_method="none", client_secret=None)
    assert dict(pairs(made))["client_id"] == "c"
    assert "client_secret" not in dict(pairs(made))


def test_with_private_key_jwt_the_client_signs_an_assertion_about_itself():
    made = builder(auth_method="private_key_jwt", client_secret=None, private_key=private_key("ec"), jwt_header={"kid": "k"})
    sent = dict(pairs(made))
    assert sent["client_assertion_type"] == "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    assert (sent["client_id"], "client_secret" in sent, "Authorization" in made.headers()) == ("c", False, False)
    assert jwt.get_unverified_header(sent["client_assertion"]) == {"typ": "JWT", "alg": "ES256", "kid": "k"}
    claims = verified(sent["client_assertion"], public_pem("ec"), "ES256")
    assert (claims["iss"], claims["sub"], claims["aud"], claims["exp"]) == ("c", "c", URL, 300)


def test_with_client_secret_jwt_the_secret_is_the_key_of_a_mac():
    made = builder(auth_method="client_secret_jwt", client_secret="é" * 16, jwt_audience="https://issuer.example")
    claims = verified(dict(pairs(made))["client_assertion"], ("é" * 16).encode(), "HS256")
    assert (claims["iss"], claims["sub"], claims["aud"]) == ("c", "c", "https://issuer.example")
    assert "client_secret" not in dict(pairs(made))


def test_a_grant_of_jwt_bearer_and_a_client_assertion_are_two_assertions():
    members = {"jwt_issuer": "i", "jwt_subject": "s", "jwt_audience": "a", "private_key": private_key("rsa")}
    made = builder(GrantType.JWT_BEARER, auth_method="private_key_jwt", **members)
    sent = dict(pairs(made))
    found = [verified(sent[name], public_pem("rsa"), "RS256") for name in ("assertion", "client_assertion")]
    assert [(claims["iss"], claims["sub"], claims["aud"]) for claims in found] == [("i", "s", "a"), ("c", "c", URL)]


def verified(text, key, algorithm):
    unchecked = {"verify_exp": False, "verify_aud": False, "verify_iat": False}
    return jwt.decode(text, key, algorithms=[algorithm], options=unchecked)


def test_a_later_refresh_has_no_scope():
    made = builder(scope="a b")
    assert dict(pairs(made, GrantType.REFRESH_TOKEN, "r")) == {"grant_type": "refresh_token", "refresh_token": "r"}


def test_each_resource_is_a_parameter_of_a_later_refresh_too():
    made = builder(resources=("urn:a:b", "https://a"))
    for grant in (None, GrantType.REFRESH_TOKEN):
        assert [value for name, value in pairs(made, grant, "r") if name == "resource"] == ["urn:a:b", "https://a"]


def test_the_url_is_the_configured_one():
    assert builder().url(pairs(builder())) == URL


@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_encoded_so_that_a_server_can_decode_it(first, second):
    made = builder(client_id=first or "c", client_secret=second or "s", username=first, password=second)
    body = made.body([("username", first), ("password", second)])
    assert body.isascii()
    assert parse_form(body) == (("username", first), ("password", second))
    user, _, password = base64.b64decode(made.headers()["Authorization"].removeprefix("Basic ")).decode().partition(":")
    assert (unquote_plus(user), unquote_plus(password)) == (first or "c", second or "s")


@pytest.mark.parametrize("header", ["Content-Type", "Accept"])
def test_the_content_type_is_form_and_json_is_accepted(header):
    assert builder().headers()[header].startswith("application/")
