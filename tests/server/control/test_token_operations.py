import jwt
import pytest

from oauth_gauntlet_server.jose.keys import new_signing_key

TOKENS = "/tenants/t/tokens"


def mint(control, kind, **document):
    answer = control("POST", f"{TOKENS}/mint_{kind}", {"client_id": "a", **document})
    assert answer.status == 201, answer.body
    return answer.json["token"]


def inspect(control, token):
    return control("POST", f"{TOKENS}/inspect", {"token": token})


def resource(control, token):
    return control.raw("GET", "/t/resource", headers={"Authorization": f"Bearer {token}"}).status


def verified(control, tenant, token):
    keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(control.raw("GET", "/t/jwks").json).keys}
    key = keys[jwt.get_unverified_header(token)["kid"]]
    return jwt.decode(token, key, algorithms=["ES256", "RS256", "EdDSA"], audience=tenant.resource_url)


def test_an_access_token_is_minted_inspected_and_revoked(control, tenant):
    token = mint(control, "access_token", username="ann", scope="r", claims={"roles": ["x"]})
    record = inspect(control, token).json
    assert (record["active"], record["kind"], record["subject"], record["claims"]) == (
        True,
        "access_token",
        "ann",
        {"roles": ["x"]},
    )
    assert resource(control, token) == 200
    assert control("POST", f"{TOKENS}/revoke", {"token": token}).status == 204
    assert (inspect(control, token).json["active"], inspect(control, token).json["revoked"]) == (False, True)
    assert resource(control, token) == 401
    assert control("POST", f"{TOKENS}/revoke", {"token": "unknown"}).status == 204
    assert inspect(control, "unknown").status == 404


def test_a_token_may_be_expired_or_never_expire(control, tenant):
    assert inspect(control, mint(control, "access_token", expires_in=-1)).json["active"] is False
    assert inspect(control, mint(control, "access_token", expires_in=None)).json["expires_at"] is None
    assert resource(control, mint(control, "access_token", token="as-i-say")) == 200
    assert tenant.active("as-i-say")


def test_a_refresh_token_works_at_the_token_endpoint(control, tenant):
    control("POST", "/tenants/t/clients", {"client_id": "a", "client_secret": "s"})
    token = mint(control, "refresh_token", scope="r", family="session")
    document = control.token(grant_type="refresh_token", refresh_token=token).json
    assert document["scope"] == "r"
    assert inspect(control, document["access_token"]).json["family"] == "session"


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_jwts_are_minted_right_and_wrong(control, tenant, algorithm):
    tenant.configure(signing_algorithm=algorithm)
    good = mint(control, "jwt_access_token", username="ann", claims={"roles": ["x"]})
    claims = verified(control, tenant, good)
    assert (claims["iss"], claims["sub"], claims["roles"]) == (tenant.issuer, "ann", ["x"])
    assert resource(control, good) == 200
    with pytest.raises(jwt.ExpiredSignatureError):
        verified(control, tenant, expired := mint(control, "jwt_access_token", expires_in=-60))
    assert resource(control, expired) == 401
    foreign = mint(control, "jwt_access_token", issuer="https://evil.example")
    assert verified(control, tenant, foreign)["iss"] == "https://evil.example"
    assert resource(control, foreign) == 401
    wrong = mint(control, "jwt_access_token", wrong_signature=True)
    with pytest.raises(jwt.InvalidSignatureError):
        verified(control, tenant, wrong)
    assert resource(control, wrong) == 401


def test_keys_are_rotated_and_old_tokens_still_verify(control, tenant):
    old = mint(control, "jwt_access_token")
    before = control("GET", "/tenants/t/keys").json["keys"]
    assert [(key["algorithm"], key["in_use"]) for key in before] == [("ES256", True)]
    after = control("POST", "/tenants/t/keys/rotate").json["keys"]
    assert [key["in_use"] for key in after if key["algorithm"] == "ES256"] == [True, False]
    new = mint(control, "jwt_access_token")
    assert jwt.get_unverified_header(new)["kid"] != jwt.get_unverified_header(old)["kid"]
    assert verified(control, tenant, old)
    assert verified(control, tenant, new)
    control("POST", "/tenants/t/keys/rotate", {"keep_old": False})
    with pytest.raises(KeyError):
        verified(control, tenant, new)
    assert not any("d" in key["jwk"] for key in after)


def test_a_key_of_ones_own_signs(control, tenant):
    old = mint(control, "jwt_access_token")
    jwk = new_signing_key("RS256").as_dict(private=True) | {"kid": "mine"}
    answer = control("POST", "/tenants/t/keys", {"key": jwk})
    assert answer.status == 201
    assert [(key["kid"], key["algorithm"]) for key in answer.json["keys"]][1:] == [("mine", "RS256")]
    assert b'"d"' not in answer.body
    assert tenant.settings.signing_algorithm == "RS256"
    new = mint(control, "jwt_access_token")
    assert jwt.get_unverified_header(new)["kid"] == "mine"
    assert verified(control, tenant, new)
    assert verified(control, tenant, old)


def test_a_key_that_cannot_sign_is_refused(control, tenant):
    before = tenant.settings
    answer = control("POST", "/tenants/t/keys", {"key": new_signing_key("ES256").as_dict(private=False)})
    assert (answer.status, answer.json["member"]) == (422, "/key")
    assert answer.json["detail"].startswith("/key: the JWK is a public key: it has no member d: expected a private RSA")
    assert control("POST", "/tenants/t/keys", {"key": 1}).status == 400
    assert tenant.settings is before


def test_a_rotation_changes_one_tenant_and_one_algorithm(control, tenant, control_server):
    other = control_server.tenant()
    control("POST", "/tenants/t/keys/rotate", {"algorithm": "EdDSA"})
    assert len(tenant.keys.published("EdDSA")) == 1
    assert (other.keys.published("EdDSA"), tenant.keys.published("RS256")) == ((), ())


def test_any_token_is_described(control, tenant):
    def described(token):
        return [
            (part["kind"], part["state"], part["finding"])
            for part in control("POST", f"{TOKENS}/decode", {"token": token}).json["parts"]
        ]

    assert described("x") == [
        ("token", "unknown", "The token is unknown: this tenant did not issue it, or no longer stores it.")
    ]
    own = control("POST", f"{TOKENS}/mint_jwt_access_token", {"client_id": "c"}).json["token"]
    assert [state for _, state, _ in described(own)] == ["good", "good"]
    wrong = control("POST", f"{TOKENS}/mint_jwt_access_token", {"client_id": "c", "wrong_signature": True}).json["token"]
    assert [state for _, state, _ in described(wrong)] == ["unknown", "bad"]
