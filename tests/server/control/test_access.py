"""Which requests the control API accepts: hand-written headers on real connections."""

import io
import json
import logging
import re

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, Tenants, create_app
from oauth_gauntlet_server.control.access import Access, is_loopback
from oauth_gauntlet_server.http.base_url import BaseURLSource
from oauth_gauntlet_server.tenancy.naming import Naming

JSON = {"Content-Type": "application/json"}
TENANTS = "/_control/tenants"


@pytest.mark.parametrize(
    "host",
    ["localhost", "LOCALHOST:1", "127.0.0.1:8080", "127.9.9.9", "[::1]:80", "a.localhost:80", "localhost."],
)
def test_names_of_loopback_are_accepted(control, host):
    assert control.raw("GET", TENANTS, headers={"Host": host}).status == 200


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:80",
        "127.0.0.1.evil.example",
        "192.0.2.1",
        "localhost@evil.example",
        "[::2]",
        "a b",
        "localhost:80:80",
    ],
)
def test_dns_rebinding_is_rejected(control, host):
    """With DNS rebinding, the Host header still contains the page's own host name."""
    answer = control.raw("GET", TENANTS, headers={"Host": host})
    assert answer.status == 403
    assert answer.headers["content-type"] == "application/problem+json"
    assert "Host" in answer.json["detail"]


def test_a_request_without_host_is_rejected(control):
    assert control.raw("GET", TENANTS, headers={"Host": None}).status in {400, 403}


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:3000", "http://127.0.0.1", "file://"])
@pytest.mark.parametrize("method", ["GET", "POST"])
def test_other_origins_are_rejected(control, tenant, origin, method):
    answer = control.raw(method, TENANTS, b"{}" if method == "POST" else b"", {**JSON, "Origin": origin})
    assert (answer.status, answer.headers["access-control-allow-origin"]) == (403, None)


def test_the_servers_own_origin_is_accepted(control, control_server):
    assert control.raw("GET", TENANTS, headers={"Origin": control_server.base_url}).status == 200


def test_cross_site_requests_are_rejected(control):
    assert control.raw("GET", TENANTS, headers={"Sec-Fetch-Site": "cross-site"}).status == 403
    assert control.raw("GET", TENANTS, headers={"Sec-Fetch-Site": "same-site"}).status == 403
    assert control.raw("GET", TENANTS, headers={"Sec-Fetch-Site": "same-origin"}).status == 200
    assert control.raw("GET", TENANTS, headers={"Sec-Fetch-Site": "none"}).status == 200


def test_a_page_at_another_port_may_link_to_the_console(control):
    assert control.raw("GET", "/_console/", headers={"Sec-Fetch-Site": "same-site"}).status == 200


def test_a_preflight_is_never_granted(control):
    headers = {"Origin": "https://evil.example", "Access-Control-Request-Method": "DELETE"}
    answer = control.raw("OPTIONS", TENANTS, headers=headers)
    assert answer.status == 403
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", None])
def test_content_types_that_an_html_form_can_send_are_rejected(control, control_server, kind):
    before = control_server.tenants.names()
    answer = control.raw("POST", TENANTS, b'{"name": "formed"}', {"Content-Type": kind})
    assert answer.status == 415
    assert answer.json["detail"] == f"POST requires Content-Type: application/json, got {kind or 'none'}"
    assert control_server.tenants.names() == before


def test_the_openapi_document_and_unknown_paths_are_protected_too(control):
    for path in ("/_control/openapi.json", "/_control/nothing", "/_control"):
        assert control.raw("GET", path, headers={"Host": "evil.example"}).status == 403


def test_the_tenants_endpoints_accept_any_host_and_origin(control, tenant):
    answer = control.raw("GET", "/t/jwks", headers={"Host": "evil.example", "Origin": "https://evil.example"})
    assert answer.status == 200


