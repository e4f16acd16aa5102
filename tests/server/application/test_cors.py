"""CORS as a client sees it: preflights, answers, faults, and what never gets these header fields."""

import http.client
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.http.endpoints import ENDPOINTS

SPA = "https://spa.example"
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
GRANT = "grant_type=client_credentials&client_id=c&client_secret=s"
SHARED = [endpoint for endpoint in ENDPOINTS if endpoint.path is not None]


@pytest.fixture
def lenient(server):
    return server.tenant(strict=False)


def ask(url, method="GET", body=None, **headers):
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)
    try:
        connection.request(method, parts.path, body, {name.replace("_", "-"): value for name, value in headers.items()})
        response = connection.getresponse()
        response.read()
        return response.status, response.headers
    finally:
        connection.close()


def preflight(url, method="POST", origin=SPA, **headers):
    return ask(url, "OPTIONS", Origin=origin, Access_Control_Request_Method=method, **headers)


def cors_fields(headers):
    return {name.lower(): value for name, value in headers.items() if name.lower().startswith("access-control-")}


@pytest.mark.parametrize("endpoint", SHARED, ids=lambda endpoint: endpoint.name)
@pytest.mark.parametrize("strict", [True, False])
def test_a_page_of_any_origin_may_call_each_endpoint(server, endpoint, strict):
    tenant = server.tenant(strict=strict)
    status, headers = preflight(getattr(tenant, endpoint.url_name), "POST" if endpoint.takes_form else "GET")
    assert status == 204
    assert headers["access-control-allow-origin"] == "*"
    assert ("POST" if endpoint.takes_form else "GET") in headers["access-control-allow-methods"].split(", ")
    _, headers = ask(getattr(tenant, endpoint.url_name), Origin=SPA)
    assert headers["access-control-allow-origin"] == "*"
    assert headers["access-control-expose-headers"] == "WWW-Authenticate, DPoP-Nonce, Retry-After"
    assert headers["vary"] == "Origin"
    assert "access-control-allow-credentials" not in headers


def test_both_places_of_each_metadata_document_are_shared(server, lenient):
    for suffix in ("oauth-authorization-server", "openid-configuration"):
        for place in (f"/.well-known/{suffix}/{lenient.name}", f"/{lenient.name}/.well-known/{suffix}"):
            assert preflight(server.base_url + place, "GET")[0] == 204
            assert ask(server.base_url + place, Origin=SPA)[1]["access-control-allow-origin"] == "*"


def test_a_preflight_allows_what_clients_send_and_what_was_asked_for(lenient):
    asked = "authorization, content-type, x-trace, a b, x(y)"
    _, headers = preflight(lenient.token_url, Access_Control_Request_Headers=asked)
    allowed = {name.lower() for name in headers["access-control-allow-headers"].split(", ")}
    assert allowed == {"authorization", "content-type", "dpop", "x-trace"}


def test_a_preflight_is_recorded_as_one_and_is_no_token_request(lenient):
    preflight(lenient.token_url)
    assert [exchange.endpoint for exchange in lenient.journal.exchanges()] == ["preflight"]
    assert (lenient.journal.count("token"), lenient.journal.exchanges()[0].response.status) == (0, 204)


def test_a_preflight_takes_no_fault_and_the_faulty_answer_can_be_read(lenient):
    armed = lenient.arm(faults.http_status(503), times=1)
    everywhere = lenient.arm(faults.fault("retry_after", seconds=120), endpoint=None, times=1)
    assert preflight(lenient.token_url)[0] == 204
    assert (armed.matched, everywhere.matched) == (0, 0)
    status, headers = ask(lenient.token_url, "POST", GRANT, Origin=SPA, **FORM)
    assert (status, headers["access-control-allow-origin"], armed.fired) == (503, "*", 1)
    assert ask(lenient.token_url, "POST", GRANT, Origin=SPA, **FORM)[0] == 200


@pytest.mark.parametrize("preset", ["unavailable", "invalid-grant", "gzip-broken", "bom", "no-such-preset"])
def test_the_answer_at_the_url_of_a_preset_can_be_read(lenient, preset):
    url = f"{lenient.issuer}/faults/{preset}/token"
    assert preflight(url)[0] == 204
    _, headers = ask(url, "POST", GRANT, Origin=SPA, **FORM)
    assert headers["access-control-allow-origin"] == "*"


def test_refusals_of_the_server_can_be_read(server, lenient):
    strict = server.tenant()
    assert ask(strict.token_url, "POST", GRANT, Origin=SPA, **FORM)[1]["access-control-allow-origin"] == "*"
    assert ask(strict.resource_url, Origin=SPA)[1]["access-control-allow-origin"] == "*"
    status, headers = ask(f"{lenient.issuer}/tokn", Origin=SPA)
    assert (status, headers["access-control-allow-origin"]) == (404, "*")


def test_what_a_fault_sets_stays(lenient):
    lenient.arm(faults.fault("header", header="Access-Control-Allow-Origin", value="https://other.example"))
    _, headers = ask(lenient.token_url, "POST", GRANT, Origin=SPA, **FORM)
    assert headers.get_all("access-control-allow-origin") == ["https://other.example"]


def test_a_request_without_origin_is_answered_as_before(server, lenient):
    for strict in (server.tenant(), lenient):
        for url in (strict.token_url, strict.jwks_uri, strict.metadata_url, strict.resource_url):
            _, headers = ask(url)
            assert not cors_fields(headers)
            assert "vary" not in headers
        assert ask(strict.token_url, "OPTIONS")[0] == 405
        assert ask(strict.token_url, "OPTIONS", Access_Control_Request_Method="POST")[0] == 405
        assert strict.journal.count("preflight") == 0


def test_with_a_list_only_its_origins_are_allowed(server):
    tenant = server.tenant(cors=("https://a.example", SPA))
    status, headers = preflight(tenant.token_url)
    assert (status, headers["access-control-allow-origin"], headers["vary"]) == (204, SPA, "Origin")
    _, headers = ask(tenant.jwks_uri, Origin="https://A.example")
    assert headers["access-control-allow-origin"] == "https://A.example"
    for other in ("https://evil.example", "null", "https://a.example.evil.example", "http://a.example"):
        status, headers = preflight(tenant.token_url, origin=other)
        assert (status, cors_fields(headers)) == (403, {})
        status, headers = ask(tenant.jwks_uri, Origin=other)
        assert (status, cors_fields(headers), headers["vary"]) == (200, {}, "Origin")


def test_off_answers_as_if_there_were_no_cors(server):
    tenant = server.tenant(cors="off")
    status, headers = preflight(tenant.token_url)
    assert (status, cors_fields(headers), tenant.journal.count("token")) == (405, {}, 1)
    _, headers = ask(tenant.jwks_uri, Origin=SPA)
    assert not cors_fields(headers)


def test_the_setting_can_be_changed(lenient):
    lenient.configure(cors="off")
    assert not cors_fields(ask(lenient.jwks_uri, Origin=SPA)[1])
    lenient.configure(cors=(SPA,))
    assert ask(lenient.jwks_uri, Origin=SPA)[1]["access-control-allow-origin"] == SPA


@pytest.mark.parametrize(
    "path", ["/_control/tenants", "/_control", "/_console", "/_console/", "/_console/page.js", "/", "/nobody/token"]
)
@pytest.mark.parametrize("method", ["GET", "OPTIONS"])
def test_neither_the_control_api_nor_the_console_is_ever_shared(server, path, method):
    headers = ask(server.base_url + path, method, Origin=SPA, Access_Control_Request_Method="POST")[1]
    assert not cors_fields(headers)
