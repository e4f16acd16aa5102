"""The authorization server as its users meet it: over real sockets, with httpx, a table of requests and answers."""

import base64

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth_gauntlet_server import AssertionIssuer, MockServer, RegisteredClient, RotationPolicy, User
from oauth_gauntlet_server.model import JWT_BEARER

KEY = ec.generate_private_key(ec.SECP256R1())
PUBLIC = KEY.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()
CLIENT_JWT = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@pytest.fixture(scope="module")
def server():
    with MockServer() as running:
        yield running


@pytest.fixture
def tenant(server):
    fresh = server.tenant()
    fresh.register_client(RegisteredClient(client_id="a", client_secret="s", scope="read write"))
    fresh.register_client(RegisteredClient(client_id="a b:c", client_secret="p+q%&é"))
    fresh.register_client(RegisteredClient(client_id="cc", client_secret="s", grant_types=frozenset({"client_credentials"})))
    fresh.register_client(RegisteredClient(client_id="public", token_endpoint_auth_methods=frozenset({"none"})))
    methods = frozenset({"private_key_jwt", "client_secret_jwt"})
    fresh.register_client(
        RegisteredClient(client_id="signer", client_secret="x" * 32, token_endpoint_auth_methods=methods, public_keys=(PUBLIC,))
    )
    fresh.register_user(User(username="u", password="p"))
    fresh.register_issuer(AssertionIssuer(issuer="https://i.example", public_keys=(PUBLIC,)))
    return fresh


@pytest.fixture(scope="module")
def http():
    with httpx.Client() as client:
        yield client


def basic(user="a", password="s"):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


FORM = {"Content-Type": "application/x-www-form-urlencoded"}
CC = "grant_type=client_credentials"

