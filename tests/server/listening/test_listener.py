"""The listener over sockets, octet by octet."""

import itertools
import logging
import socket
import ssl
import struct
import threading
import time

import pytest

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import Handled
from oauth_gauntlet_server.http.request_head import MOST_BODY
from oauth_gauntlet_server.http.sockets import wake
from oauth_gauntlet_server.http.wire_plan import ByteStream, Send, Wait, WireStep, sent_by
from oauth_gauntlet_server.http.wire_steps import CloseInstead, WaitFirst
from oauth_gauntlet_server.listening.certificates import ca_pem
from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup
from oauth_gauntlet_server.listening.limits import Limits
from oauth_gauntlet_server.listening.listener import Listener, ListenerError
from oauth_gauntlet_server.listening.tls_context import server_context

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"
LAST = b"GET /z HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"

PATIENT = Limits(stop_s=60)
"""For tests that no thread is left: on a busy machine a thread may need longer to end than `stop` waits by default."""


def plain(body):
    return Handled(answer=Answer(status=200, headers=(("Content-Type", "text/plain"),), body=body))


class Echo:
    """Answers with the body of the request, or with its path; keeps the requests."""

    def __init__(self):
        self.requests = []

    def __call__(self, request, connection):
        self.requests.append(request)
        return plain(request.body or request.path.encode())


@pytest.fixture
def echo():
    return Echo()


@pytest.fixture
def client(listening, connect, echo):
    return connect(listening(echo).port)


def test_a_connection_is_kept_alive(client):
    for _ in range(3):
        client.send(GET)
        status, headers, body = client.answer()
        assert (status, headers["connection"], body) == ("HTTP/1.1 200 OK", "keep-alive", b"/a")


def test_a_connection_is_closed_on_connection_close(client):
    client.send(LAST)
    octets = client.rest()
    assert octets.startswith(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nDate: ")
    assert octets.endswith(b" GMT\r\nContent-Length: 2\r\nConnection: close\r\n\r\n/z")


def test_pipelined_requests_are_answered_in_order_and_recorded_separately(client, echo):
    """RFC 9112 §9.3.2."""
    post = b"POST /p HTTP/1.1\r\nhOsT: x\r\nX-Dup: 1\r\nx-dup: 2\r\nContent-Length: 3\r\n\r\na=1"
    chunked = b"POST /c HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nb=2\r\n0\r\n\r\n"
    client.send(GET + post + chunked + LAST)
    assert [client.answer()[2] for _ in range(4)] == [b"/a", b"a=1", b"b=2", b"/z"]
    assert [request.raw for request in echo.requests] == [GET, post, chunked, LAST]
    assert echo.requests[1].headers == (("hOsT", "x"), ("X-Dup", "1"), ("x-dup", "2"), ("Content-Length", "3"))


def test_expect_100_continue_gets_an_interim_response(client):
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n")
    assert client.until(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    client.send(b"a=1")
    assert client.answer()[2] == b"a=1"


def test_the_response_to_head_has_no_content(client):
    """RFC 9110 §9.3.2."""
    client.send(b"HEAD /abc HTTP/1.1\r\nHost: x\r\n\r\n")
    status, headers, _ = client.answer(content=False)
    assert (status, headers["content-length"]) == ("HTTP/1.1 200 OK", "4")
    client.send(LAST)
    assert client.answer()[2] == b"/z"


def test_http_1_0_closes_the_connection(client):
    client.send(b"GET /a HTTP/1.0\r\n\r\n")
    assert client.rest().endswith(b"Connection: close\r\n\r\n/a")


def test_http_1_0_with_keep_alive_persists(client):
    client.send(b"GET /a HTTP/1.0\r\nConnection: keep-alive\r\n\r\n")
    assert client.answer()[1]["connection"] == "keep-alive"
    client.send(b"GET /a HTTP/1.0\r\n\r\n")
    assert client.answer()[1]["connection"] == "close"


def test_a_malformed_request_is_answered_and_the_connection_closed(client, echo):
    client.send(b"what is this\r\n\r\n" + GET)
    octets = client.rest()
    assert octets.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert b"Connection: close\r\n" in octets
    assert octets.count(b"HTTP/1.1") == 1
    assert echo.requests == []


def test_a_request_before_a_malformed_one_is_answered(client):
    client.send(GET + b"\x00\x00\r\n\r\n")
    assert client.answer()[2] == b"/a"
    assert client.answer()[0] == "HTTP/1.1 400 Bad Request"


def test_an_oversized_body_is_rejected_without_reading_it(client):
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1))
    client.send(b"x" * 300_000)
    assert client.rest().startswith(b"HTTP/1.1 413 ")


