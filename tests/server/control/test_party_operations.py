import jwt
import pytest

ISSUER = "https://issuer.example/a?b=c&d=é"
KEY = {"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}


@pytest.mark.parametrize(
    ("plural", "key", "document"),
    [
        ("clients", "client_id", {"client_id": "a/b c", "client_secret": "s", "grant_types": ["password"], "scope": "r w"}),
        ("users", "username", {"username": "ann@x", "password": "", "sub": "1"}),
        ("issuers", "issuer", {"issuer": ISSUER, "public_keys": [KEY], "subjects": ["ann"]}),
    ],
)
def test_parties_are_registered_listed_replaced_and_deleted(control, tenant, plural, key, document):
    path, name = f"/tenants/t/{plural}", document[key]
    made = control("POST", path, document)
    assert made.status == 201
    assert made.json.items() >= document.items()
    assert control("POST", path, document).status == 201
    assert control("GET", path).json == {plural: [made.json]}
    assert control("GET", path, **{key: name}).json == {plural: [made.json]}
    assert control("GET", path, **{key: "other"}).json == {plural: []}
    assert len(getattr(tenant, plural)) == 1
    assert control("DELETE", path, **{key: name}).status == 204
    assert control("DELETE", path, **{key: name}).status == 404
    assert len(getattr(tenant, plural)) == 0
    assert "missing" in control("DELETE", path).json["detail"]


def test_an_invalid_public_key_is_rejected(control, tenant):
    document = {"issuer": "i", "public_keys": [KEY, {"kty": "RSA", "n": "!"}]}
    answer = control("POST", "/tenants/t/issuers", document)
    assert (answer.status, answer.json["member"]) == (422, "/public_keys/1")
    assert len(tenant.issuers) == 0


def test_claims_of_a_client_and_from_parameters_go_into_its_tokens(control, tenant):
    control("PATCH", "/tenants/t", {"access_token_format": "jwt", "claims": {"roles": ["all"], "tier": 1}})
    control(
        "POST",
        "/tenants/t/clients",
        {
            "client_id": "a",
            "client_secret": "s",
            "claims": {"roles": ["admin"]},
            "claims_from_parameters": {"audience": "aud", "org": "org_id"},
        },
    )
    token = control.token(audience="https://api.example", org="7").json["access_token"]
    claims = jwt.decode(token, options={"verify_signature": False})
    assert (claims["roles"], claims["tier"], claims["aud"], claims["org_id"]) == (["admin"], 1, "https://api.example", "7")
    several = control.token(audience=["x", "y"]).json["access_token"]
    claims = jwt.decode(several, options={"verify_signature": False})
    assert claims["aud"] == ["x", "y"]
    assert "org_id" not in claims
    assert jwt.decode(control.token().json["access_token"], options={"verify_signature": False})["aud"] == tenant.resource_url


def test_claims_of_an_opaque_token_appear_in_introspection(control, tenant):
    control(
        "POST", "/tenants/t/clients", {"client_id": "a", "client_secret": "s", "claims": {"roles": ["x"], "active": "never"}}
    )
    token = control.token().json["access_token"]
    form = f"client_id=a&client_secret=s&token={token}".encode()
    answer = control.raw("POST", "/t/introspect", form, {"Content-Type": "application/x-www-form-urlencoded"}).json
    assert (answer["roles"], answer["active"]) == (["x"], True)
