import jwt
import pytest


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_jwt_access_tokens_verify_with_the_published_keys(strict, http, ask, basic, algorithm):
    strict.configure(access_token_format="jwt", signing_algorithm=algorithm)
    text = ask(strict, basic(), grant_type="client_credentials", scope="read")["access_token"]
    keys = jwt.PyJWKSet.from_dict(http.get(strict.jwks_uri).json())
    header = jwt.get_unverified_header(text)
    claims = jwt.decode(text, keys[header["kid"]].key, algorithms=[algorithm], audience=strict.resource_url)
    assert header["typ"] == "at+jwt"
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