def test_an_oversized_head_is_rejected(client):
    client.send(b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"x" * 70_000)
    assert client.rest().startswith(b"HTTP/1.1 431 ")


def test_an_application_that_raises_is_a_500_and_the_connection_persists(listening, connect, caplog):
    def handle(request, connection):
        if request.path == "/fail":
            raise RuntimeError("on purpose")
        return Handled(answer=Answer(status=204))

    client = connect(listening(handle).port)
    with caplog.at_level(logging.CRITICAL, "oauth_gauntlet_server.listening.request_loop"):
        client.send(b"GET /fail HTTP/1.1\r\nHost: x\r\n\r\n")
        status, _, body = client.answer()
    assert (status, body) == ("HTTP/1.1 500 Internal Server Error", b'{"error": "server_error"}')
    client.send(GET)
    assert client.answer()[0] == "HTTP/1.1 204 No Content"


def test_silent_connections_do_not_delay_others(listening, connect, echo):
    port = listening(echo).port
    for _ in range(50):
        connect(port)
    half = connect(port)
    half.send(b"GET / HTTP/1.1\r\nHo")
    client = connect(port)
    client.send(LAST)
    assert client.rest().endswith(b"/z")


def test_a_connection_that_stays_silent_is_closed(listening, connect, echo):
    client = connect(listening(echo, Limits(idle_s=0.05)).port)
    client.send(GET)
    client.answer()
    assert client.rest() == b""


def test_a_connection_beyond_the_limit_waits_for_a_place(listening, connect, echo):
    port = listening(echo, Limits(connections=1)).port
    first, second = connect(port), connect(port)
    first.send(GET)
    first.answer()
    second.send(LAST)
    second.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        second.rest()
    first.socket.close()
    second.socket.settimeout(60)
    assert second.rest().endswith(b"/z")


def test_many_connections_at_once(listening, connect, echo):
    port = listening(echo).port
    clients = [connect(port) for _ in range(40)]
    for number, client in enumerate(clients):
        client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n%04d" % number)
    assert [client.answer()[2] for client in clients] == [b"%04d" % number for number in range(40)]


def threads_of(listener):
    return {thread for thread in threading.enumerate() if thread.name == f"listener-{listener.port}"}


def test_stop_closes_connections_and_ends_threads(connect, echo):
    before = set(threading.enumerate())
    listener = Listener(echo, host="127.0.0.1", port=0, limits=PATIENT)
    listener.start()
    idle, half = connect(listener.port), connect(listener.port)
    idle.send(GET)
    idle.answer()
    half.send(b"GET ")
    listener.stop()
    assert set(threading.enumerate()) - before == set()
    assert idle.rest() == b""
    with pytest.raises(ConnectionRefusedError):
        connect(listener.port)
    listener.stop()  # a second call is not an error


def test_stop_does_not_wait_for_a_place(connect, monkeypatch):
    taken, released = threading.Event(), threading.Event()

    def handle(request, connection):
        taken.set()
        released.wait(60)
        return plain(b"")

    listener = Listener(handle, host="127.0.0.1", port=0, limits=Limits(connections=1, stop_s=60))
    listener.start()
    connect(listener.port).send(GET)
    assert taken.wait(60)  # the request in progress has the only place
    acceptors = []

    def observed(connection):
        acceptors.append(threads_of(listener))
        released.set()
        wake(connection)

    monkeypatch.setattr("oauth_gauntlet_server.listening.listener.wake", observed)
    listener.stop()
    # The acceptor ended although the connection, which stop closes afterwards, still had the place.
    assert acceptors == [set()]


