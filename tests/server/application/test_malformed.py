"""Octets that are no request are recorded as they came, at every address of a server."""

import pytest

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.application.malformed import malformed_request


@pytest.fixture(scope="module")
def server():
    with MockServer() as running:
        yield running


BROKEN = [
    (b"nonsense\r\n\r\n", 400, "nonsense", ""),
    (b"POST /default/token HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400, "POST", "/default/token"),
    (b"POST /t HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413, "POST", "/t"),
    (b"\x16\x03\x01\x02\x00\x01\n", 400, "\x16\x03\x01\x02\x00\x01", ""),
]


@pytest.mark.parametrize(("octets", "status", "method", "target"), BROKEN)
def test_it_is_in_the_journal_before_the_answer_is_sent(server, connect, octets, status, method, target):
    with server.open_port() as port:
        for number in (port.number, int(server.base_url.rpartition(":")[2]), int(server.other_origin().rpartition(":")[2])):
            before = server.journal.last
            client = connect(number)
            client.send(octets)
            assert client.socket.recv(1) == b"H"
            (exchange,) = server.journal.exchanges("malformed", since=before)
            assert exchange.request.raw == octets
            assert (exchange.request.method, exchange.request.target) == (method, target)
            assert exchange.response.status == status
            assert exchange.received_at > 1_700_000_000


def test_a_request_that_ends_too_early_is_recorded(server, connect):
    client = connect(int(server.base_url.rpartition(":")[2]))
    before = server.journal.last
    client.send(b"GET /half HTTP/1.1\r\nHos")
    client.socket.shutdown(1)
    assert client.rest().startswith(b"HTTP/1.1 400 ")
    (exchange,) = server.journal.exchanges("malformed", since=before)
    assert (exchange.request.method, exchange.request.path) == ("GET", "/half")


def test_long_words_are_cut():
    request = malformed_request(b"M" * 9000 + b" /" + b"t" * 9000)
    assert (len(request.method), len(request.target), len(request.raw)) == (2000, 2000, 18002)
