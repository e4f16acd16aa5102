"""The curl command and the Python script send the same request again: real curl, real httpx2, a real server."""

import shutil
import subprocess
import sys

import pytest

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.snippets.curl import as_curl
from oauth_gauntlet_server.snippets.python_code import as_python
from oauth_gauntlet_server.snippets.repeatable import repeatable

FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


def message(method=b"POST", target=b"/t/token", headers=FORM, body=b"grant_type=client_credentials&client_id=c"):
    length = b"Content-Length: %d\r\n" % len(body) if body else b""
    return b"%s %s HTTP/1.1\r\nHost: evil.example\r\n%s%s\r\n%s" % (method, target, headers, length, body)


REQUESTS = {
    "plain": message(),
    "basic": message(headers=FORM + b"Authorization: Basic YTpi\r\nUser-Agent: mine/1\r\nAccept: application/json\r\n"),
    "get": message(b"GET", b"/t/jwks", b"Accept: */*\r\n", b""),
    "delete": message(b"DELETE", b"/t/resource/a?b=c&d=%20", b"Authorization: Bearer x\r\n", b""),
    "empty post": b"POST /t/token HTTP/1.1\r\nHost: h\r\nContent-Length: 0\r\n\r\n",
    "put": message(b"PUT", b"/t/resource", b"Content-Type: text/plain\r\n", b"x"),
    "get with a body": message(b"GET", b"/t/resource", b"Content-Type: text/plain\r\n", b"x"),
    "head": message(b"HEAD", b"/t/jwks", b"", b""),
    "a fault by its URL": message(target=b"/t/faults/invalid-grant/token"),
    "duplicates, empty values": message(headers=FORM + b"X-A: 1\r\nx-a: 2\r\nX-Empty:\r\n"),
    "quotes": message(headers=FORM + b'X: it\'s "quoted" `id` $(id) ${HOME} \\ ! %s\r\n', body=b"a=it's&b=$(id)`id`\"\\"),
    "not ASCII": message(headers=FORM + b"X: caf\xe9 \xf0\x9f\r\n"),
    "at": message(body=b"@/etc/passwd"),
    "lines": message(body=b"a=1\r\nb=2\n\n'\\"),
    "octets": message(body=bytes(range(256))),
    "brackets": message(target=b"/t/token?a[]=[1-3]&b={x,y}"),
    "dots": message(b"GET", b"/t/resource/../resource/./x", b"", b""),
    "unescaped": message(b"GET", b"/t/resource/%7e%2F%zz?q=a%2", b"", b""),
    "no type": message(headers=b""),
    "gzip": message(headers=FORM + b"Accept-Encoding: gzip\r\n"),
    "absolute": message(target=b"http://evil.example/t/token"),
    "chunked": b"POST /t/token HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n%s\r\n3\r\na=1\r\n0\r\n\r\n" % FORM,
    "hostile header": message(headers=FORM + b"X: -H @x; --output y\r\nX-Y: '; touch pwned; '\r\n"),
}


def same(exchange, again):
    """Assert that two requests have the same method, path, query, body, and headers except those of the connection."""
    one, other = (repeatable(each.request, "http://h") for each in (exchange, again))
    assert (other.method, other.url, other.body) == (one.method, one.url, one.body)
    assert sorted(other.headers, key=str) == sorted(one.headers, key=str)


@pytest.mark.parametrize("name", REQUESTS)
def test_curl_sends_it_again(snippet_server, recorded, name, tmp_path):
    tenant, exchange = recorded(REQUESTS[name])
    command = as_curl(repeatable(exchange.request, snippet_server.base_url))
    bash = shutil.which("bash")
    done = subprocess.run([bash, "-c", command], capture_output=True, timeout=60, cwd=tmp_path, check=True)
    assert done.stdout.startswith(b"HTTP/1.1 ")
    same(*tenant.journal.exchanges())
    assert list(tmp_path.iterdir()) == []


# Each starts a Python interpreter that imports httpx2.
@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(set(REQUESTS) - {"dots"}))
def test_python_sends_it_again(snippet_server, recorded, name, tmp_path):
    """Except a path with dot segments, which httpx2 removes."""
    tenant, exchange = recorded(REQUESTS[name])
    script = as_python(repeatable(exchange.request, snippet_server.base_url))
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, timeout=60, cwd=tmp_path, check=False)
    assert done.returncode == 0, done.stderr.decode()
    same(*tenant.journal.exchanges())
    assert list(tmp_path.iterdir()) == []


def test_a_snippet_sends_to_the_mock_server_whatever_the_host_header(recorded, snippet_server):
    _, exchange = recorded(REQUESTS["basic"])
    for write in (as_curl, as_python):
        text = write(repeatable(exchange.request, snippet_server.base_url))
        assert f"{snippet_server.base_url}/t/token" in text
        assert "evil.example" not in text


def test_a_command_is_readable(recorded, snippet_server):
    _, exchange = recorded(REQUESTS["basic"])
    assert as_curl(repeatable(exchange.request, "http://127.0.0.1:8080")) == (
        "curl -i http://127.0.0.1:8080/t/token \\\n"
        "  -H 'Content-Type: application/x-www-form-urlencoded' \\\n"
        "  -H 'Authorization: Basic YTpi' \\\n"
        "  -H 'User-Agent: mine/1' \\\n"
        "  -H 'Accept: application/json' \\\n"
        "  --data-raw 'grant_type=client_credentials&client_id=c'"
    )


def test_names_and_values_that_our_listener_would_reject_are_left_out():
    """Another WSGI server may pass on any name and any value."""
    request = RecordedRequest(
        method="GET /\r\nX: y",
        target="//evil.example/x\u2028",
        http_version="1.1",
        headers=(("@file", "x"), ("X\r\nY", "z"), ("X", "a\r\nB: c"), ("Good", "1")),
        body=b"",
        raw=b"",
    )
    made = repeatable(request, "http://h")
    assert (made.method, made.headers) == ("POST", (("Good", "1"),))
    assert made.url.startswith("http://h/evil.example/x")
