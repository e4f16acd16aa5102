"""The combinations contain each pair of the options that the client declares, in few configurations."""

import itertools
import json

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from oauth_gauntlet.protocol import ClientInfo, GrantType, Hello
from oauth_gauntlet_scenarios.config.combinations import Combination, combinations

RESERVED = "a&b=c+d%e;f/g?h#i"
EVERYTHING = frozenset({"scope", "additional_payload", "private_key_password", "jwt_header"})


def hello(parameters=EVERYTHING, methods=("client_secret_post", "client_secret_basic", "private_key_jwt")):
    return Hello(
        client=ClientInfo(name="c"),
        grants=frozenset(GrantType),
        parameters=frozenset(parameters),
        token_endpoint_auth_methods=frozenset(methods),
    )


def choices(grant, declared=None):
    """Return the choices of each option that occur, in order of their first occurrence."""
    found = {}
    for combination in combinations(grant, declared or hello()):
        for option, choice in combination.choices.items():
            found.setdefault(option, set()).add(choice)
    return found


COMMON = {
    "text": {"plain", "reserved"},
    "query": {"none", "one", "encoded"},
    "scope": {"none", "one", "three"},
    "payload": {"none", "plain", "reserved"},
}


@pytest.mark.parametrize("grant", [GrantType.CLIENT_CREDENTIALS, GrantType.REFRESH_TOKEN, GrantType.PASSWORD])
def test_the_options_of_a_client_with_a_secret(grant):
    assert choices(grant) == COMMON | {"auth": {"client_secret_basic", "client_secret_post"}}
    assert choices(grant, hello(methods=["private_key_jwt"]))["auth"] == {"default"}
    assert set(choices(grant, hello(parameters=[]))) == {"text", "query", "auth"}


def test_the_options_of_an_assertion():
    wide = COMMON | {"key": {"pkcs8", "traditional", "encrypted", "ec"}, "header": {"bare", "typ", "kid"}}
    assert choices(GrantType.JWT_BEARER) == wide
    assert choices(GrantType.JWT_BEARER, hello(parameters=[])) == {
        "text": COMMON["text"],
        "query": COMMON["query"],
        "key": {"pkcs8", "traditional"},
    }


@pytest.mark.parametrize("grant", list(GrantType))
def test_each_pair_of_choices_occurs_in_few_configurations(grant):
    found = list(combinations(grant, hello()))
    options = choices(grant)
    for (one, its), (other, others) in itertools.combinations(options.items(), 2):
        met = {(each.choices[one], each.choices[other]) for each in found}
        assert met == set(itertools.product(its, others))
    assert len(found) <= 20


def of(grant, option, choice, declared=None):
    """Return the first combination with a choice."""
    return next(each for each in combinations(grant, declared or hello()) if each.choices[option] == choice)


@pytest.mark.parametrize(
    ("grant", "texts"),
    [
        (GrantType.CLIENT_CREDENTIALS, {"client_secret": RESERVED}),
        (GrantType.REFRESH_TOKEN, {"client_secret": RESERVED, "refresh_token": f"r {RESERVED}"}),
        (GrantType.PASSWORD, {"username": "jürgen@例え.jp", "password": f"{RESERVED} €😀"}),
        (GrantType.JWT_BEARER, {"jwt_issuer": f"{RESERVED} grüße", "jwt_subject": RESERVED}),
    ],
)
def test_reserved_characters_are_in_every_parameter_of_free_text(grant, texts):
    reserved, plain = (of(grant, "text", choice).changes for choice in ("reserved", "plain"))
    assert {name: reserved.get(name) for name in texts} == texts
    assert not set(plain) & set(texts)


@pytest.mark.parametrize(
    ("option", "choice", "name", "value"),
    [
        ("scope", "none", "scope", None),
        ("scope", "one", "scope", "read"),
        ("scope", "three", "scope", "read urn:a:b https://c.example/d"),
        ("payload", "none", "additional_payload", None),
        ("payload", "plain", "additional_payload", {"resource_owner": "north"}),
        ("payload", "reserved", "additional_payload", {"x-gauntlet.key": RESERVED, "x_gauntlet_2": "€ ключ"}),
        ("auth", "client_secret_post", "token_endpoint_auth_method", "client_secret_post"),
        ("auth", "client_secret_basic", "token_endpoint_auth_method", "client_secret_basic"),
    ],
)
def test_a_choice_is_a_change_to_the_configuration(option, choice, name, value):
    assert of(GrantType.PASSWORD, option, choice).changes.get(name) == value


def test_without_declared_methods_the_client_uses_its_default():
    assert "token_endpoint_auth_method" not in of(GrantType.PASSWORD, "auth", "default", hello(methods=[])).changes


@pytest.mark.parametrize(("choice", "query"), [("none", ""), ("one", "?api-version=2024-05"), ("encoded", "?a=%2Fb&c=d%20e")])
def test_a_query_is_for_the_url(choice, query):
    assert of(GrantType.PASSWORD, "query", choice).query == query
    assert of(GrantType.JWT_BEARER, "query", choice).query == query


@pytest.mark.parametrize(
    ("choice", "kind", "label"),
    [
        ("pkcs8", rsa.RSAPrivateKey, "PRIVATE KEY"),
        ("traditional", rsa.RSAPrivateKey, "RSA PRIVATE KEY"),
        ("encrypted", rsa.RSAPrivateKey, "ENCRYPTED PRIVATE KEY"),
        ("ec", ec.EllipticCurvePrivateKey, "PRIVATE KEY"),
    ],
)
def test_a_key_has_its_kind_and_encoding(choice, kind, label):
    found = of(GrantType.JWT_BEARER, "key", choice)
    pem, password = found.changes["private_key"], found.changes.get("private_key_password")
    assert pem.startswith(f"-----BEGIN {label}-----")
    assert ("private_key_password" in found.changes) == (choice == "encrypted")
    key = serialization.load_pem_private_key(pem.encode(), password and password.encode())
    assert isinstance(key, kind)
    assert found.key_kind == ("ec" if choice == "ec" else "rsa")
    assert found.changes["jwt_header"]["alg"] == ("ES256" if choice == "ec" else "RS256")


@pytest.mark.parametrize(
    ("choice", "members"), [("bare", {}), ("typ", {"typ": "JWT"}), ("kid", {"typ": "JWT", "kid": "gauntlet-key-1"})]
)
def test_a_header_has_the_algorithm_and_the_chosen_members(choice, members):
    header = of(GrantType.JWT_BEARER, "header", choice).changes["jwt_header"]
    assert header == {"alg": header["alg"], **members}


def test_a_client_without_jwt_header_gets_none():
    found = list(combinations(GrantType.JWT_BEARER, hello(parameters=["private_key_password"])))
    assert {each.key_kind for each in found} == {"rsa"}
    assert not any("jwt_header" in each.changes for each in found)
    assert {each.choices["key"] for each in found} == {"pkcs8", "traditional", "encrypted"}


@pytest.mark.parametrize("grant", list(GrantType))
def test_a_combination_is_plain_json_and_has_a_description(grant):
    for each in combinations(grant, hello()):
        json.dumps(each.changes)
        assert each.key_kind in {"rsa", "ec"}
    combination = Combination(choices={"text": "plain", "scope": "one"}, changes={}, query="")
    assert (str(combination), combination.key_kind) == ("text plain, scope one", "rsa")
