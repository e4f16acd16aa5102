import time

import jwt
import pytest

from oauth_gauntlet_server.oauth.assertion import AssertionRefused, ParsedAssertion
from oauth_gauntlet_server.oauth.assertion_header import AUTHORIZATION_GRANT_TYP, CLIENT_AUTHENTICATION_TYP, verify_header
from oauth_gauntlet_server.tenancy.model import JWT_BEARER
from tests.server.conftest import KEY


def problem(header, use=AUTHORIZATION_GRANT_TYP):
    try:
        verify_header(ParsedAssertion(text="", header={"alg": "ES256", **header}, claims={}), typ=use)
    except AssertionRefused as refused:
        return str(refused)
    return None


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"crit": []}, "The header crit is not a list of names, at least one"),
        ({"crit": "b64"}, "The header crit is not a list of names, at least one"),
        ({"crit": [1]}, "The header crit is not a list of names, at least one"),
        ({"crit": None}, "The header crit is not a list of names, at least one"),
        ({"crit": ["x", "x"], "x": 1}, "The header crit has a name twice"),
        ({"crit": ["alg"]}, "The header crit names alg, which is no extension"),
        ({"crit": ["crit"]}, "The header crit names crit, which is no extension"),
        ({"crit": ["x"]}, "The header crit names x, which is not in the header"),
        ({"crit": ["x"], "x": 1}, "The header crit names x, an extension that this server does not understand"),
        ({"crit": ["b64"], "b64": False}, "The header crit names b64, an extension that this server does not understand"),
        ({"crit": ["b64"], "b64": True}, "The header crit names b64, an extension that this server does not understand"),
        ({"b64": False}, "The header b64 is not true: the claims of a JWT are base64url"),
        ({"b64": 1}, "The header b64 is not true: the claims of a JWT are base64url"),
        ({"typ": 1}, "The header typ is not a string"),
        ({"typ": None}, "The header typ is not a string"),
        ({"typ": "at+jwt"}, "The header typ names another kind of JWT: at+jwt"),
        ({"typ": "application/AT+JWT"}, "The header typ names another kind of JWT: at+jwt"),
        ({"typ": "dpop+jwt"}, "The header typ names another kind of JWT: dpop+jwt"),
        ({"typ": "secevent+jwt"}, "The header typ names another kind of JWT: secevent+jwt"),
        ({"typ": CLIENT_AUTHENTICATION_TYP}, "The header typ names another kind of JWT: client-authentication+jwt"),
    ],
    ids=str,
)
def test_a_header_that_forbids_the_assertion_is_refused(header, reason):
    assert problem(header) == reason


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"b64": True},
        {"typ": "JWT"},
        {"typ": "jwt"},
        {"typ": "application/jwt"},
        {"typ": "JOSE"},
        {"typ": AUTHORIZATION_GRANT_TYP},
        {"typ": "oauth-id-jag+jwt"},
        {"typ": "example-assertion+jwt"},
        {"x-private": [1], "kid": "k"},
    ],
    ids=str,
)
def test_every_other_header_is_accepted(header):
    """RFC 7515 §4: what is not understood is ignored; RFC 7523 gives assertions no type."""
    assert problem(header) is None


def test_each_use_has_its_own_explicit_type():
    assert problem({"typ": CLIENT_AUTHENTICATION_TYP}, CLIENT_AUTHENTICATION_TYP) is None
    refused = problem({"typ": AUTHORIZATION_GRANT_TYP}, CLIENT_AUTHENTICATION_TYP)
    assert refused == "The header typ names another kind of JWT: authorization-grant+jwt"


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ({"typ": "at+jwt"}, "The header typ names another kind of JWT: at+jwt"),
        ({"crit": ["x"], "x": 1}, "The header crit names x, an extension that this server does not understand"),
    ],
    ids=str,
)
def test_a_strict_tenant_refuses_such_grants_and_clients(strict, ask, header, reason):
    def signed(issuer):
        now = int(time.time())
        claims = {"iss": issuer, "sub": issuer, "aud": strict.issuer, "exp": now + 60}
        return jwt.encode(claims, KEY, algorithm="ES256", headers=header)

    grant = ask(strict, grant_type=JWT_BEARER, assertion=signed("https://i.example"))
    assert grant == {"error": "invalid_grant", "error_description": reason}
    kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
    client = ask(strict, grant_type="client_credentials", client_assertion=signed("signer"), client_assertion_type=kind)
    assert client == {"error": "invalid_client", "error_description": reason}
