from urllib.parse import urlencode

import jwt
import pytest

from oauth_gauntlet_server import RegisteredClient, RotationPolicy, User
from oauth_gauntlet_server.tenancy.model import JWT_BEARER


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_jwt_access_tokens_verify_with_the_published_keys(strict, http, ask, basic, algorithm):
    strict.configure(access_token_format="jwt", signing_algorithm=algorithm)
    text = ask(strict, basic(), grant_type="client_credentials", scope="read")["access_token"]
    keys = jwt.PyJWKSet.from_dict(http.get(strict.jwks_uri).json())
    header = jwt.get_unverified_header(text)
    claims = jwt.decode(text, keys[header["kid"]].key, algorithms=[algorithm], audience=strict.resource_url)
    assert header["typ"] == "JWT"
    assert (claims["iss"], claims["client_id"], claims["sub"], claims["scope"]) == (strict.issuer, "a", "a", "read")
    assert claims["exp"] - claims["iat"] == 3600
    assert strict.active(text)


def test_opaque_tokens_are_long_and_different(strict, ask, basic):
    tokens = {ask(strict, basic(), grant_type="client_credentials")["access_token"] for _ in range(5)}
    assert len(tokens) == 5
    assert all(len(token) == 43 for token in tokens)


def test_without_a_lifetime_there_is_no_expires_in(strict, ask, basic):
    strict.configure(access_token_lifetime_s=None)
    assert "expires_in" not in ask(strict, basic(), grant_type="client_credentials")


def test_the_default_scope_is_in_the_response(strict, ask, basic):
    strict.configure(default_scope="read")
    assert ask(strict, basic(), grant_type="client_credentials")["scope"] == "read"


@pytest.fixture
def lenient(server):
    return server.tenant(strict=False)


def claims_of(http, tenant, token):
    """Return the claims of a JWT, after comparing them with the introspection response."""
    claims = jwt.decode(token, options={"verify_signature": False})
    introspected = http.post(tenant.introspection_url, data={"token": token, "client_id": "a"}).json()
    assert introspected["active"]
    assert {name: introspected[name] for name in claims if name not in {"jti", "aud"}} == {
        name: value for name, value in claims.items() if name not in {"jti", "aud"}
    }
    assert introspected.get("aud", tenant.resource_url) == claims["aud"]
    return claims


def form(*pairs):
    return urlencode([("grant_type", "client_credentials"), ("client_id", "a"), *pairs])


