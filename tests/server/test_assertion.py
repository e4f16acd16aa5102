import base64
import json

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from oauth_gauntlet_server.assertion import AssertionRefused, parse, verify_claims
from oauth_gauntlet_server.model import JWT_BEARER


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"iss": None}, "iss"),
        ({"iss": "https://other.example"}, "iss"),
        ({"sub": None}, "sub"),
        ({"sub": ""}, "sub"),
        ({"aud": "https://other.example"}, "aud"),
        ({"aud": []}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": 1}, "exp"),
        ({"exp": 10**12}, "exp"),
        ({"nbf": 10**11}, "nbf"),
        ({"iat": 10**11}, "iat"),
        ({"iat": 1}, "iat"),
        ({"jti": 5}, "jti"),
    ],
)
def test_each_claim_is_checked(strict, ask, signed, changes, named):
    answer = ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, **changes))
    assert (answer["error"], f"claim {named} " in answer["error_description"]) == ("invalid_grant", True)


def test_the_bounds_to_the_second(strict, signed):
    skew, longest = strict.settings.clock_skew_s, strict.settings.most_assertion_lifetime_s
    strict.clock = Frozen(1_000_000)

    def holds(**changes):
        try:
            verify_claims(parse(signed(strict, **changes)), strict, audiences=[strict.issuer], replay_scope="x")
        except AssertionRefused:
            return False
        return True

    assert (holds(exp=1_000_000 - skew + 1), holds(exp=1_000_000 - skew)) == (True, False)
    assert (holds(exp=1_000_000 + longest + skew), holds(exp=1_000_000 + longest + skew + 1)) == (True, False)
    assert (holds(nbf=1_000_000 + skew), holds(nbf=1_000_000 + skew + 1)) == (True, False)
    assert (holds(iat=1_000_000 + skew), holds(iat=1_000_000 + skew + 1)) == (True, False)


class Frozen:
    def __init__(self, instant):
        self.instant = instant

    def now(self):
        return self.instant


def test_either_name_of_the_server_will_do_and_a_list_too(strict, ask, signed):
    for audience in (strict.issuer, strict.token_url, ["https://other.example", strict.issuer]):
        assert "access_token" in ask(strict, grant_type=JWT_BEARER, assertion=signed(strict, aud=audience))


def test_where_the_client_reached_the_server_is_a_name_of_it_too(server, strict, http, signed):
    at_a_fault = f"{strict.issuer}/faults/json-charset/token"
    form = {"grant_type": JWT_BEARER, "assertion": signed(strict, aud=at_a_fault)}
    assert "access_token" in http.post(at_a_fault, data=form).json()
    with server.open_port() as port:
        there = port.url_of(strict)
        form = {"grant_type": JWT_BEARER, "assertion": signed(strict, aud=there)}
        assert "access_token" in http.post(there, data=form).json()
        assert http.post(strict.token_url, data=form).json()["error"] == "invalid_grant"


def test_a_foreign_signature_and_alg_none_are_refused(strict, ask, signed):
    other = ec.generate_private_key(ec.SECP256R1())
    for text in (signed(strict, other), signed(strict, None, "none"), signed(strict, "k" * 32, "HS256")):
        assert ask(strict, grant_type=JWT_BEARER, assertion=text)["error"] == "invalid_grant"


@pytest.mark.parametrize("text", ["", "a.b", "a.b.c.d", "e30.e30=.x", "W10.e30.x", "!.e30.x", "e30.bm8.x", "[" * 9])
def test_what_is_no_jwt(text):
    with pytest.raises(AssertionRefused):
        parse(text)


@pytest.mark.parametrize("value", ["123", True, [], None, float("nan")])
def test_a_date_is_a_number(strict, value):
    claims = {"aud": strict.issuer, "exp": value}
    first, second = (base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({}, claims))
    with pytest.raises(AssertionRefused, match="The claim exp is "):
        verify_claims(parse(f"{first}.{second}."), strict, audiences=[strict.issuer], replay_scope="x")