# RFC 6749 §5.2, §3.2, §2.3: the request, the status, the code.
REFUSED = {
    "repeated parameter": (f"{CC}&scope=read&scope=read", basic(), 400, "invalid_request"),
    "no grant_type": ("scope=read", basic(), 400, "invalid_request"),
    "empty grant_type": ("grant_type=", basic(), 400, "invalid_request"),
    "unknown grant_type": ("grant_type=implicit", basic(), 400, "unsupported_grant_type"),
    "bad escape": (f"{CC}&x=%zz", basic(), 400, "invalid_request"),
    "not utf-8": (f"{CC}&x=%ff", basic(), 400, "invalid_request"),
    "other content type": (CC, {**basic(), "Content-Type": "application/json"}, 400, "invalid_request"),
    "two methods": (f"{CC}&client_id=a&client_secret=s", basic(), 400, "invalid_request"),
    "another client_id": (f"{CC}&client_id=cc", basic(), 400, "invalid_request"),
    "no authentication": (CC, {}, 401, "invalid_client"),
    "wrong secret": (CC, basic(password="t"), 401, "invalid_client"),
    "wrong secret in body": (f"{CC}&client_id=a&client_secret=t", {}, 401, "invalid_client"),
    "unknown client": (CC, basic("nobody"), 401, "invalid_client"),
    "malformed basic": (CC, {"Authorization": "Basic !!!"}, 401, "invalid_client"),
    "basic without colon": (CC, {"Authorization": "Basic YWJj"}, 401, "invalid_client"),
    "other scheme": (CC, {"Authorization": "Bearer x"}, 401, "invalid_client"),
    "public client": (f"{CC}&client_id=public", {}, 401, "invalid_client"),
    "method not registered": ("grant_type=password&username=u&password=p&client_id=a", {}, 401, "invalid_client"),
    "grant not registered": ("grant_type=password&username=u&password=p", basic("cc"), 400, "unauthorized_client"),
    "malformed scope": (f"{CC}&scope=a%22b", basic(), 400, "invalid_scope"),
    "scope beyond registration": (f"{CC}&scope=admin", basic(), 400, "invalid_scope"),
    "no username": ("grant_type=password&password=p", basic(), 400, "invalid_request"),
    "wrong password": ("grant_type=password&username=u&password=x", basic(), 400, "invalid_grant"),
    "unknown refresh token": ("grant_type=refresh_token&refresh_token=x", basic(), 400, "invalid_grant"),
    "no refresh token": ("grant_type=refresh_token", basic(), 400, "invalid_request"),
    "no assertion": (f"grant_type={JWT_BEARER}", {}, 400, "invalid_request"),
    "no jwt": (f"grant_type={JWT_BEARER}&assertion=x", {}, 400, "invalid_grant"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_bad_request_is_refused_as_rfc_6749_says(tenant, http, case):
    body, headers, status, code = REFUSED[case]
    answer = http.post(tenant.token_url, content=body, headers={**FORM, **headers})
    assert (answer.status_code, answer.json()["error"]) == (status, code)
    assert answer.headers["cache-control"] == "no-store"
    assert answer.headers["content-type"] == "application/json"
    assert ("www-authenticate" in answer.headers) == (status == 401)


def test_credentials_in_the_query_are_refused(tenant, http):
    answer = http.post(f"{tenant.token_url}?client_secret=s", content=CC, headers={**FORM, **basic()})
    assert answer.json()["error"] == "invalid_request"


def test_other_methods_are_refused(tenant, http):
    answer = http.get(tenant.token_url)
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


def token(http, tenant, headers=None, **form):
    answer = http.post(tenant.token_url, data=form, headers=headers or {})
    return answer.json()


def test_basic_is_form_decoded(tenant, http):
    answer = token(http, tenant, basic("a+b%3Ac", "p%2Bq%25%26%C3%A9"), grant_type="client_credentials")
    assert answer["token_type"] == "Bearer"
    assert "refresh_token" not in answer


def test_rotation_and_reuse_detection(tenant, http):
    tenant.configure(rotation=RotationPolicy.ROTATE_DETECT_REUSE)
    first = token(http, tenant, basic(), grant_type="password", username="u", password="p")
    second = token(http, tenant, basic(), grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert second["refresh_token"] != first["refresh_token"]
    again = token(http, tenant, basic(), grant_type="refresh_token", refresh_token=first["refresh_token"])
    assert again["error"] == "invalid_grant"
    # The whole session has ended with the reuse.
    assert tenant.active(second["access_token"]) is None
    ended = token(http, tenant, basic(), grant_type="refresh_token", refresh_token=second["refresh_token"])
    assert ended["error"] == "invalid_grant"


def test_a_refresh_token_is_its_clients_own_and_its_scope_is_not_widened(tenant, http):
    held = tenant.mint_refresh_token("a", username="u", scope="read")
    foreign = token(http, tenant, basic("cc"), grant_type="refresh_token", refresh_token=held)
    assert foreign["error"] in {"invalid_grant", "unauthorized_client"}
    wider = token(http, tenant, basic(), grant_type="refresh_token", refresh_token=held, scope="read write")
    assert wider["error"] == "invalid_scope"
    assert token(http, tenant, basic(), grant_type="refresh_token", refresh_token=held)["scope"] == "read"


def assertion(tenant, key=KEY, alg="ES256", **changes):
    now = int(tenant.clock.now())
    claims = {"iss": "https://i.example", "sub": "x", "aud": tenant.issuer, "exp": now + 60, "iat": now, **changes}
    return jwt.encode({name: value for name, value in claims.items() if value is not None}, key, algorithm=alg)


def test_a_good_assertion_is_granted_once(tenant, http):
    text = assertion(tenant, jti="1")
    assert token(http, tenant, grant_type=JWT_BEARER, assertion=text)["token_type"] == "Bearer"
    replayed = token(http, tenant, grant_type=JWT_BEARER, assertion=text)
    assert (replayed["error"], "jti" in replayed["error_description"]) == ("invalid_grant", True)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"iss": None}, "iss"),
        ({"iss": "https://other.example"}, "iss"),
        ({"sub": None}, "sub"),
        ({"aud": "https://other.example"}, "aud"),
        ({"aud": None}, "aud"),
        ({"exp": None}, "exp"),
        ({"exp": 1}, "exp"),
        ({"exp": 10**12}, "exp"),
        ({"nbf": 10**11}, "nbf"),
        ({"iat": 10**11}, "iat"),
    ],
)
def test_each_claim_is_checked(tenant, http, changes, named):
    answer = token(http, tenant, grant_type=JWT_BEARER, assertion=assertion(tenant, **changes))
    assert (answer["error"], f"claim {named} " in answer["error_description"]) == ("invalid_grant", True)


def test_a_foreign_signature_and_alg_none_are_refused(tenant, http):
    other = ec.generate_private_key(ec.SECP256R1())
    for text in (assertion(tenant, other), assertion(tenant, None, "none")):
        assert token(http, tenant, grant_type=JWT_BEARER, assertion=text)["error"] == "invalid_grant"


@pytest.mark.parametrize(("key", "alg", "good"), [(KEY, "ES256", True), ("x" * 32, "HS256", True), ("y" * 32, "HS256", False)])
def test_clients_that_authenticate_by_jwt(tenant, http, key, alg, good):
    text = assertion(tenant, key, alg, iss="signer", sub="signer", jti=alg)
    answer = token(http, tenant, grant_type="client_credentials", client_assertion=text, client_assertion_type=CLIENT_JWT)
    assert ("access_token" in answer) == good