def test_stop_ends_a_wait_of_a_fault(connect):
    before = set(threading.enumerate())
    reached = threading.Event()

    def handle(request, connection):
        reached.set()
        return Handled(answer=Answer(status=200, wire=(WaitFirst(3600),)))

    listener = Listener(handle, host="127.0.0.1", port=0, limits=PATIENT)
    listener.start()
    client = connect(listener.port)
    client.send(GET)
    assert reached.wait(60)
    listener.stop()
    assert set(threading.enumerate()) - before == set()
    assert client.rest() == b""


class Held:
    """A handler whose answer waits until `go_on` is set."""

    def __init__(self):
        self.entered = threading.Event()
        self.go_on = threading.Event()

    def __call__(self, request, connection):
        self.entered.set()
        assert self.go_on.wait(60)
        return plain(request.path.encode())


def no_thread_of(listener):
    deadline = time.monotonic() + 60
    while threads_of(listener) or listener._connections:
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_end_lets_the_request_in_flight_be_answered_and_refuses_the_next(listening, connect):
    held = Held()
    listener = listening(held)
    idle, busy = connect(listener.port), connect(listener.port)
    busy.send(GET)
    assert held.entered.wait(60)
    listener.end()
    assert listener.in_flight == 1
    assert idle.rest() == b""
    with pytest.raises(ConnectionRefusedError):
        connect(listener.port)
    held.go_on.set()
    status, headers, body = busy.answer()
    assert (status, headers["connection"], body) == ("HTTP/1.1 200 OK", "close", b"/a")
    assert busy.rest() == b""
    no_thread_of(listener)
    assert listener.in_flight == 0


def test_end_lets_a_request_arrive_that_has_begun(listening, connect, echo):
    listener = listening(echo)
    client = connect(listener.port)
    client.send(GET[:10])
    deadline = time.monotonic() + 60
    while listener.in_flight == 0:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    listener.end()
    client.send(GET[10:])
    assert client.answer()[2] == b"/a"
    assert client.rest() == b""


def test_a_kept_connection_without_a_request_is_not_in_flight(listening, connect, echo):
    listener = listening(echo)
    client = connect(listener.port)
    client.send(GET)
    assert client.answer()[2] == b"/a"
    deadline = time.monotonic() + 60
    while listener.in_flight:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    listener.end()
    assert client.rest() == b""
    no_thread_of(listener)


def test_end_ends_a_stream(listening, connect):
    class Endless(ByteStream):
        def __iter__(self):
            while True:
                time.sleep(0.01)
                yield b"x"

        def close(self):
            pass

    def handle(request, connection):
        return Handled(answer=Answer(status=200, stream=Endless()))

    listener = listening(handle)
    client = connect(listener.port)
    client.send(GET)
    client.until(b"x")
    listener.end()
    client.rest()
    no_thread_of(listener)


def test_octets_that_are_no_request_are_told_before_the_answer(connect, echo):
    told = []
    listener = Listener(
        echo, host="127.0.0.1", port=0, record_malformed=lambda bad, response: told.append((bad.raw, response.status))
    )
    listener.start()
    client = connect(listener.port)
    client.send(b"what is this\r\n\r\n")
    assert client.socket.recv(1) == b"H"
    assert told == [(b"what is this\r\n\r\n", 400)]
    listener.stop()


def test_the_acceptor_survives_clients_that_reset_at_once(listening, connect, echo):
    port = listening(echo).port
    for _ in range(20):
        gone = socket.create_connection(("127.0.0.1", port))
        gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        gone.close()
    client = connect(port)
    client.send(LAST)
    assert client.rest().endswith(b"/z")


