import socket
import ssl
import threading
import time
from contextlib import suppress

import httpcore2
import pytest

from oauth_gauntlet.reference.time_limit import TimeLimit

PATIENCE_S = 60.0


@pytest.fixture
def served():
    """A function that serves one connection with `answers`, and returns its URL."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve(answers):
            def accept():
                connection, _ = listening.accept()
                with connection, suppress(OSError):  # the client may be gone
                    answers(connection)

            threading.Thread(target=accept, daemon=True).start()
            return f"http://127.0.0.1:{listening.getsockname()[1]}/"

        yield serve


def asked(limit, url, limit_s):
    with limit.exchange(limit_s), httpcore2.ConnectionPool(network_backend=limit) as pool:
        return pool.request("GET", url)


def test_a_response_in_time_is_returned(served):
    url = served(lambda connection: connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"))
    assert asked(TimeLimit(), url, PATIENCE_S).content == b"ok"


@pytest.mark.parametrize("head", [b"", b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n"])
def test_the_sum_of_short_reads_is_limited(served, head):
    """In the head and in the body: octets arrive more often than the limit, and take longer than it in total."""

    def drip(connection):
        connection.sendall(head)
        for octet in b"HTTP/1.1 200 OK and much more text":
            connection.sendall(bytes([octet]))
            time.sleep(0.1)

    url = served(drip)
    began = time.monotonic()
    # Without the limit the end of the connection would be a protocol error, after 3.4 s.
    with pytest.raises(httpcore2.TimeoutException):
        asked(TimeLimit(), url, 0.5)
    assert time.monotonic() - began > 0.4


def test_a_tls_handshake_without_an_answer_is_limited(served):
    def read_until_the_client_closes(connection):
        while connection.recv(4096):
            pass

    url = served(read_until_the_client_closes)
    with pytest.raises(httpcore2.TimeoutException):
        asked(TimeLimit(), url.replace("http:", "https:"), 0.3)


def test_each_thread_has_the_limit_of_its_own_exchange():
    limit, left = TimeLimit(), {}
    inside = threading.Barrier(2)

    def exchange(limit_s):
        with limit.exchange(limit_s):
            inside.wait(PATIENCE_S)
            left[limit_s] = limit.left_s()

    threads = [threading.Thread(target=exchange, args=[limit_s]) for limit_s in (100.0, 1000.0)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert 0 < left[100.0] <= 100 < left[1000.0] <= 1000


def test_after_the_limit_no_connection_is_opened():
    limit = TimeLimit()
    with limit.exchange(0.0), pytest.raises(httpcore2.TimeoutException, match="over"):
        limit.connect_tcp("127.0.0.1", 9)


def test_a_connection_is_closed_if_the_limit_is_over_before_the_tls_handshake(served):
    url = served(lambda connection: connection.recv(4096))
    limit = TimeLimit()
    with limit.exchange(PATIENCE_S):
        stream = limit.connect_tcp("127.0.0.1", int(url.rpartition(":")[2].rstrip("/")))
    with limit.exchange(0.0), pytest.raises(httpcore2.TimeoutException, match="over"):
        stream.start_tls(ssl.create_default_context())
    assert stream.get_extra_info("socket").fileno() == -1
