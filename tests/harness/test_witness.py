import base64
import json
from urllib.parse import unquote

import jwt
import pytest

from oauth_gauntlet import witness
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.model import Mark
from oauth_gauntlet_server.http.http_request import RecordedRequest


def request(body=b"", authorization=None):
    headers = () if authorization is None else (("Authorization", authorization),)
    return RecordedRequest(method="POST", target="/t/token", http_version="1.1", headers=headers, body=body, raw=b"")


def basic(text):
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_a_parameter_is_one_value_none_or_a_finding():
    assert witness.value(request(b"a=1&b=%C3%A9+x"), "b") == "é x"
    assert witness.value(request(b"a=1"), "b") is None
    with pytest.raises(Breach, match="the parameter a at most once; it occurs 2 times") as caught:
        witness.value(request(b"a=1&a=1"), "a")
    assert caught.value.mark == Mark(text="a")


def test_parameters_are_shown_as_they_were_sent():
    sent = request(b"a=None&b=&c=%C3%A9")
    assert witness.shown(sent, "a", "b", "c", "d") == "a=None, b=, c=é, no d"


def test_values_returns_every_value_in_order():
    assert witness.values(request(b"a=1&b=2&a=3"), "a") == ("1", "3")
    assert witness.form(request(b"a=1&b=2&a=3")) == (("a", "1"), ("b", "2"), ("a", "3"))


def test_a_body_that_does_not_decode_is_a_finding():
    body = b"a=%ff&b=\xff" + b"x" * 200
    with pytest.raises(
        Breach, match=r"^expected a body in application/x-www-form-urlencoded, UTF-8 .*it does not decode: t"
    ) as caught:
        witness.form(request(body))
    assert caught.value.mark == Mark(text=body[:200].decode("latin-1"))


@pytest.mark.parametrize(
    ("seen", "client"),
    [
        (request(b"client_id=a&client_secret=b"), ("a", "b")),
        (request(b"client_id=a"), ("a", None)),
        (request(b"client_id=b&client_secret=c", basic("a:b")), ("a", "b")),
        (request(authorization=basic("a%FFb:%E2%82%AC")), ("a\ufffdb", "€")),
        (request(authorization=basic("a%3Ab:c+d")), ("a:b", "c d")),
        (request(b""), (None, None)),
    ],
)
def test_the_client_is_read_from_header_or_body(seen, client):
    assert witness.presented_client(seen) == client


@pytest.mark.parametrize(
    ("field", "scheme", "credentials"),
    [
        ("Bearer abc", "bearer", "abc"),
        ("bEARER   XabcX", "bearer", "XabcX"),
        ("Bearer \tabc", "bearer", "\tabc"),
        ("Bearer", "bearer", ""),
        (None, "", ""),
    ],
)
def test_a_scheme_is_case_insensitive_and_followed_by_spaces(field, scheme, credentials):
    assert witness.authorization(request(authorization=field)) == (scheme, credentials)


@pytest.mark.parametrize(
    ("value", "seen"),
    [
        ("Basic !!!", "what follows Basic is not base64 of UTF-8 text: '!!!'"),
        (basic("no-colon"), "there is no colon between user and password"),
        ("Basic", "there is no colon"),
    ],
)
def test_malformed_credentials_are_a_finding(value, seen):
    with pytest.raises(Breach, match=f"Basic credentials that are base64 .*; {seen}") as caught:
        witness.presented_client(request(authorization=value))
    assert caught.value.mark == Mark(text=value)


def assertion_request(text):
    return request(f"assertion={text}".encode())


def signed(kind, algorithm, claims=None, **header):
    return jwt.encode(claims or {"iss": "i", "scope": "a b"}, private_pem(kind), algorithm=algorithm, headers=header)


def unsigned(header, claims, signature=""):
    parts = (json.dumps(part).encode() for part in (header, claims))
    return ".".join([*(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts), signature])


@pytest.mark.parametrize(("kind", "algorithm"), [("rsa", "RS256"), ("ec", "ES256"), ("ed25519", "EdDSA")])
def test_an_assertion_is_decoded_and_its_signature_verified(kind, algorithm):
    seen = witness.assertion(assertion_request(signed(kind, algorithm, kid="k")))
    assert (seen.header["kid"], seen.claims["iss"]) == ("k", "i")
    assert base64.urlsafe_b64encode(seen.signature).decode().rstrip("=") == seen.text.split(".")[2]
    assert witness.signature_problem(seen, kind) is None
    assert "InvalidSignatureError" in witness.signature_problem(
        witness.assertion(assertion_request(seen.text[:-8] + "AAAAAAAA")), kind
    )


def test_another_key_or_none_is_a_problem():
    assert witness.signature_problem(witness.assertion(assertion_request(signed("rsa-other", "RS256"))), "rsa")
    for algorithm in ("None", "none", None, 5):
        found = witness.assertion(assertion_request(unsigned({"alg": algorithm}, {})))
        assert witness.signature_problem(found, "rsa") == f"alg is {algorithm!r}"


