"""404 and 405: what there is, the nearest URL, and a command that works."""

import json
import shlex
import subprocess

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, Tenants


@pytest.fixture(scope="module")
def base():
    with MockServer(tenants=Tenants(auto_create=True)) as server:
        server.tenant("default", strict=False)
        server.tenant("shop").register_client(RegisteredClient(client_id="web", client_secret="s3cret"))
        yield server.base_url


@pytest.mark.parametrize(
    ("path", "nearest"),
    [
        ("/token", "/default/token"),
        ("/default/tokn", "/default/token"),
        ("/default/oauth/token", "/default/token"),
        ("/default/oauth2/v1/token", "/default/token"),
        ("/default/token/", "/default/token"),
        ("/defalt/tokn", "/default/token"),
        ("/shop/tokens", "/shop/token"),
        ("/realms/x/protocol/openid-connect/token", "/default/token"),
        ("/realms/shop/protocol/openid-connect/token", "/shop/token"),
        ("/realms/shop/protocol/openid-connect/certs", "/shop/jwks"),
        ("/shop/oauth2/v1/introspection", "/shop/introspect"),
        ("/shop/faults/slow/tokn", "/shop/token"),
        ("/.well-known/openid-configuration", "/.well-known/oauth-authorization-server/default"),
        ("/.well-known/jwks.json", "/default/jwks"),
        ("/favicon.ico", None),
        ("/default", None),
        ("/", None),
    ],
)
def test_an_unknown_path_names_the_nearest(base, http, path, nearest):
    answer = http.post(f"{base}{path}", data={"a": "b"}) if path != "/" else http.get(f"{base}/nothing")
    document = answer.json()
    assert (answer.status_code, document["error"]) == (404, "not_found")
    assert document["nearest"] == ([] if nearest is None else [f"{base}{nearest}"])
    assert ("did you mean" in document["error_description"]) is (nearest is not None)
    assert document["tenants"][:2] == ["default", "shop"]
    assert document["start"] == f"{base}/"


def test_below_a_tenant_its_endpoints_are_named(base, http):
    assert http.get(f"{base}/shop/nothing").json()["endpoints"]["token_url"] == f"{base}/shop/token"
    assert "endpoints" not in http.get(f"{base}/nothing").json()


def test_a_path_that_leads_to_no_endpoint_creates_no_tenant(base, http):
    for path in ("/realms/x/protocol/openid-connect/token", "/wp-admin/setup.php", "/a/b"):
        http.post(f"{base}{path}")
    names = {each["name"] for each in http.get(base).json()["tenants"]}
    assert names.isdisjoint({"realms", "wp-admin", "a"})


def test_without_auto_create_a_mistyped_tenant_is_named(http):
    with MockServer() as server:
        server.tenant("default")
        answer = http.post(f"{server.base_url}/defualt/token", data={"a": "b"})
        assert (answer.status_code, answer.json()["error"]) == (404, "unknown_tenant")
        assert answer.json()["nearest"] == [f"{server.base_url}/default/token"]
        (exchange,) = server.journal.exchanges()
        assert (exchange.endpoint, exchange.request.body) == ("token", b"a=b")


@pytest.mark.parametrize("hostile", ["%1b[31m", "%22%5c", "%00", "%e2%80%ae", "<script>", "x" * 50_000, "/".join("y" * 20_000)])
def test_text_of_the_request_is_escaped_and_cut(base, http, hostile):
    answer = http.get(f"{base}/default/{hostile}")
    assert answer.status_code == 404
    text = answer.json()["error_description"]
    assert len(text) < 2000
    assert text.isascii()
    assert text.isprintable()
    assert not set('"\\<>') & set(text)  # the first two: RFC 6749 §5.2


def test_another_method_names_the_right_one(base, http):
    answer = http.get(f"{base}/default/token")
    document = answer.json()
    assert (answer.status_code, answer.headers["allow"]) == (405, "POST")
    assert document["error_description"] == "The method must be POST"
    done = subprocess.run(shlex.split(document["curl"]), capture_output=True, check=True, timeout=120)
    assert "access_token" in json.loads(done.stdout)
    answer = http.post(f"{base}/default/jwks")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD, OPTIONS")
    assert answer.json()["error_description"] == "The method must be GET, HEAD, OPTIONS"


@pytest.mark.parametrize("endpoint", ["introspect", "revoke"])
def test_the_command_of_an_endpoint_is_one_for_it(base, http, endpoint):
    command = http.get(f"{base}/default/{endpoint}").json()["curl"]
    assert f"/default/{endpoint} -d token=TOKEN" in command


def test_no_document_has_a_secret(base, http):
    for path in ("/", "/shop/nothing", "/token"):
        assert "s3cret" not in http.get(f"{base}{path}").text
    assert "CLIENT_ID:CLIENT_SECRET" in http.get(f"{base}/shop/token").json()["curl"]


def test_the_start_page_has_a_command_that_works(base, http):
    document = http.get(base).json()
    assert document["control_api"] == f"{base}/_control/openapi.json"
    assert http.get(document["health"]).json()["status"] == "ok"
    done = subprocess.run(shlex.split(document["curl"]), capture_output=True, check=True, timeout=120)
    assert "access_token" in json.loads(done.stdout)


def test_a_server_without_tenants_has_a_start_page(http):
    with MockServer() as server:
        document = http.get(server.base_url).json()
        assert (document["tenants"], "curl" in document) == ([], False)
        assert http.post(f"{server.base_url}/token").json()["nearest"] == []
