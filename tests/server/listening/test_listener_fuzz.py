"""For any octets: the server survives, each 5xx is in the journal, and the next request is answered."""

import http.client
import re
import socket
from contextlib import suppress
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from oauth_gauntlet_server import MockServer

pytestmark = pytest.mark.slow  # some hundred connections

FORM = b"grant_type=client_credentials&client_id=c&client_secret=s"


class Repeated(bytes):
    """Many octets with a short repr: hypothesis warns about an example whose description is tens of kilobytes long."""

    def __new__(cls, start, unit, count):
        repeated = super().__new__(cls, start + unit * count)
        repeated.description = f"{start!r} + {unit!r} * {count}"
        return repeated

    def __repr__(self):
        return self.description


@dataclass(frozen=True, kw_only=True)
class Request:
    """The parts of a request, of which any may be wrong."""

    method: bytes = b"POST"
    target: bytes = b"/t/token"
    fields: tuple[bytes, ...] = ()
    body: bytes = FORM

    @property
    def octets(self):
        lines = [self.method + b" " + self.target + b" HTTP/1.1", b"Host: x", *self.fields]
        return b"\r\n".join(lines) + b"\r\n\r\n" + self.body


@pytest.fixture(scope="module")
def running():
    with MockServer() as server:
        server.tenant("t", strict=False)
        yield server


def answers_to(server, octets):
    """Send octets, and return every octet of the answers until the server closes."""
    host, port = server.base_url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port)), timeout=60) as connection:
        received = b""
        # The server may close before it has read everything.
        with suppress(OSError):
            connection.sendall(octets)
            connection.shutdown(socket.SHUT_WR)
        try:
            while data := connection.recv(65536):
                received += data
        except ConnectionResetError:
            pass
    return received


def check(server, octets):
    tenant = server.tenants.find("t")
    tenant.journal.clear()
    received = answers_to(server, octets)
    statuses = [int(status) for status in re.findall(rb"(?:\A|\r\n\r\n|[^\r]\n|})HTTP/1\.1 (\d{3}) ", received)]
    # 501 and 505 name a part of HTTP that is not supported; any other 5xx must be in the journal.
    ours = [status for status in statuses if status >= 500 and status not in {501, 505}]
    recorded = [exchange.response.status for exchange in tenant.journal.exchanges() if exchange.response is not None]
    assert [status for status in ours if status not in recorded] == []
    assert 500 not in statuses
    connection = http.client.HTTPConnection(server.base_url.removeprefix("http://"), timeout=60)
    connection.request("POST", "/t/token", FORM, {"Content-Type": "application/x-www-form-urlencoded"})
    assert connection.getresponse().status == 200
    connection.close()


method = st.sampled_from([b"GET", b"POST", b"PUT", b"HEAD", b"OPTIONS", b"CONNECT", b"FOO", b"post", b"P\x00ST", b""])
target = st.sampled_from(
    [
        b"/t/token",
        b"/t/faults/closed/token",
        b"/t/faults//token",
        b"//t//token",
        b"/t/token?%zz",
        b"*",
        b"http://x/t/token",
        b"/%00",
        Repeated(b"/t/", b"a", 70_000),
        b"/t/resource/\xff",
        b"/_control/tenants",
        b"/t/moved/moved/token",
        b"/../../etc/passwd",
        b"/\r\nX: y",
    ]
)
field = st.sampled_from(
    [
        b"Content-Length: 57",
        b"Content-Length: 57, 57",
        b"Content-Length: -1",
        b"Content-Length: 99999999999999999999",
        b"Transfer-Encoding: chunked",
        b"Transfer-Encoding: chunked, gzip",
        b"Transfer-Encoding:\tchunked",
        b"Expect: 100-continue",
        b"Content-Type: application/x-www-form-urlencoded",
        b"Authorization: Basic !!!",
        Repeated(b"Authorization: Basic ", b"A", 5000),
        b"Connection: close",
        b"Connection: upgrade\r\nUpgrade: h2c",
        Repeated(b"X: ", b"x", 70_000),
        b"X\x00: y",
        b" folded",
        b"Host: other",
        b"\xff\xfe: \xff",
        Repeated(b"Cookie: ", b";", 1000),
        b"Content-Encoding: gzip",
    ]
)
body = st.one_of(
    st.just(FORM),
    st.binary(max_size=300),
    st.sampled_from(
        [b"5\r\nhello\r\n0\r\n\r\n", b"zz\r\n", b"0\r\n\r\nGET /t/jwks HTTP/1.1\r\nHost: x\r\n\r\n", b"a=%ff&a=%ff"]
    ),
)


requests = st.builds(Request, method=method, target=target, fields=st.lists(field, max_size=4).map(tuple), body=body)


@settings(max_examples=150)
@given(st.lists(requests, min_size=1, max_size=3))
def test_sequences_of_almost_valid_requests(running, requests):
    check(running, b"".join(request.octets for request in requests))


@settings(max_examples=60)
@given(st.binary(max_size=2000))
def test_any_octets(running, octets):
    check(running, octets)


@settings(max_examples=60)
@given(st.data())
def test_a_valid_request_with_a_part_removed_or_doubled(running, data):
    good = Request(fields=(b"Content-Type: application/x-www-form-urlencoded", b"Content-Length: 57")).octets
    start = data.draw(st.integers(0, len(good)))
    end = data.draw(st.integers(start, min(len(good), start + 40)))
    check(running, good[:start] + good[start:end] * data.draw(st.integers(0, 2)) + good[end:])
