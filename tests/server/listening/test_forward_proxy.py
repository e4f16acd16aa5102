import socket
import urllib.error
import urllib.request

import pytest

from oauth_gauntlet_server import ForwardProxy, ProxyRefusal

TOKEN = b"grant_type=client_credentials&client_id=a&client_secret=b"


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


@pytest.fixture
def open_proxy(server):
    opened = []
    address = ("127.0.0.1", int(server.base_url.rpartition(":")[2]))

    def start(**settings):
        proxy = ForwardProxy({"idp.test:80": address, "idp.test:443": address}, **settings)
        opened.append(proxy)
        return proxy

    yield start
    for proxy in opened:
        proxy.close()


def post(proxy, tenant, *, user="", body=TOKEN, headers=None):
    path = "/" + tenant.token_url.split("/", 3)[3]
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy.url.replace("//", f"//{user}")}))
    request = urllib.request.Request(f"http://idp.test{path}", body, headers or {})
    try:
        with opener.open(request, timeout=60) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_a_request_is_passed_on_and_what_is_for_the_proxy_stays_there(open_proxy, tenant):
    proxy = open_proxy(credentials=("user", "p@ss"))
    assert post(proxy, tenant, user="user:p%40ss@", headers={"X-Mine": "1"}) == 200
    (seen,) = proxy.requests
    assert (seen.method, seen.status, seen.credentials()) == ("POST", 200, ("user", "p@ss"))
    assert seen.target.startswith("http://idp.test/")
    (arrived,) = tenant.journal.requests("token")
    assert arrived.header("host") == "idp.test"
    assert arrived.header("x-mine") == "1"
    assert arrived.header("via") == "1.1 gauntlet-proxy"
    assert arrived.header("proxy-authorization") is None
    assert arrived.body == TOKEN


def test_chunked_content_is_passed_on_as_it_is(open_proxy, tenant):
    proxy = open_proxy()
    assert post(proxy, tenant, body=iter([TOKEN[:9], TOKEN[9:]])) == 200
    assert tenant.journal.requests("token")[0].body == TOKEN


@pytest.mark.parametrize("user", ["", "user:wrong@"])
def test_without_the_right_credentials_it_asks_for_them(open_proxy, tenant, user):
    proxy = open_proxy(credentials=("user", "right"))
    assert post(proxy, tenant, user=user) == 407
    assert [each.status for each in proxy.requests] == [407]
    assert tenant.journal.count() == 0


def test_it_refuses_as_it_was_told_and_knows_no_other_host(open_proxy, tenant):
    proxy = open_proxy(refusal=ProxyRefusal(status=403))
    assert post(proxy, tenant) == 403
    with ForwardProxy({}) as proxy:
        assert post(proxy, tenant) == 502
    assert tenant.journal.count() == 0


def talk(proxy, octets):
    connection = socket.create_connection(("127.0.0.1", proxy.port), timeout=60)
    connection.sendall(octets)
    return connection


def test_a_tunnel_passes_octets_in_both_directions(open_proxy, tenant):
    proxy = open_proxy()
    with talk(proxy, b"CONNECT idp.test:443 HTTP/1.1\r\nHost: idp.test:443\r\n\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        path = tenant.token_url.split("/", 3)[3].encode()
        connection.sendall(b"GET /%b HTTP/1.1\r\nHost: idp.test\r\n\r\n" % path)
        assert connection.recv(20).startswith(b"HTTP/1.1 405")
    (seen,) = proxy.requests
    assert (seen.method, seen.target, seen.status) == ("CONNECT", "idp.test:443", 200)
    assert tenant.journal.count() == 1


@pytest.mark.parametrize("target", [b"/path", b"https://idp.test/t"])
def test_a_target_that_no_proxy_can_use_is_refused(open_proxy, target):
    proxy = open_proxy()
    with talk(proxy, b"GET %b HTTP/1.1\r\nHost: idp.test\r\n\r\n" % target) as connection:
        assert connection.recv(20).startswith(b"HTTP/1.1 400")
    assert [each.status for each in proxy.requests] == [400]


def test_after_close_no_connection_is_left(open_proxy):
    proxy = open_proxy()
    with talk(proxy, b"CONNECT idp.test:443 HTTP/1.1\r\nHost: idp.test:443\r\n\r\n") as connection:
        assert connection.recv(100).startswith(b"HTTP/1.1 200 ")
        proxy.close()
        assert connection.recv(1) == b""
    with pytest.raises(ConnectionError):
        talk(proxy, b"")


@pytest.mark.parametrize("value", ["", "Basic", "Basic !", "Bearer dTpw", "Basic dTpw", "basic OnA="])
def test_credentials_that_cannot_be_read_are_none(open_proxy, value):
    proxy = open_proxy(refusal=ProxyRefusal(status=403))
    with talk(proxy, b"CONNECT idp.test:443 HTTP/1.1\r\nProxy-Authorization: %b\r\n\r\n" % value.encode()) as connection:
        assert connection.recv(20).startswith(b"HTTP/1.1 403")
    assert proxy.requests[0].credentials() == {"Basic dTpw": ("u", "p"), "basic OnA=": ("", "p")}.get(value)
