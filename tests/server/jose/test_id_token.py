import jwt
import pytest

from oauth_gauntlet_server.jose.id_token import id_token, id_token_claims
from oauth_gauntlet_server.jose.key_ring import KeyRing


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_an_id_token_verifies_and_has_the_claims_of_openid_connect(algorithm):
    claims = id_token_claims(
        issuer="https://i", subject="s", audience="a", authorized_party="c", issued_at=1_000_000.9, lifetime_s=60
    )
    assert claims == {"iss": "https://i", "sub": "s", "aud": "a", "azp": "c", "iat": 1_000_000, "exp": 1_000_060}
    key = KeyRing().current(algorithm)
    text = id_token(claims, key, algorithm)
    assert jwt.get_unverified_header(text) == {"typ": "JWT", "alg": algorithm, "kid": key.kid}
    public = jwt.PyJWK(key.as_dict(private=False))
    assert jwt.decode(text, public, [algorithm], audience="a", options={"verify_exp": False}) == claims


def test_an_authorized_party_that_is_an_address_is_the_email_too():
    claims = id_token_claims(issuer="i", subject="s", audience="a", authorized_party="r@p", issued_at=0, lifetime_s=1)
    assert (claims["email"], claims["email_verified"]) == ("r@p", True)
