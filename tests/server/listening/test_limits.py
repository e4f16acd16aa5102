"""Clients that drip octets must not keep their places."""

import socket
import threading
import time

import pytest

from oauth_gauntlet_server import MockServer
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.handled import Handled
from oauth_gauntlet_server.listening.limits import Limits

GET = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\n"


def echo(request, connection):
    return Handled(answer=Answer(status=200, headers=(), body=request.body or b"done"))


def drip(client, octets, pause_s):
    """Send octet by octet in a thread, until the server closes the connection."""

    def work():
        try:
            for number in range(len(octets)):
                client.socket.sendall(octets[number : number + 1])
                time.sleep(pause_s)
        except OSError:
            pass

    thread = threading.Thread(target=work)
    thread.start()
    return thread


def test_a_head_that_drips_gets_408_however_steadily(listening, connect):
    client = connect(listening(echo, Limits(head_s=0.3, head_idle_s=60)).port)
    dripping = drip(client, GET + b"x" * 1000, 0.02)
    status, _, body = client.answer()
    assert status == "HTTP/1.1 408 Request Timeout"
    assert body == b"Request Timeout: a head must arrive within 0.3 s, with pauses of at most 60 s\n"
    client.socket.close()
    dripping.join()


def test_a_head_that_pauses_gets_408(listening, connect):
    client = connect(listening(echo, Limits(head_s=60, head_idle_s=0.1)).port)
    client.send(GET[:10])
    assert client.answer()[0] == "HTTP/1.1 408 Request Timeout"
    assert client.rest() == b""


def test_tls_has_the_same_limits():
    import ssl

    with MockServer(tls=True, limits=Limits(head_s=60, head_idle_s=0.1)) as server:
        context = ssl.create_default_context(cafile=str(server.ca_file))
        port = int(server.base_url.rpartition(":")[2])
        with (
            socket.create_connection(("127.0.0.1", port), timeout=60) as plain,
            context.wrap_socket(plain, server_hostname="127.0.0.1") as secured,
        ):
            secured.sendall(GET[:10])
            assert secured.recv(100).startswith(b"HTTP/1.1 408 ")


def test_waiting_for_a_request_is_limited_by_idle_s_only(listening, connect):
    client = connect(listening(echo, Limits(head_s=0.1, head_idle_s=0.1)).port)
    for _ in range(3):
        time.sleep(0.3)
        client.send(GET)
        assert client.answer()[2] == b"done"


def test_after_a_slow_head_the_connection_has_its_old_limit(listening, connect):
    client = connect(listening(echo, Limits(head_s=60, head_idle_s=1.5)).port)
    for _ in range(2):
        client.send(GET[:10])
        time.sleep(0.1)
        client.send(GET[10:])
        assert client.answer()[2] == b"done"
        time.sleep(2)
    # Nor does a body that pauses longer than a head may.
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
    time.sleep(2)
    client.send(b"b")
    assert client.answer()[2] == b"ab"


@pytest.mark.parametrize("framing", [b"Content-Length: 100000", b"Transfer-Encoding: chunked"])
def test_a_body_that_drips_for_too_long_gets_408(listening, connect, framing):
    client = connect(listening(echo, Limits(body_s=0.3)).port)
    client.send(b"POST / HTTP/1.1\r\nHost: x\r\n" + framing + b"\r\n\r\n")
    dripping = drip(client, b"1\r\na\r\n" * 1000, 0.02)
    status, _, body = client.answer()
    assert (status, body) == ("HTTP/1.1 408 Request Timeout", b"Request Timeout: a body must arrive within 0.3 s\n")
    client.socket.close()
    dripping.join()


def test_each_body_has_its_own_time(listening, connect):
    client = connect(listening(echo, Limits(body_s=0.5)).port)
    for _ in range(3):
        client.send(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\n\r\na")
        time.sleep(0.3)
        client.send(b"b")
        assert client.answer()[2] == b"ab"


def test_slow_heads_at_all_places_lock_nobody_out(listening, connect):
    port = listening(echo, Limits(connections=8, head_s=0.5, head_idle_s=60)).port
    slow = [connect(port) for _ in range(8)]
    dripping = [drip(each, GET[:-1] + b"x" * 10_000, 0.05) for each in slow]
    client = connect(port)
    client.send(GET)
    assert client.answer()[2] == b"done"
    for each in slow:
        each.socket.close()
    for each in dripping:
        each.join()