def granted(http, tenant, *pairs):
    answer = http.post(tenant.token_url, content=form(*pairs), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 200, answer.text
    return claims_of(http, tenant, answer.json()["access_token"])


@pytest.mark.parametrize(
    ("pairs", "aud"),
    [
        ([("audience", "x")], "x"),
        ([("resource", "https://r.example")], "https://r.example"),
        ([("audience", "x"), ("audience", "y"), ("audience", "x")], ["x", "y"]),
        ([("resource", "https://r.example"), ("audience", "x")], ["x", "https://r.example"]),
        ([("audience", ""), ("other", "z")], None),
    ],
)
def test_a_lenient_tenant_takes_aud_from_the_parameters(http, lenient, pairs, aud):
    lenient.configure(access_token_format="jwt")
    assert granted(http, lenient, *pairs)["aud"] == (aud or lenient.resource_url)
    lenient.configure(audience_from_parameters=False)
    assert granted(http, lenient, *pairs)["aud"] == lenient.resource_url


def test_a_strict_tenant_takes_aud_from_the_parameters_if_it_is_told_to(strict, ask, basic):
    strict.configure(access_token_format="jwt")

    def aud():
        token = ask(strict, basic(), grant_type="client_credentials", audience="x")["access_token"]
        return jwt.decode(token, options={"verify_signature": False})["aud"]

    assert aud() == strict.resource_url
    strict.configure(audience_from_parameters=True)
    assert aud() == "x"


def test_an_opaque_token_introspects_with_the_audience(http, lenient):
    token = http.post(lenient.token_url, data={"grant_type": "client_credentials", "client_id": "a", "audience": "x"}).json()
    introspected = http.post(lenient.introspection_url, data={"token": token["access_token"], "client_id": "a"}).json()
    assert introspected["aud"] == "x"


def test_a_claim_comes_from_parameter_user_client_scope_and_tenant_in_this_order(http, lenient):
    lenient.configure(
        access_token_format="jwt",
        claims={"tenant": "tenant", "by_scope": "tenant", "client": "tenant", "user": "tenant", "parameter": "tenant"},
        claims_by_scope={"r": {"client": "scope", "by_scope": "scope", "user": "scope", "parameter": "scope"}},
        claims_from_parameters={"p": "parameter"},
    )
    lenient.register_client(
        RegisteredClient(client_id="a", claims={"client": "client", "user": "client", "parameter": "client"})
    )
    lenient.register_user(User(username="u", password="p", claims={"user": "user", "parameter": "user"}))
    answer = http.post(
        lenient.token_url,
        data={"grant_type": "password", "username": "u", "password": "p", "client_id": "a", "scope": "r", "p": "parameter"},
    ).json()
    names = ("tenant", "by_scope", "client", "user", "parameter")
    claims = claims_of(http, lenient, answer["access_token"])
    assert {name: claims[name] for name in names} == dict(
        zip(names, ("tenant", "scope", "client", "user", "parameter"), strict=True)
    )


def test_a_parameter_that_sets_a_claim_may_be_repeated_in_a_lenient_tenant(http, lenient):
    lenient.configure(access_token_format="jwt", claims_from_parameters={"role": "roles"})
    lenient.register_client(RegisteredClient(client_id="a", claims_from_parameters={"group": "groups"}))
    claims = granted(http, lenient, ("role", "x"), ("role", "y"), ("group", "1"), ("group", "2"))
    assert (claims["roles"], claims["groups"]) == (["x", "y"], ["1", "2"])
    assert granted(http, lenient, ("role", "x"))["roles"] == "x"


@pytest.mark.parametrize(("strict", "parameter"), [(True, "role"), (False, "other"), (False, "client_id"), (False, "scope")])
def test_any_other_parameter_must_not_be_repeated(http, server, strict, parameter):
    tenant = server.tenant(strict=strict, claims_from_parameters={"role": "roles", "scope": "s", "client_id": "c"})
    content = form((parameter, "a"), (parameter, "a"))
    answer = http.post(tenant.token_url, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json()["error_description"] == f"The parameter {parameter} is repeated"


def test_a_refresh_keeps_what_the_first_request_asked_for(http, lenient):
    lenient.configure(access_token_format="jwt", claims_from_parameters={"org": "org_id"}, rotation=RotationPolicy.ROTATE)
    first = {"grant_type": "password", "username": "u", "password": "p", "client_id": "a", "audience": "x", "org": "1"}
    answer = http.post(lenient.token_url, data=first).json()
    for more, expected in (({}, ("x", "1")), ({"org": "2"}, ("x", "2")), ({}, ("x", "2"))):
        form = {"grant_type": "refresh_token", "refresh_token": answer["refresh_token"], "client_id": "a", **more}
        answer = http.post(lenient.token_url, data=form).json()
        claims = claims_of(http, lenient, answer["access_token"])
        assert (claims["aud"], claims["org_id"]) == expected


def test_the_format_of_a_client_precedes_that_of_the_tenant(strict, ask, basic):
    for client, tenant, dots in ((None, "opaque", 0), (None, "jwt", 2), ("jwt", "opaque", 2), ("opaque", "jwt", 0)):
        strict.configure(access_token_format=tenant)
        strict.register_client(RegisteredClient(client_id="a", client_secret="s", access_token_format=client))
        assert ask(strict, basic(), grant_type="client_credentials")["access_token"].count(".") == dots


@pytest.mark.parametrize("form", [{"access_token_format": "jwt"}, {}])
def test_the_subject_of_an_assertion_is_that_of_the_token_and_has_the_users_claims(strict, http, ask, basic, signed, form):
    strict.configure(**form, refresh_token_grants=frozenset({JWT_BEARER}))
    strict.register_user(User(username="x", password="p", claims={"roles": ["admin"]}))
    answer = ask(strict, basic(), grant_type=JWT_BEARER, assertion=signed(strict))
    refreshed = ask(strict, basic(), grant_type="refresh_token", refresh_token=answer["refresh_token"])
    for document in (answer, refreshed):
        known = http.post(strict.introspection_url, data={"token": document["access_token"]}, headers=basic()).json()
        assert (known["sub"], known["roles"]) == ("x", ["admin"])


def test_a_jwt_without_a_lifetime_in_the_response_expires_when_its_claims_say_so(strict, ask, basic):
    strict.configure(access_token_format="jwt", access_token_lifetime_s=None)
    token = ask(strict, basic(), grant_type="client_credentials")["access_token"]
    strict.clock.advance(3599)
    assert strict.active(token)
    strict.clock.advance(2)
    assert strict.active(token) is None