@pytest.mark.parametrize(
    "header",
    [{"alg": "XS256"}, {"alg": "HS256"}, {"alg": "ES256"}, {"alg": "RS256", "crit": 5}, {"alg": "RS256", "b64": False}],
)
def test_a_signature_that_cannot_be_verified_is_a_problem(header):
    assert witness.signature_problem(witness.assertion(assertion_request(unsigned(header, {}, "AAAA"))), "rsa")


def test_a_client_assertion_is_another_parameter():
    text = signed("ec", "ES256")
    assert witness.assertion(request(f"client_assertion={text}".encode()), "client_assertion").text == text
    with pytest.raises(Breach, match="a parameter client_assertion with a JWT"):
        witness.assertion(assertion_request(text), "client_assertion")


def test_a_mac_is_verified_with_the_octets_of_the_secret():
    secret = "é" * 16
    found = witness.assertion(assertion_request(jwt.encode({"iss": "i"}, secret.encode(), algorithm="HS256")))
    assert witness.mac_problem(found, secret) is None
    assert "InvalidSignatureError" in witness.mac_problem(found, "e" * 32)
    assert witness.mac_problem(witness.assertion(assertion_request(signed("rsa", "RS256"))), secret) == "alg is 'RS256'"


@pytest.mark.parametrize(
    "claims",
    [{"exp": 1}, {"nbf": 10**11}, {"iat": 10**11}, {"exp": "x"}, {"aud": "https://other.example"}, {"sub": 5}, {"jti": 5}],
)
def test_a_signature_is_valid_with_any_claims(claims):
    seen = witness.assertion(assertion_request(jwt.PyJWS().encode(json.dumps(claims).encode(), private_pem("ec"), "ES256")))
    assert witness.signature_problem(seen, "ec") is None


@pytest.mark.parametrize("issuer", ["j", "jj", "jjj"])
def test_other_claims_with_the_same_signature_do_not_verify(issuer):
    seen = witness.assertion(assertion_request(signed("ec", "ES256")))
    other = witness.with_claims(seen, {"iss": issuer})
    assert (other.header, other.claims, other.signature) == (seen.header, {"iss": issuer}, seen.signature)
    assert witness.assertion(assertion_request(other.text)) == other
    assert "InvalidSignatureError" in witness.signature_problem(other, "ec")
    assert witness.signature_problem(witness.with_claims(seen, seen.claims), "ec")


@pytest.mark.parametrize("body", [b"", b"assertion="])
def test_a_missing_assertion_is_a_finding(body):
    with pytest.raises(Breach, match=r"^expected a parameter assertion with a JWT; it is missing$") as caught:
        witness.assertion(request(body))
    assert caught.value.mark == Mark(text="grant_type")


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("a.b", "it has 2 parts, not 3"),
        ("e30.e30.e30.e30", "it has 4 parts, not 3"),
        ("e30=.e30.", "a part is not base64url without padding"),
        ("e30.e30.A", "a part is not base64url: "),
        ("e3%C3%A9.e30.", "a part is not base64url without padding"),
        ("%2B.e30.", "a part is not base64url without padding"),
        ("e!!!!30.e30.", "a part is not base64url: "),
        ("W10.e30.", "header or claims are not a JSON object"),
        ("e30.W10.", "header or claims are not a JSON object"),
        ("bm8.e30.", "Expecting value"),
        ("x" * 80, "it has 1 parts, not 3"),
    ],
)
def test_a_text_that_is_no_jwt_is_a_finding(text, seen):
    expected = r"^expected an assertion that is a JWT in compact form \(RFC 7515 §3\.1\); it is not: "
    with pytest.raises(Breach, match=f"{expected}{seen}") as caught:
        witness.assertion(assertion_request(text))
    assert caught.value.mark == Mark(text=unquote(text)[:60])


def test_scope_is_read_from_the_parameter_or_from_the_claim():
    assert witness.scope_tokens(request(b"scope=a+b")) == {"a", "b"}
    assert witness.scope_tokens(assertion_request(signed("ec", "ES256"))) == {"a", "b"}
    assert witness.scope_tokens(request(f"scope=c&assertion={signed('ec', 'ES256')}".encode())) == {"c"}


@pytest.mark.parametrize("seen", [request(b""), request(b"scope="), assertion_request(signed("ec", "ES256", {"scope": ["a"]}))])
def test_without_a_scope_there_is_one_empty_token(seen):
    assert witness.scope_tokens(seen) == {""}


@pytest.mark.parametrize(
    ("body", "left_out"),
    [
        (b"grant_type=refresh_token", True),
        (b"grant_type=refresh_token&scope=a", False),
        (b"grant_type=refresh_token&scope=", False),
        (b"grant_type=password", False),
        (b"", False),
    ],
)
def test_only_a_refresh_request_may_leave_its_scope_out(body, left_out):
    assert witness.leaves_scope_out(request(body)) is left_out


def test_scope_tokens_are_separated_by_one_space():
    assert witness.scope_tokens(request(b"scope=a++b%09c")) == {"a", "", "b\tc"}
