import base64
import hmac
import json
from dataclasses import replace
from urllib.parse import urlencode

import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.oauth._authlib_classes import InvalidClientError, InvalidRequestError
from oauth_gauntlet_server.oauth.assertion import parse
from oauth_gauntlet_server.oauth.client_auth import METHODS, PresentedCredentials, authenticate, presented_credentials
from oauth_gauntlet_server.oauth.request_style import FORM_TYPE
from oauth_gauntlet_server.oauth.token_request import TokenRequest
from oauth_gauntlet_server.tenancy.model import JWT_BEARER, RegisteredClient

CLIENT_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
CC = {"grant_type": "client_credentials"}


def test_basic_is_form_decoded(strict, ask, basic):
    assert ask(strict, basic("a+b%3Ac", "p%2Bq%25%26%C3%A9"), **CC)["token_type"] == "Bearer"


def test_credentials_in_the_body_are_accepted(strict, ask):
    assert "access_token" in ask(strict, client_id="a b:c", client_secret="p+q%&é", **CC)


def test_basic_and_the_same_client_id_in_the_body_are_accepted(strict, ask, basic):
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
def test_private_key_jwt_is_verified(strict, ask, signed, changes, good):
    text = signed(strict, **{"iss": "signer", "sub": "signer", "jti": "1", **changes})
    answer = ask(strict, client_assertion=text, client_assertion_type=CLIENT_JWT, **CC)
    assert ("access_token" in answer) == good
    assert good or answer["error"] == "invalid_client"


@pytest.mark.parametrize(("secret", "good"), [("x" * 32, True), ("y" * 32, False)])
def test_client_secret_jwt_is_verified(strict, ask, signed, secret, good):
    text = signed(strict, secret, "HS256", iss="signer", sub="signer", jti="2")
    answer = ask(strict, client_assertion=text, client_assertion_type=CLIENT_JWT, **CC)
    assert ("access_token" in answer) == good


def test_an_assertion_authenticates_once(strict, ask, signed):
    form = {"client_assertion": signed(strict, iss="signer", sub="signer", jti="3"), "client_assertion_type": CLIENT_JWT}
    assert "access_token" in ask(strict, **form, **CC)
    assert ask(strict, **form, **CC)["error"] == "invalid_client"


def test_a_public_client_sends_only_its_client_id(strict, ask):
    held = strict.mint_refresh_token("public", username="u")
    assert "access_token" in ask(strict, client_id="public", grant_type="refresh_token", refresh_token=held)


def test_client_authentication_is_optional_but_checked_in_the_jwt_bearer_grant(strict, ask, signed, basic):
    assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=signed(strict))
    assert ask(strict, basic(password="t"), grant_type=JWT_BEARER, assertion=signed(strict))["error"] == "invalid_client"


def test_a_lenient_tenant_accepts_only_well_formed_credentials(server, ask, basic, http):
    tenant = server.tenant(strict=False)
    assert "access_token" in ask(tenant, basic("any", "any"), **CC)
    assert ask(tenant, **CC)["error"] == "invalid_client"
    assert ask(tenant, basic("any", "any"), client_id="any", client_secret="any", **CC)["error"] == "invalid_request"


# The two functions, without a socket.


@pytest.fixture
def asked(strict, basic):
    """Return a function that builds a token request to the strict tenant, or to another one."""

    def make(credentials=None, tenant=strict, **form):
        headers = basic(*credentials) if isinstance(credentials, tuple) else credentials or {}
        recorded = RecordedRequest(
            method="POST",
            target="/t/token",
            http_version="1.1",
            headers=(("Host", "x"), ("Content-Type", FORM_TYPE), *headers.items()),
            body=urlencode(form).encode(),
            raw=b"",
        )
        return TokenRequest(tenant, recorded, tenant.urls)

    return make


def by_assertion(text, **form):
    return {"client_assertion": text, "client_assertion_type": CLIENT_JWT, **form}


def test_presented_credentials_contain_client_id_and_method(strict, asked, signed):
    text = signed(strict, iss="signer", sub="signer")
    assert presented_credentials(asked()) is None
    assert presented_credentials(asked(client_id="c")) == PresentedCredentials(method="none", client_id="c")
    assert presented_credentials(asked(("a", "s"))) == PresentedCredentials(
        method="client_secret_basic", client_id="a", secret="s"
    )
    in_body = PresentedCredentials(method="client_secret_post", client_id="a", secret="s")
    assert presented_credentials(asked(client_id="a", client_secret="s")) == in_body
    presented = presented_credentials(asked(**by_assertion(text)))
    assert (presented.method, presented.client_id, presented.secret) == ("private_key_jwt", "signer", None)
    assert presented.assertion == parse(text)


