import time

import jwt
import pytest
import requests

from oauth_gauntlet_server.faults.jwt_tokens import JwtAccessToken

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


def issued(tenant, **parameters):
    tenant.arm(JwtAccessToken(**parameters))
    return requests.post(tenant.token_url, FORM, timeout=60).json()["access_token"]


def verified(tenant, token, **options):
    key = jwt.PyJWKClient(tenant.jwks_uri).get_signing_key_from_jwt(token)
    return jwt.decode(token, key, algorithms=["ES256", "RS256", "EdDSA"], audience=tenant.issuer, **options)


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_by_default_the_token_is_valid_and_the_resource_accepts_it(tenant, algorithm):
    token = issued(tenant, algorithm=algorithm)
    assert verified(tenant, token, issuer=tenant.issuer)["client_id"] == "c"
    answer = requests.get(tenant.resource_url, headers={"Authorization": f"Bearer {token}"}, timeout=60)
    assert answer.status_code == 200


@pytest.mark.parametrize(
    ("parameters", "error"),
    [
        ({"lifetime_s": -60}, jwt.ExpiredSignatureError),
        ({"not_before_s": 3600}, jwt.ImmatureSignatureError),
        ({"claims": {"iss": "https://other.example"}}, jwt.InvalidIssuerError),
        ({"claims": {"aud": "https://other.example"}}, jwt.InvalidAudienceError),
        ({"claims": {"aud": None}}, jwt.MissingRequiredClaimError),
        ({"signature": "wrong"}, jwt.InvalidSignatureError),
        ({"signature": "foreign"}, jwt.InvalidSignatureError),
        ({"signature": "stripped"}, jwt.InvalidSignatureError),
        ({"signature": "none"}, jwt.InvalidAlgorithmError),
        ({"header": {"kid": "unknown"}}, jwt.PyJWKClientError),
        ({"header": {"alg": "HS256"}}, jwt.InvalidAlgorithmError),
    ],
)
def test_a_verifier_finds_the_flaw(tenant, parameters, error):
    token = issued(tenant, **parameters)
    with pytest.raises(error):
        verified(tenant, token, issuer=tenant.issuer)


def opinions(tenant, token):
    """Return the status of the resource, and whether introspection calls the token active."""
    bearer = {"Authorization": f"Bearer {token}"}
    introspection = requests.post(tenant.introspection_url, {"token": token}, timeout=60).json()
    return requests.get(tenant.resource_url, headers=bearer, timeout=60).status_code, introspection["active"]


@pytest.mark.parametrize(
    ("parameters", "accepted"),
    [
        ({"claims": {"aud": "https://other.example"}, "header": {"typ": "x"}}, True),
        ({"lifetime_s": -60}, False),
        ({"not_before_s": 3600}, False),
        ({"claims": {"iss": "https://other.example"}}, False),
        ({"signature": "wrong"}, False),
        ({"header": {"kid": "unknown"}}, False),
    ],
)
def test_the_tenant_accepts_what_a_verifier_accepts(tenant, parameters, accepted):
    assert opinions(tenant, issued(tenant, **parameters)) == ((200, True) if accepted else (401, False))


def test_a_token_that_becomes_valid_is_accepted_then(tenant):
    token = issued(tenant, not_before_s=600, lifetime_s=1200)
    assert opinions(tenant, token) == (401, False)
    tenant.clock.advance(601)
    assert opinions(tenant, token) == (200, True)
    tenant.clock.advance(600)
    assert opinions(tenant, token) == (401, False)


def test_a_jwt_of_the_tenant_is_changed_in_nothing_else(tenant):
    tenant.configure(access_token_format="jwt", signing_algorithm="EdDSA", access_token_typ="at+jwt", claims={"roles": ["a"]})
    form = {**FORM, "audience": "https://api.example", "scope": "r"}
    genuine = requests.post(tenant.token_url, form, timeout=60).json()["access_token"]
    tenant.arm(JwtAccessToken(lifetime_s=-60))
    expired = requests.post(tenant.token_url, form, timeout=60).json()["access_token"]
    assert jwt.get_unverified_header(expired) == jwt.get_unverified_header(genuine)
    claims = [jwt.decode(token, options={"verify_signature": False}) for token in (genuine, expired)]
    assert claims[0]["roles"] == ["a"]
    assert {name for name in claims[0].keys() | claims[1] if claims[0].get(name) != claims[1].get(name)} <= {
        "exp",
        "iat",
        "jti",
    }
    assert claims[1]["exp"] < claims[0]["exp"]


def test_times_are_those_of_the_tenants_clock(tenant):
    tenant.clock.advance(-7200)
    claims = jwt.decode(issued(tenant), options={"verify_signature": False})
    assert abs(claims["exp"] - (time.time() - 3600)) < 60


def test_an_error_document_is_sent_unchanged(tenant):
    tenant.arm(JwtAccessToken())
    assert "error" in requests.post(tenant.token_url, {"grant_type": "unheard-of"}, timeout=60).json()