def test_a_taken_port_is_one_clear_error(listening, echo):
    port = listening(echo).port
    with pytest.raises(ListenerError) as caught:
        Listener(echo, host="127.0.0.1", port=port)
    assert str(caught.value) == (
        f"cannot listen on 127.0.0.1 port {port}: Address already in use; choose another port (0 lets the system choose one)"
    )


@pytest.mark.parametrize(
    ("host", "advice"),
    [
        ("192.0.2.1", "192.0.2.1 is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all its addresses"),
        ("host.invalid", "host.invalid is no address and no host name that this machine knows; use 127.0.0.1, or 0.0.0.0"),
        ("300.1.1.1", "300.1.1.1 is no address and no host name that this machine knows"),
        ("a" * 70 + ".example", "is no address and no host name that this machine knows"),
        (":x:", ":x: is no address and no host name that this machine knows"),
    ],
)
def test_an_address_that_is_not_of_this_machine_is_an_error_that_says_so(echo, host, advice):
    with pytest.raises(ListenerError) as caught:
        Listener(echo, host=host, port=0)
    assert str(caught.value).startswith(f"cannot listen on {host} port 0: ")
    assert advice in str(caught.value)
    assert "another port" not in str(caught.value)


class Recording:
    """Answers with wire steps, and keeps the responses that the listener records."""

    def __init__(self, *steps):
        self.steps = steps
        self.recorded = []
        self.done = threading.Event()

    def __call__(self, request, connection):
        headers = (("X", "1"), ("Date", "today"))
        return Handled(answer=Answer(status=200, headers=headers, body=b"body", wire=self.steps), record=self._record)

    def _record(self, response):
        self.recorded.append(response)
        self.done.set()


def test_the_recorded_octets_are_the_written_ones(listening, connect):
    app = Recording()
    client = connect(listening(app).port)
    client.send(LAST)
    octets = client.rest()
    (response,) = app.recorded
    assert response.raw == octets
    assert (response.status, response.body) == (200, b"body")
    assert response.headers == (("X", "1"), ("Date", "today"), ("Content-Length", "4"), ("Connection", "close"))


def test_close_instead_sends_nothing_and_closes_without_reset(listening, connect):
    app = Recording(CloseInstead())
    client = connect(listening(app).port)
    client.send(GET)
    assert client.rest() == b""  # a reset would raise
    assert app.recorded == [None]


def test_wait_first_delays_the_answer(listening, connect):
    client = connect(listening(Recording(WaitFirst(0.15))).port)
    began = time.monotonic()
    client.send(GET)
    client.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.socket.recv(1)
    client.socket.settimeout(60)
    assert client.answer()[2] == b"body"
    assert time.monotonic() - began >= 0.15


class Halves(WireStep):
    """Sends the answer in two writes with actions between them, as some wire faults do."""

    def __init__(self, wait):
        self.wait = wait

    def apply(self, plan):
        octets = sent_by(plan)
        return (Send(data=octets[:10]), *self.wait, Send(data=octets[10:]))


def test_an_exchange_is_recorded_before_the_first_octet_is_sent(listening, connect):
    app = Recording(Halves([Wait(seconds=0.2)]))
    client = connect(listening(app).port)
    client.send(LAST)
    assert client.socket.recv(10, socket.MSG_WAITALL) == b"HTTP/1.1 2"
    # Even if the client goes away now, the journal has the answer.
    (response,) = app.recorded
    assert response.raw == b"HTTP/1.1 2" + client.rest()


def test_an_exchange_is_recorded_before_a_fault_waits(listening, connect):
    app = Recording(WaitFirst(3600))
    client = connect(listening(app).port)
    client.send(GET)
    assert app.done.wait(60)


