"""One server under several names: each answer agrees with the name that its request used, and nothing lasts."""

import http.client
import json
import time
from base64 import b64encode
from urllib.parse import urlencode, urlsplit

import httpx2
import jwt
import pytest
from authlib.integrations.requests_client import OAuth2Session

from oauth_gauntlet_server import AssertionIssuer, MockServer, Tenants, create_app, faults
from oauth_gauntlet_server.application.scim import is_available
from oauth_gauntlet_server.http.base_url import BaseURLSource
from oauth_gauntlet_server.tenancy.naming import Naming
from tests.server.conftest import KEY, PUBLIC

AUTH = {"Host": "auth:8080"}
CLIENT = {"Authorization": f"Basic {b64encode(b'c:s').decode()}"}
METADATA = "/.well-known/oauth-authorization-server"
OPENID = "/.well-known/openid-configuration"


def ask(server, method, path, form=None, headers=None):
    """Send a request with exactly these header fields, and return status, header fields and the JSON document."""
    parts = urlsplit(server.local_url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        fields = {"Content-Type": "application/x-www-form-urlencoded"} if form is not None else {}
        connection.request(method, path, None if form is None else urlencode(form), {**fields, **(headers or {})})
        response = connection.getresponse()
        return response.status, response.headers, json.loads(response.read() or b"null")
    finally:
        connection.close()


def get(server, path, **headers):
    return ask(server, "GET", path, headers=headers)[2]


def token(server, headers, tenant="t", **form):
    form = {"grant_type": "client_credentials", **form}
    return ask(server, "POST", f"/{tenant}/token", form, {**CLIENT, **headers})[2]["access_token"]


def started(**naming):
    return MockServer(tenants=Tenants(auto_create=True, naming=Naming(**naming)))


@pytest.fixture(scope="module")
def following():
    with started(source=BaseURLSource.HOST) as server:
        server.tenant("t", strict=False, access_token_format="jwt")
        yield server


@pytest.fixture(scope="module")
def proxied():
    with started(source=BaseURLSource.PROXY) as server:
        server.tenant("t", strict=False, access_token_format="jwt")
        yield server


@pytest.fixture(scope="module")
def public():
    with started(public_url="http://auth:8080/base", browser_url="http://localhost:9") as server:
        server.tenant("t", strict=False, access_token_format="jwt")
        yield server


@pytest.mark.parametrize("place", [f"/t{METADATA}", f"{METADATA}/t", f"/t{OPENID}", f"{OPENID}/t"])
def test_metadata_names_the_host_of_the_request(following, place):
    document = get(following, place, **AUTH)
    assert document["issuer"] == "http://auth:8080/t"
    assert {urlsplit(value).netloc for name, value in document.items() if name.endswith(("_endpoint", "_uri"))} == {"auth:8080"}


def test_a_token_carries_the_name_under_which_it_was_asked_for(following):
    claims = jwt.decode(token(following, AUTH), options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == ("http://auth:8080/t", "http://auth:8080/t/resource")


def test_introspection_says_the_name_under_which_a_token_was_issued(following):
    """RFC 7662 §2.2: iss is the issuer of this token; the token says the same."""
    issued = token(following, AUTH)
    for host in ("auth:8080", "other:1"):
        document = ask(following, "POST", "/t/introspect", {"token": issued}, {**CLIENT, "Host": host})[2]
        assert (document["active"], document["iss"]) == (True, "http://auth:8080/t")


def test_a_token_that_no_request_asked_for_has_the_name_of_the_question(following):
    issued = following.tenants.find("t").mint_access_token("c")
    document = ask(following, "POST", "/t/introspect", {"token": issued}, {**CLIENT, "Host": "other:1"})[2]
    assert document["iss"] == "http://other:1/t"


def test_a_token_of_one_name_is_accepted_under_each(following):
    issued = token(following, AUTH)
    status, _, _ = ask(following, "GET", "/t/resource", headers={"Host": "other:1", "Authorization": f"Bearer {issued}"})
    assert status == 200


@pytest.mark.parametrize("host", ["evil<script>", "a b", "x:99999", "a/b", "a,b"])
def test_a_host_that_is_none_changes_nothing(following, host):
    assert get(following, f"/t{METADATA}", Host=host)["issuer"] == f"{following.local_url}/t"


def test_the_name_of_one_request_does_not_reach_the_next(following):
    """A request with a false Host creates a tenant; nothing of that name remains in it."""
    get(following, f"/new{METADATA}", Host="evil.example")
    token(following, {"Host": "evil.example"}, tenant="new")
    local = urlsplit(following.local_url).netloc
    for place in (f"/new{METADATA}", f"/new{OPENID}", "/_control/tenants/new", "/_control/tenants", "/"):
        document = json.dumps(get(following, place, Host=local))
        assert f"http://{local}/" in document
        assert "evil.example" not in document
    claims = jwt.decode(token(following, {"Host": local}), options={"verify_signature": False})
    assert claims["iss"] == f"http://{local}/t"


def test_without_being_asked_a_server_has_one_name(server):
    tenant = server.tenant(strict=False, access_token_format="jwt")
    assert get(server, f"/{tenant.name}{METADATA}", **AUTH, **{"X-Forwarded-Host": "x"})["issuer"] == tenant.issuer
    claims = jwt.decode(token(server, AUTH, tenant=tenant.name), options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == (tenant.issuer, tenant.resource_url)


def assertion(audience):
    now = int(time.time())
    claims = {"iss": "https://i.example", "sub": "u", "aud": audience, "iat": now, "exp": now + 60}
    return {
        "grant_type": "urn:ietf:params:oauth:grant-type:jwt-bearer",
        "assertion": jwt.encode(claims, KEY, algorithm="ES256"),
    }


def strict_tenant(server, name="strict"):
    tenant = server.tenant(name, replace=True)
    tenant.register_issuer(AssertionIssuer(issuer="https://i.example", public_keys=(PUBLIC,)))
    return tenant


@pytest.mark.parametrize(
    ("audience", "accepted"),
    [
        ("http://auth:8080/strict", True),
        ("http://auth:8080/strict/token", True),
        ("http://other:1/strict", False),
        ("http://other:1/strict/token", False),
    ],
)
def test_a_strict_tenant_accepts_assertions_for_the_name_of_this_request_only(following, audience, accepted):
    strict_tenant(following)
    get(following, f"/strict{METADATA}", Host="other:1")  # the server was asked under the other name before
    status, _, document = ask(following, "POST", "/strict/token", assertion(audience), AUTH)
    assert (status, document.get("error")) == ((200, None) if accepted else (400, "invalid_grant"))


@pytest.mark.parametrize(
    "audience",
    [
        "https://auth.example/base/strict",
        "https://auth.example/base/strict/token",
        "https://auth.example/base/strict/faults/slow/token",
    ],
)
def test_behind_a_proxy_assertions_name_what_the_client_knows(proxied, audience):
    strict_tenant(proxied)
    headers = {"X-Forwarded-Proto": "https", "X-Forwarded-Host": "auth.example", "X-Forwarded-Prefix": "/base"}
    path = "/strict/faults/slow/token" if "slow" in audience else "/strict/token"
    assert ask(proxied, "POST", path, assertion(audience), headers)[0] == 200
    assert ask(proxied, "POST", path, assertion(audience))[0] == 400


def test_a_proxy_names_scheme_host_and_prefix(proxied):
    headers = {"Forwarded": "proto=https;host=auth.example", "X-Forwarded-Prefix": "/base"}
    for place in (f"/t{METADATA}", f"{METADATA}/t", f"{METADATA}/base/t", f"{OPENID}/base/t"):
        assert get(proxied, place, **headers)["token_endpoint"] == "https://auth.example/base/t/token"
    claims = jwt.decode(token(proxied, headers), options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == ("https://auth.example/base/t", "https://auth.example/base/t/resource")
    assert get(proxied, f"/t{METADATA}")["issuer"] == f"{proxied.local_url}/t"


def test_a_server_that_does_not_trust_a_proxy_ignores_it(following):
    assert get(following, f"/t{METADATA}", Forwarded="host=evil.example")["issuer"] == f"{following.local_url}/t"


@pytest.mark.parametrize("headers", [{}, AUTH, {"Host": "evil.example"}, {"X-Forwarded-Host": "evil.example"}])
@pytest.mark.parametrize(
    "place",
    [f"/t{METADATA}", f"/base/t{METADATA}", f"{METADATA}/base/t", f"{METADATA}/t", f"{OPENID}/base/t", f"/base/t{OPENID}"],
)
def test_a_public_url_decides_and_its_path_may_be_there_or_not(public, headers, place):
    document = get(public, place, **headers)
    assert document["issuer"] == "http://auth:8080/base/t"
    assert document["token_endpoint"] == "http://auth:8080/base/t/token"


def test_tokens_are_granted_below_the_path_of_the_public_url(public):
    status, _, document = ask(public, "POST", "/base/t/token", {"grant_type": "client_credentials"}, CLIENT)
    assert status == 200
    claims = jwt.decode(document["access_token"], options={"verify_signature": False})
    assert (claims["iss"], claims["aud"]) == ("http://auth:8080/base/t", "http://auth:8080/base/t/resource")
    assert public.tenants.find("t").journal.exchanges()[-1].request.path == "/base/t/token"


def test_a_port_has_the_urls_of_a_server_with_a_public_url(public):
    tenant = public.tenants.find("t")
    with public.open_port() as port, httpx2.Client(trust_env=False) as client:
        for endpoint in ("token", "jwks", "metadata"):
            assert client.get(port.url_of(tenant, endpoint)).status_code == (405 if endpoint == "token" else 200)


def test_the_index_names_the_console_where_a_browser_finds_it(public, following):
    assert get(public, "/")["console"] == "http://localhost:9/_console"
    assert get(following, "/", **AUTH)["console"] == "http://auth:8080/_console"


def test_the_control_api_names_a_tenant_as_its_request_names_the_server(following):
    port = urlsplit(following.local_url).port
    here = {"Host": f"localhost:{port}"}
    assert get(following, "/_control/tenants/t", **here)["issuer"] == f"http://localhost:{port}/t"
    assert get(following, "/_control/openapi.json", **here)["servers"] == [{"url": f"http://localhost:{port}"}]
    minted = control(following, "tokens/mint_jwt_access_token", {"client_id": "c"}, here)["token"]
    assert jwt.decode(minted, options={"verify_signature": False})["iss"] == f"http://localhost:{port}/t"
    assert control(following, "tokens/inspect", {"token": minted}, here)["issuer"] == f"http://localhost:{port}/t"


def control(server, path, body, headers):
    parts = urlsplit(server.local_url)
    with httpx2.Client(trust_env=False) as client:
        return client.post(f"http://{parts.netloc}/_control/tenants/t/{path}", json=body, headers=headers).json()


def test_a_redirect_to_another_origin_stays_on_the_host_that_the_client_knows(following):
    tenant = following.tenant("redirected", strict=False)
    tenant.arm(faults.fault("redirect", to="other-origin"), times=1)
    _, headers, _ = ask(following, "POST", "/redirected/token", {"grant_type": "client_credentials"}, {**CLIENT, **AUTH})
    location = urlsplit(headers["Location"])
    assert (location.hostname, location.path) == ("auth", "/redirected/token")
    assert location.port == urlsplit(following.other_origin()).port


@pytest.mark.skipif(not is_available(), reason="needs the extra scim")
def test_a_scim_resource_is_where_the_client_finds_it(proxied):
    headers = {"Forwarded": "proto=https;host=auth.example", "X-Forwarded-Prefix": "/base"}
    bearer = {"Authorization": f"Bearer {token(proxied, headers)}"}
    document = get(proxied, "/t/scim/v2/ServiceProviderConfig", **headers, **bearer)
    assert document["meta"]["location"] == "https://auth.example/base/t/scim/v2/ServiceProviderConfig"


def test_another_wsgi_server_serves_below_its_mount():
    document = (
        create_app()
        .test_client()
        .get(f"/t{METADATA}", base_url="https://auth.example/mounted", headers={"Host": "auth.example"})
        .json
    )
    assert document["issuer"] == "https://auth.example/mounted/t"


def test_an_authlib_client_finds_its_way_from_each_name(following):
    port = urlsplit(following.local_url).port
    for host in (f"localhost:{port}", f"127.0.0.1:{port}"):
        with OAuth2Session("c", "s") as session:
            session.trust_env = False
            document = session.get(f"http://{host}{METADATA}/t", timeout=60, withhold_token=True).json()
            assert document["issuer"] == f"http://{host}/t"
            issued = session.fetch_token(document["token_endpoint"], grant_type="client_credentials")["access_token"]
            key = jwt.PyJWKClient(document["jwks_uri"]).get_signing_key_from_jwt(issued)
            claims = jwt.decode(
                issued, key, algorithms=["ES256"], issuer=f"http://{host}/t", audience=f"http://{host}/t/resource"
            )
            assert claims["client_id"] == "c"