def test_a_server_on_all_interfaces_requires_the_token(client_of):
    with MockServer(host="0.0.0.0") as server:
        assert len(server.control_token) >= 32
        control = client_of(server)
        for authorization in (
            None,
            "Bearer",
            "Bearer wrong",
            f"Basic {server.control_token}",
            f"Bearer {server.control_token}x",
        ):
            answer = control.raw("GET", TENANTS, headers={"Authorization": authorization})
            assert answer.status == 401
            assert answer.headers["www-authenticate"].startswith("Bearer ")
        with_token = {"Authorization": f"Bearer {server.control_token}"}
        assert control.raw("GET", TENANTS, headers=with_token).status == 200
        # Any address is accepted, but no name: DNS can point any name at this machine.
        assert control.raw("GET", TENANTS, headers={**with_token, "Host": "192.0.2.7:80"}).status == 200
        assert control.raw("GET", TENANTS, headers={**with_token, "Host": "evil.example"}).status == 403
        # The endpoints of the authorization server need no control token.
        server.tenant("t")
        assert control.raw("GET", "/t/jwks").status == 200


def test_each_server_has_its_own_token_and_loopback_needs_none(client_of):
    assert MockServer(host="0.0.0.0").control_token != MockServer(host="0.0.0.0").control_token
    assert {MockServer(host=host).control_token for host in ("127.0.0.1", "localhost", "::1")} == {None}
    with MockServer(control_token="given") as server:
        control = client_of(server)
        assert control.raw("GET", TENANTS).status == 401
        assert control.raw("GET", TENANTS, headers={"Authorization": "bearer given"}).status == 200


def test_control_hosts_are_accepted(client_of):
    with MockServer(control_hosts=["Auth.internal"]) as server:
        control = client_of(server)
        assert control.raw("GET", TENANTS, headers={"Host": "auth.internal:8080"}).status == 200
        assert control.raw("GET", TENANTS, headers={"Host": "other.internal:8080"}).status == 403


def served_as(**naming):
    return MockServer(tenants=Tenants(naming=Naming(**naming)))


def test_the_hosts_and_origins_of_the_public_urls_are_accepted(client_of):
    with served_as(public_url="http://auth:8080", browser_url="https://login.example") as server:
        control = client_of(server)
        bearer = {"Authorization": f"Bearer {server.control_token}"}
        for host in ("auth:8080", "auth", "LOGIN.example:1", "localhost"):
            assert control.raw("GET", TENANTS, headers={**bearer, "Host": host}).status == 200
        assert control.raw("GET", TENANTS, headers={**bearer, "Host": "other"}).status == 403
        # Behind a proxy that ends TLS, the console's page has an origin that the request itself does not show.
        for origin in ("http://auth:8080", "https://login.example", "HTTPS://login.example"):
            assert control.raw("GET", TENANTS, headers={**bearer, "Host": "localhost", "Origin": origin}).status == 200
        for origin in ("http://login.example", "https://auth:8080", "https://login.example.evil.example"):
            assert control.raw("GET", TENANTS, headers={**bearer, "Host": "localhost", "Origin": origin}).status == 403


def test_what_a_proxy_says_opens_no_door(client_of):
    """A page that uses DNS rebinding can send every one of these fields."""
    with served_as(source=BaseURLSource.PROXY) as server:
        control = client_of(server)
        forwarded = {"X-Forwarded-Host": "localhost", "Forwarded": "host=localhost", "X-Forwarded-Proto": "https"}
        bearer = {"Authorization": f"Bearer {server.control_token}"}
        assert control.raw("GET", TENANTS, headers={**bearer, **forwarded, "Host": "evil.example"}).status == 403
        crossed = {**forwarded, "X-Forwarded-Host": "evil.example", "Origin": "https://evil.example"}
        assert control.raw("GET", TENANTS, headers={**bearer, **crossed}).status == 403
        assert control.raw("GET", TENANTS, headers=forwarded).status == 401