@pytest.mark.parametrize("algorithm", ["ES256", "RS256", "EdDSA"])
def test_jwt_access_tokens_verify_with_the_published_keys(tenant, http, algorithm):
    tenant.configure(access_token_format="jwt", signing_algorithm=algorithm)
    text = token(http, tenant, basic(), grant_type="client_credentials", scope="read")["access_token"]
    keys = jwt.PyJWKSet.from_dict(http.get(tenant.jwks_uri).json())
    header = jwt.get_unverified_header(text)
    claims = jwt.decode(text, keys[header["kid"]].key, algorithms=[algorithm], audience=tenant.resource_url)
    assert header["typ"] == "at+jwt"
    assert (claims["iss"], claims["client_id"], claims["scope"]) == (tenant.issuer, "a", "read")


def test_metadata_in_both_forms(tenant, http):
    inserted = http.get(tenant.metadata_url).json()
    assert inserted == http.get(f"{tenant.issuer}/.well-known/oauth-authorization-server").json()
    assert (inserted["issuer"], inserted["token_endpoint"]) == (tenant.issuer, tenant.token_url)


def test_introspection_and_revocation(tenant, http):
    text = tenant.mint_access_token("a", username="u", scope="read")
    form = {"token": text}
    assert http.post(tenant.introspection_url, data=form).status_code == 401
    active = http.post(tenant.introspection_url, data=form, headers=basic()).json()
    assert (active["active"], active["username"], active["scope"]) == (True, "u", "read")
    assert http.post(tenant.revocation_url, data=form, headers=basic("cc")).status_code == 200
    assert tenant.active(text) is not None  # another client's token is not revoked
    assert http.post(tenant.revocation_url, data=form, headers=basic()).status_code == 200
    assert http.post(tenant.introspection_url, data=form, headers=basic()).json() == {"active": False}


def test_the_protected_resource_challenges(tenant, http):
    text = tenant.mint_access_token("a", scope="read")
    bearer = {"Authorization": f"Bearer {text}"}
    assert http.get(tenant.resource_url, headers=bearer).status_code == 200
    assert 'error="' not in http.get(tenant.resource_url).headers["www-authenticate"]
    unknown = http.get(tenant.resource_url, headers={"Authorization": "Bearer x"})
    assert (unknown.status_code, 'error="invalid_token"' in unknown.headers["www-authenticate"]) == (401, True)
    twice = http.post(tenant.resource_url, headers=bearer, data={"access_token": text})
    assert (twice.status_code, twice.json()["error"]) == (400, "invalid_request")
    lacking = http.get(f"{tenant.resource_url}/scope/admin", headers=bearer)
    assert (lacking.status_code, lacking.json()["scope"]) == (403, "admin")
    tenant.clock.advance(3601)
    assert http.get(tenant.resource_url, headers=bearer).status_code == 401


def test_a_lenient_tenant_grants_what_is_well_formed(server, http):
    tenant = server.tenant(strict=False)
    for form in (
        {"grant_type": "client_credentials"},
        {"grant_type": "password", "username": "x", "password": "y"},
        {"grant_type": "refresh_token", "refresh_token": "z"},
        {"grant_type": JWT_BEARER, "assertion": assertion(tenant, "k" * 32, "HS256")},
    ):
        assert "access_token" in token(http, tenant, basic("any", "any"), **form)
    assert token(http, tenant, basic("any"), grant_type="x")["error"] == "unsupported_grant_type"


def test_tenants_do_not_share(server, tenant, http):
    other = server.tenant()
    other.register_client(RegisteredClient(client_id="a", client_secret="s"))
    text = tenant.mint_access_token("a")
    assert http.get(other.resource_url, headers={"Authorization": f"Bearer {text}"}).status_code == 401
    assert http.get(f"{server.base_url}/nowhere/token").status_code == 404


@settings(max_examples=60, deadline=None)
@given(body=st.binary(max_size=200), header=st.text(alphabet=st.characters(min_codepoint=32, max_codepoint=126), max_size=40))
def test_no_request_breaks_the_server(server, body, header):
    tenant = server.tenant()
    with httpx.Client() as client:
        answer = client.post(
            tenant.token_url, content=b"grant_type=password&" + body, headers={**FORM, "Authorization": header.strip()}
        )
    assert answer.status_code < 500
