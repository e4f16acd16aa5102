import base64
import json

import jwt
import pytest

from oauth_gauntlet import witness
from oauth_gauntlet.judge import Breach
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet_server.http_request import RecordedRequest


def request(body=b"", authorization=None):
    headers = () if authorization is None else (("Authorization", authorization),)
    return RecordedRequest(method="POST", target="/t/token", http_version="1.1", headers=headers, body=body, raw=b"")


def basic(text):
    return f"Basic {base64.b64encode(text.encode()).decode()}"


def test_one_value_none_or_a_finding():
    assert witness.value(request(b"a=1&b=%C3%A9+x"), "b") == "é x"
    assert witness.value(request(b"a=1"), "b") is None
    with pytest.raises(Breach, match="the parameter a at most once; it is there 2 times"):
        witness.value(request(b"a=1&a=1"), "a")


def test_a_body_that_does_not_decode_is_a_finding_about_the_client():
    with pytest.raises(Breach, match="it does not decode"):
        witness.form(request(b"a=%ff"))


@pytest.mark.parametrize(
    ("seen", "client"),
    [
        (request(b"client_id=a&client_secret=b"), ("a", "b")),
        (request(b"client_id=a"), ("a", None)),
        (request(authorization=basic("a%3Ab:c+d")), ("a:b", "c d")),
        (request(b""), (None, None)),
    ],
)
def test_the_client_is_read_from_wherever_it_was_put(seen, client):
    assert witness.presented_client(seen) == client


@pytest.mark.parametrize(
    ("field", "scheme", "credentials"),
    [("Bearer abc", "bearer", "abc"), ("bEARER   abc", "bearer", "abc"), ("Bearer", "bearer", ""), (None, "", "")],
)
def test_a_scheme_has_no_case_and_one_space_or_more_behind_it(field, scheme, credentials):
    assert witness.authorization(request(authorization=field)) == (scheme, credentials)


@pytest.mark.parametrize("value", ["Basic !!!", basic("no-colon"), "Basic"])
def test_malformed_credentials_are_a_finding(value):
    with pytest.raises(Breach, match="Basic credentials that are base64"):
        witness.presented_client(request(authorization=value))


def assertion_request(text):
    return request(f"assertion={text}".encode())


def signed(kind, algorithm, **header):
    return jwt.encode({"iss": "i", "scope": "a b"}, private_pem(kind), algorithm=algorithm, headers=header)


@pytest.mark.parametrize(("kind", "algorithm"), [("rsa", "RS256"), ("ec", "ES256"), ("ed25519", "EdDSA")])
def test_an_assertion_is_decoded_and_its_signature_verified(kind, algorithm):
    seen = witness.assertion(assertion_request(signed(kind, algorithm, kid="k")))
    assert (seen.header["kid"], seen.claims["iss"]) == ("k", "i")
    assert witness.signature_problem(seen, kind) is None
    assert "InvalidSignatureError" in witness.signature_problem(
        witness.assertion(assertion_request(seen.text[:-8] + "AAAAAAAA")), kind
    )


def test_another_key_or_none_is_a_problem():
    assert witness.signature_problem(witness.assertion(assertion_request(signed("rsa-other", "RS256"))), "rsa")
    unsigned = ".".join(
        base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in ({"alg": "None"}, {})
    )
    assert witness.signature_problem(witness.assertion(assertion_request(f"{unsigned}.")), "rsa") == "alg is 'None'"


@pytest.mark.parametrize("text", ["", "a.b", "e30.e30.e30.e30", "e30=.e30.", "W10.e30.", "%2B.e30."])
def test_what_is_no_jwt_is_a_finding(text):
    with pytest.raises(Breach, match="assertion"):
        witness.assertion(assertion_request(text))


def test_scope_is_read_from_the_parameter_or_from_the_claim():
    assert witness.scope_tokens(request(b"scope=a+b")) == {"a", "b"}
    assert witness.scope_tokens(assertion_request(signed("ec", "ES256"))) == {"a", "b"}
    assert witness.scope_tokens(request(f"scope=c&assertion={signed('ec', 'ES256')}".encode())) == {"c"}