@pytest.mark.parametrize(
    ("naming", "needed"),
    [
        ({}, False),
        ({"source": BaseURLSource.HOST}, False),
        ({"source": BaseURLSource.PROXY}, True),
        ({"public_url": "http://localhost:8080"}, False),
        ({"public_url": "https://auth.example"}, True),
        ({"browser_url": "http://localhost:1"}, False),
        ({"browser_url": "https://login.example"}, True),
    ],
)
def test_a_server_that_others_can_reach_through_a_proxy_needs_the_token(naming, needed):
    """Every request of a proxy on this machine comes from loopback, whoever sent it."""
    assert (served_as(**naming).control_token is not None) == needed


def test_another_wsgi_server_without_a_token_serves_this_machine_only():
    """The application does not know the bound address there, and anybody can write a Host header."""

    def get(peer, **headers):
        statuses = []
        environ = {
            "REQUEST_METHOD": "GET",
            "PATH_INFO": TENANTS,
            "REMOTE_ADDR": peer,
            "SERVER_NAME": "x",
            "SERVER_PORT": "80",
            "SERVER_PROTOCOL": "HTTP/1.1",
            "wsgi.url_scheme": "http",
            "HTTP_HOST": "localhost",
            "wsgi.input": io.BytesIO(),
            **headers,
        }
        list(app.wsgi_app(environ, lambda status, _: statuses.append(status)))
        return int(statuses[0][:3])

    app = create_app()
    assert get("127.0.0.1") == 200
    assert get("::ffff:127.0.0.1") == 200
    assert get("192.0.2.1") == 403
    assert get("") == 403
    app = create_app(access=Access(token="x"))
    assert get("192.0.2.1", HTTP_AUTHORIZATION="Bearer x") == 200


def test_is_loopback_knows_names_and_addresses():
    assert [is_loopback(each) for each in ("localhost", "127.1.2.3", "::1", "::ffff:127.0.0.1")] == [True] * 4
    assert [is_loopback(each) for each in ("", "0.0.0.0", "::", "10.0.0.1", "localhost.evil", "127.0.0.1.x")] == [False] * 6


def test_the_log_contains_no_secret(client_of, caplog, capfd):
    caplog.set_level(logging.DEBUG)
    with MockServer(control_token="control-SECRET") as server:
        control = client_of(server)
        headers = {**JSON, "Authorization": "Bearer control-SECRET"}
        tenant = server.tenant("t")
        tenant.register_client(RegisteredClient(client_id="a", client_secret="client-SECRET"))
        control.raw("GET", TENANTS, headers={"Authorization": "Bearer wrong-SECRET"})
        client = {"client_id": "b", "client_secret": "b-SECRET", "grant_type": "SECRET"}
        control.raw("POST", f"{TENANTS}/t/clients", json.dumps(client).encode(), headers)
        control.raw("POST", f"{TENANTS}/t/tokens/inspect", b'{"token": "token-SECRET"}', headers)
        assert control.token(client="a:client-SECRET").status == 200
        assert control.token(client="a:wrong-SECRET").status == 401
        control.raw("POST", "/t/token?client_secret=query-SECRET", b"password=SECRET", {})
        # A defect of the server is logged, but without anything that was sent.
        for broken in (tenant.journal, tenant.tokens):
            broken.count = broken.get = broken.put = None
        assert control.raw("GET", f"{TENANTS}/t/journal/count", headers=headers).status == 500
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        body = b"grant_type=client_credentials&client_id=a&client_secret=client-SECRET"
        assert control.raw("POST", "/t/token?x=query-SECRET", body, form).status == 500
    assert "the control API itself failed on GET /_control/tenants/t/journal/count" in caplog.text
    assert re.search(r"the mock server itself failed on (POST )?/t/token", caplog.text)
    out, err = capfd.readouterr()
    assert "SECRET" not in caplog.text + out + err
