import jwt
import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.key_material import private_key, public_pem
from oauth_gauntlet.reference.assertion import LIFETIME_S, check_header, claims, sign


@pytest.mark.parametrize("header", [{}, {"alg": "RS256", "typ": "JWT"}, {"alg": "PS512", "kid": "k", "x": [1]}])
def test_every_member_of_the_header_is_signed_and_the_signature_verifies(header):
    key = private_key("rsa")
    check_header(header, key)
    text = sign(claims(issuer="i", subject="s", audience="a", now=1000.9), header, key)
    signed = jwt.get_unverified_header(text)
    assert signed == {"typ": "JWT", "alg": "RS256", **header}
    verified = jwt.decode(
        text, public_pem("rsa"), algorithms=[signed["alg"]], audience="a", options={"verify_exp": False, "verify_iat": False}
    )
    assert {name: verified[name] for name in ("iss", "sub", "iat", "exp")} == {
        "iss": "i",
        "sub": "s",
        "iat": 1000,
        "exp": 1000 + LIFETIME_S,
    }


def test_each_assertion_has_its_own_identifier():
    made = [claims(issuer="i", subject="s", audience="a", now=0)["jti"] for _ in range(100)]
    assert len(set(made)) == 100


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ([], "expected a JSON object"),
        ({"alg": "none"}, "alg 'none' does not fit"),
        ({"alg": "HS256"}, "alg 'HS256' does not fit"),
        ({"alg": "RS256"}, "alg 'RS256' does not fit the private key, which can do ES256"),
        ({"kid": 5}, "kid must be text"),
        ({"crit": ["b64"]}, "crit is not supported"),
        ({"b64": False}, "b64 is not supported"),
    ],
)
def test_an_unsupported_header_is_rejected(header, words):
    with pytest.raises(ClientFailure, match="jwt_header") as caught:
        check_header(header, private_key("ec"))
    assert words in caught.value.error.message
