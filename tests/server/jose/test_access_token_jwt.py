"""JWT access tokens, verified with another JWT library than the one that makes them."""

import jwt
import pytest

from oauth_gauntlet_server.jose.access_token_jwt import access_token_claims, access_token_jwt, with_wrong_signature
from oauth_gauntlet_server.jose.keys import SIGNING_ALGORITHMS, new_signing_key

CLAIMS = access_token_claims(
    issuer="https://i",
    audience="https://r",
    subject="s",
    client_id="c",
    scope="a b",
    issued_at=1000.9,
    lifetime_s=60,
    identifier="j",
)


def decoded(token, key, algorithm):
    return jwt.decode(
        token, jwt.PyJWK(key.as_dict(private=False)), algorithms=[algorithm], options={"verify_exp": False, "verify_aud": False}
    )


def test_the_claims_are_those_of_rfc_9068():
    assert CLAIMS == {
        "iss": "https://i",
        "aud": "https://r",
        "sub": "s",
        "client_id": "c",
        "scope": "a b",
        "iat": 1000,
        "exp": 1060,
        "jti": "j",
    }


@pytest.mark.parametrize("algorithm", SIGNING_ALGORITHMS)
def test_a_token_verifies_unless_its_signature_is_wrong(algorithm):
    key = new_signing_key(algorithm)
    token = access_token_jwt(CLAIMS, key, algorithm, "at+jwt")
    assert decoded(token, key, algorithm) == CLAIMS
    assert jwt.get_unverified_header(token) == {"typ": "at+jwt", "alg": algorithm, "kid": key.kid}
    wrong = with_wrong_signature(token)
    assert (len(wrong), wrong.rpartition(".")[0]) == (len(token), token.rpartition(".")[0])
    with pytest.raises(jwt.InvalidSignatureError):
        decoded(wrong, key, algorithm)