@pytest.mark.parametrize(
    ("credentials", "form", "method", "client_id"),
    [
        (("a", "s"), {}, "client_secret_basic", "a"),
        (("a", "s"), {"client_id": "a"}, "client_secret_basic", "a"),
        (None, {"client_id": "a", "client_secret": "s"}, "client_secret_post", "a"),
        (None, {"client_id": "public"}, "none", "public"),
    ],
)
def test_authenticate_sets_the_method_of_the_request(strict, asked, credentials, form, method, client_id):
    request = asked(credentials, **form)
    assert authenticate(request) == strict.clients.get(client_id)
    assert request.auth_method == method


@pytest.mark.parametrize(
    ("key", "method"), [((), "private_key_jwt"), (("x" * 32, "HS256"), "client_secret_jwt")], ids=["key", "secret"]
)
def test_the_algorithm_of_an_assertion_decides_the_method(strict, asked, signed, key, method):
    request = asked(**by_assertion(signed(strict, *key, iss="signer", sub="signer")))
    assert authenticate(request).client_id == "signer"
    assert request.auth_method == method


def test_a_lenient_tenant_accepts_unknown_clients_and_finds_registered_ones(server, asked):
    tenant = server.tenant(strict=False)
    tenant.register_client(RegisteredClient(client_id="known", scope="read"))
    request = asked(("any", "any"), tenant)
    assert authenticate(request) == RegisteredClient(client_id="any")
    assert request.auth_method == "client_secret_basic"
    assert authenticate(asked(("known", "any"), tenant)).scope == "read"


@pytest.mark.parametrize(
    ("credentials", "form", "description"),
    [
        (None, {}, "No client authentication is included"),
        (("nobody", "s"), {}, "The client is unknown"),
        (("a", "t"), {}, "The client secret is wrong"),
        (("public", ""), {}, "The client is not registered for client_secret_basic"),
        (("public", "XXXX"), {}, "The client is not registered for client_secret_basic"),
        (("without", ""), {}, "The client has no secret"),
        (("without", "s"), {}, "The client has no secret"),
        (None, {"client_id": "without", "client_secret": "s"}, "The client has no secret"),
        (None, {"client_id": "without", "client_secret": ""}, "The client is not registered for none"),
        (None, {"client_id": "a"}, "The client is not registered for none"),
        ({"Authorization": "Bearer x"}, {}, "The Authorization header uses a scheme other than Basic"),
        ({"Authorization": "Basic !"}, {}, "The Basic credentials are malformed"),
        (("a%", "s"), {}, "The Basic credentials are malformed"),
        (("é", "s"), {}, "The Basic credentials are malformed"),
        (None, by_assertion("a.b"), "The assertion is not a JWT in compact form"),
    ],
)
def test_failed_authentication_is_rejected_with_401(strict, asked, credentials, form, description):
    """RFC 6749 §5.2: invalid_client."""
    strict.register_client(RegisteredClient(client_id="without"))
    with pytest.raises(InvalidClientError) as caught:
        authenticate(asked(credentials, **form))
    assert (caught.value.description, caught.value.status_code) == (description, 401)


@pytest.mark.parametrize(
    ("credentials", "form", "description"),
    [
        (("a", "s"), {"client_id": "a", "client_secret": "s"}, "More than one client authentication method is used"),
        (("a", "s"), {"client_secret": "s"}, "More than one client authentication method is used"),
        (("a", "s"), {"client_assertion": "a.b"}, "More than one client authentication method is used"),
        (("a", "s"), {"client_id": "b"}, "The client_id in the body names another client"),
        (None, {"client_secret": "s"}, "A client_secret without client_id is in the body"),
        (None, {"client_assertion": "e30.e30."}, "The client_assertion_type is missing or unknown"),
        (None, by_assertion("e30.e30.", client_assertion_type="x"), "The client_assertion_type is missing or unknown"),
    ],
)
def test_more_than_one_method_or_an_incomplete_one_is_rejected(asked, credentials, form, description):
    """RFC 6749 §2.3: "The client MUST NOT use more than one authentication method in each request." """
    with pytest.raises(InvalidRequestError) as caught:
        presented_credentials(asked(credentials, **form))
    assert caught.value.description == description


