import itertools
import socket
import threading

import pytest

from oauth_gauntlet_server.http.plan_runner import carry_out
from oauth_gauntlet_server.http.wire_plan import AwaitClient, Close, HalfClose, Repeat, Reset, Send, Stream, Wait


@pytest.fixture
def pair():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        client = socket.create_connection(listening.getsockname(), timeout=60)
        server, _ = listening.accept()
        with client, server:
            yield server, client


def run(server, *plan, stopping=None):
    return carry_out(plan, server, stopping=stopping or threading.Event())


@pytest.mark.parametrize(
    ("plan", "octets", "stays_open"),
    [
        ((Send(data=b"a"), Send(data=b"b")), b"ab", True),
        ((Send(data=b"a"), Close(), Send(data=b"b")), b"a", False),
        ((Send(data=b"a"), HalfClose()), b"a", True),
        ((Repeat(data=b"xy", most=7),), b"xyxyxyx", True),
        ((Close(),), b"", False),
        ((Send(data=b"a"), Stream(pieces=[b"b", b"", b"c"])), b"abc", True),
    ],
)
def test_octets_sent_and_whether_the_connection_stays_open(pair, plan, octets, stays_open):
    server, client = pair
    assert run(server, *plan) is stays_open
    server.close()
    assert b"".join(iter(lambda: client.recv(100), b"")) == octets


def test_a_client_that_has_read_the_answer_sees_that_the_connection_is_closed():
    with socket.create_server(("127.0.0.1", 0)) as listening:
        for _ in range(200):
            with socket.create_connection(listening.getsockname(), timeout=60) as client, listening.accept()[0] as server:
                sending = threading.Thread(target=run, args=[server, Send(data=b"answer"), Close()])
                sending.start()
                assert client.recv(100) == b"answer"
                client.setblocking(False)
                assert client.recv(100) == b""
                sending.join()


class Writes:
    def __init__(self):
        self.of = []

    def sendall(self, octets):
        self.of.append(octets)


def test_adjacent_sends_are_one_write():
    connection = Writes()
    run(connection, Send(data=b"head"), Send(data=b"body", body=True), Wait(seconds=0), Send(data=b"more"))
    assert connection.of == [b"headbody", b"more"]


def test_reset_resets_the_connection(pair):
    server, client = pair
    assert run(server, Reset()) is False
    server.close()
    with pytest.raises(ConnectionResetError):
        client.recv(1)


def test_the_wait_for_the_client_ends_when_it_closes(pair):
    server, client = pair
    client.sendall(b"more")
    client.shutdown(socket.SHUT_WR)
    # Without the end of the client this would last an hour.
    assert run(server, AwaitClient(seconds=3600))


@pytest.mark.parametrize("action", [Wait(seconds=3600), AwaitClient(seconds=3600), Repeat(data=b" ", most=2**60)])
def test_stopping_ends_every_wait(pair, action):
    server, client = pair
    stopping = threading.Event()
    threading.Timer(0.05, stopping.set).start()
    drained = threading.Thread(target=lambda: [None for _ in iter(lambda: client.recv(1 << 20), b"")])
    drained.start()
    # Without stopping this would last an hour at least.
    run(server, action, stopping=stopping)
    server.close()
    drained.join()


def test_a_stream_ends_when_the_client_is_gone(pair):
    server, client = pair
    client.close()
    assert run(server, Stream(pieces=itertools.repeat(b""))) is False


def test_a_stream_ends_when_the_listener_stops(pair):
    stopping = threading.Event()

    def pieces():
        yield b"a"
        stopping.set()
        yield from itertools.repeat(b"b")

    assert run(pair[0], Stream(pieces=pieces()), stopping=stopping) is False
    pair[0].close()
    assert pair[1].recv(100) == b"a"
