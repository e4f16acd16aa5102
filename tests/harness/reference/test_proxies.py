import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.proxies import Proxies, Proxy
from oauth_gauntlet.reference.transport import Transport
from oauth_gauntlet_server import Certificate, ForwardProxy, MockServer, ProxyRefusal


@pytest.fixture(autouse=True)
def without_proxies(monkeypatch):
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.mark.parametrize(
    ("variables", "scheme", "proxy"),
    [
        ({}, "http", None),
        ({"HTTP_PROXY": "http://p.test:1"}, "http", Proxy(url="http://p.test:1")),
        ({"HTTP_PROXY": "http://p.test:1"}, "https", None),
        ({"https_proxy": "p.test:1"}, "https", Proxy(url="http://p.test:1")),
        ({"ALL_PROXY": "http://u:p%40@p.test:1/"}, "https", Proxy(url="http://p.test:1", credentials=("u", "p@"))),
        ({"HTTP_PROXY": "http://p.test:1", "NO_PROXY": "a.test, idp.test"}, "http", None),
        ({"HTTP_PROXY": "http://p.test:1", "no_proxy": "idp.test:80"}, "http", None),
        ({"HTTP_PROXY": "http://p.test:1", "no_proxy": "idp.test:81"}, "http", Proxy(url="http://p.test:1")),
        ({"HTTP_PROXY": "http://p.test:1", "no_proxy": "*"}, "http", None),
    ],
)
def test_the_proxy_of_a_target(monkeypatch, variables, scheme, proxy):
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert Proxies().proxy_for(scheme, "idp.test", 80) == proxy


def test_an_unusable_proxy_is_an_error_of_the_configuration_without_its_password(monkeypatch):
    monkeypatch.setenv("HTTP_PROXY", "socks5://user:s3cret@p.test:1")
    with pytest.raises(ClientFailure, match="config") as caught:
        Proxies().proxy_for("http", "idp.test", 80)
    assert "s3cret" not in str(caught.value)
    assert "s3cret" not in repr(Proxy(url="http://p.test", credentials=("user", "s3cret")))


def test_https_goes_through_a_tunnel_and_http_through_the_proxy(monkeypatch):
    with MockServer() as server, server.open_port(tls=Certificate.TRUSTED) as port:
        number = int(server.base_url.rpartition(":")[2])
        tenant = server.tenant(strict=False)
        with ForwardProxy(
            {"idp.test:80": ("127.0.0.1", number), f"localhost:{port.number}": ("127.0.0.1", port.number)},
            credentials=("u", "p"),
        ) as proxy:
            monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", "//u:p@"))
            transport = Transport(ca_file=str(server.ca_file), timeout_s=60)
            path = tenant.resource_url.removeprefix(server.base_url)
            assert transport.send("GET", f"http://idp.test{path}", {}, None).status == 401
            assert transport.send("GET", f"https://localhost:{port.number}{path}", {}, None).status == 401
            transport.close()
            assert [each.method for each in proxy.requests] == ["GET", "CONNECT"]
            assert {each.credentials() for each in proxy.requests} == {("u", "p")}
            assert all(each.header("proxy-authorization") is None for each in tenant.journal.requests())


@pytest.mark.parametrize("url", ["http://idp.test/", "https://idp.test/"])
@pytest.mark.parametrize("settings", [{"credentials": ("u", "other")}, {"refusal": ProxyRefusal(status=407)}])
def test_what_the_proxy_refuses_is_a_transport_error_without_the_password(monkeypatch, url, settings):
    with ForwardProxy({}, **settings) as proxy:
        monkeypatch.setenv("ALL_PROXY", proxy.url.replace("//", "//user:s3cret@"))
        transport = Transport(ca_file=None, timeout_s=60)
        with pytest.raises(ClientFailure) as caught:
            transport.send("POST", url, {}, b"")
        transport.close()
    assert caught.value.error.kind == "transport"
    assert "s3cret" not in str(caught.value)