@pytest.mark.parametrize("strict_or_not", [True, False])
@pytest.mark.parametrize("second", ["Basic YTpz", "Basic Yjp0", "Bearer x"])
def test_two_authorization_fields_are_rejected(strict, asked, strict_or_not, second):
    """RFC 9110 §5.3: a field that is not a list is sent once; also two of the same content."""
    strict.configure(strict=strict_or_not)
    request = asked(("a", "s"))
    headers = (*request.recorded.headers, ("authorization", second))
    with pytest.raises(InvalidRequestError) as caught:
        authenticate(TokenRequest(strict, replace(request.recorded, headers=headers), strict.urls))
    assert caught.value.description == "The Authorization header field is repeated"


def test_an_empty_secret_is_a_secret_only_if_it_is_registered(strict, asked):
    """RFC 6749 §2.3.1: a secret may be the empty string."""
    strict.register_client(RegisteredClient(client_id="empty", client_secret=""))
    assert authenticate(asked(("empty", ""))).client_id == "empty"
    with pytest.raises(InvalidClientError, match="The client secret is wrong"):
        authenticate(asked(("empty", "s")))


@pytest.mark.parametrize("secret", [None, ""])
def test_a_missing_or_empty_secret_is_no_key_of_an_assertion(strict, asked, signed, secret):
    methods = frozenset({"client_secret_jwt"})
    strict.register_client(RegisteredClient(client_id="other", client_secret=secret, token_endpoint_auth_methods=methods))
    text = compact_with_empty_key(iss="other", sub="other", aud=strict.issuer, exp=strict.clock.now() + 60)
    with pytest.raises(InvalidClientError, match="No registered key fits the assertion's alg"):
        authenticate(asked(**by_assertion(text)))


def compact_with_empty_key(**claims):
    signed = b".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=") for part in ({"alg": "HS256"}, claims))
    mac = base64.urlsafe_b64encode(hmac.digest(b"", signed, "sha256")).rstrip(b"=")
    return (signed + b"." + mac).decode()


@pytest.mark.parametrize(
    ("claims", "key", "description"),
    [
        ({"iss": "a"}, (), "The claim iss is not the client_id"),
        ({"exp": 1}, (), "The claim exp has passed"),
        ({}, ("y" * 32, "HS256"), "The assertion's signature does not verify"),
        ({"iss": "other", "sub": "other"}, ("y" * 32, "HS256"), "No registered key fits the assertion's alg"),
        ({"iss": "other", "sub": "other"}, (), "No registered key fits the assertion's alg"),
    ],
)
def test_a_wrong_assertion_is_rejected_with_the_reason(strict, asked, signed, claims, key, description):
    methods = frozenset({"private_key_jwt", "client_secret_jwt"})
    strict.register_client(RegisteredClient(client_id="other", token_endpoint_auth_methods=methods))
    text = signed(strict, *key, **{"iss": "signer", "sub": "signer", **claims})
    with pytest.raises(InvalidClientError) as caught:
        authenticate(asked(**by_assertion(text)))
    assert (caught.value.description, caught.value.status_code) == (description, 401)


def test_two_clients_may_use_the_same_jti(strict, asked, signed):
    strict.register_client(replace(strict.clients.get("signer"), client_id="other"))
    for name in ("signer", "other"):
        text = signed(strict, iss=name, sub=name, jti="the-same")
        assert authenticate(asked(**by_assertion(text))).client_id == name


def test_the_authentication_methods_are_the_registered_names():
    """RFC 7591 §2, OpenID Connect Core §9."""
    assert METHODS == ("client_secret_basic", "client_secret_post", "private_key_jwt", "client_secret_jwt", "none")


def test_the_client_id_of_basic_credentials_has_a_limit_too(server, ask, basic):
    tenant = server.tenant(strict=False)
    assert "access_token" in ask(tenant, basic("c" * 8192), grant_type="client_credentials")
    refused = ask(tenant, basic("c" * 8193), grant_type="client_credentials")
    assert (refused["error"], "client_id has 8193 characters" in refused["error_description"]) == ("invalid_request", True)