def test_an_answer_to_a_client_that_went_away_is_recorded_once(listening, connect):
    app = Recording(Halves([Wait(seconds=0.05), Send(data=b"x" * 10_000_000), Wait(seconds=0.05)]))
    client = connect(listening(app).port)
    client.send(GET)
    client.socket.recv(10, socket.MSG_WAITALL)
    client.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    client.socket.close()
    assert app.done.wait(60)
    assert len(app.recorded) == 1


# Over TLS: the same, and the connection ends with close_notify (RFC 8446 §6.1)


@pytest.fixture
def secured(listening, connect):
    """Return a function that starts a listener with TLS for a `Handle` and connects to it."""

    def to(app):
        client = connect(listening(app, setup=ConnectionSetup(context=server_context())).port)
        context = ssl.create_default_context(cadata=ca_pem().decode())
        client.socket = context.wrap_socket(client.socket, server_hostname="localhost", suppress_ragged_eofs=False)
        return client

    return to


def test_tls_keep_alive_and_pipelining(secured, echo):
    client = secured(echo)
    for _ in range(3):
        client.send(GET)
        assert client.answer()[2] == b"/a"
    client.send(GET + LAST)
    assert client.answer()[2] == b"/a"
    assert client.rest().endswith(b"\r\n\r\n/z")  # without SSLEOFError
    assert {request.raw for request in echo.requests} == {GET, LAST}


def test_tls_request_of_many_records(secured, echo):
    body = b"x" * 200_000
    client = secured(echo)
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    assert client.rest().endswith(body)


def test_tls_malformed_request(secured, echo):
    client = secured(echo)
    client.send(b"what is this\r\n\r\n")
    assert client.rest().startswith(b"HTTP/1.1 400 Bad Request\r\n")


def test_tls_close_instead(secured):
    client = secured(Recording(CloseInstead()))
    client.send(GET)
    assert client.rest() == b""


def test_stop_closes_a_tls_connection(connect, echo):
    before = set(threading.enumerate())
    listener = Listener(echo, host="127.0.0.1", port=0, limits=PATIENT, setup=ConnectionSetup(context=server_context()))
    listener.start()
    client = connect(listener.port)
    client.socket = ssl.create_default_context(cadata=ca_pem().decode()).wrap_socket(client.socket, server_hostname="localhost")
    client.send(GET)
    client.answer()
    listener.stop()
    assert set(threading.enumerate()) - before == set()
    assert client.rest() == b""


class Streams(ByteStream):
    """Answers with a stream of these pieces."""

    def __init__(self, pieces):
        self.pieces = pieces
        self.closed = threading.Event()

    def __call__(self, request, connection):
        headers = (("Content-Type", "text/plain"), ("Content-Length", "0"))
        return Handled(answer=Answer(status=200, headers=headers, stream=self))

    def __iter__(self):
        return iter(self.pieces)

    def close(self):
        self.closed.set()


@pytest.mark.parametrize("secured", [False, True], ids=["http", "https"])
def test_a_stream_replaces_the_body_and_is_closed(listening, secured):
    app = Streams([b"one", b"", b"two"])
    context = server_context() if secured else None
    port = listening(app, setup=ConnectionSetup(context=context)).port
    with socket.create_connection(("127.0.0.1", port), timeout=60) as plain:
        client = plain
        if secured:
            trusting = ssl.create_default_context(cadata=ca_pem().decode())
            client = trusting.wrap_socket(plain, server_hostname="127.0.0.1")
        client.sendall(GET)
        octets = b"".join(iter(lambda: client.recv(65536), b""))
        client.close()
    head, _, body = octets.partition(b"\r\n\r\n")
    assert body == b"onetwo"
    assert b"content-length" not in head.lower()
    assert b"Connection: close" in head
    assert app.closed.wait(60)


def test_a_stream_is_closed_when_its_client_goes(listening, connect):
    app = Streams(itertools.repeat(b""))
    client = connect(listening(app).port)
    client.send(GET)
    client.until(b"\r\n\r\n")
    client.socket.close()
    assert app.closed.wait(60)
