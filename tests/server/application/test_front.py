"""The application behind other WSGI servers."""

import http.client
import json
import logging
import threading
import time
import wsgiref.simple_server

import pytest
from werkzeug.serving import make_server

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.application.front import Front
from oauth_gauntlet_server.http.request_head import MOST_BODY
from oauth_gauntlet_server.http.wire_plan import ByteStream


@pytest.fixture(params=["werkzeug", "wsgiref"])
def foreign(request, tenant, token_app):
    """A connection to the same application behind another WSGI server."""
    app = Front(token_app, lambda name: tenant if name == "t" else None)
    if request.param == "werkzeug":
        server = make_server("127.0.0.1", 0, app, threaded=True)
    else:

        class Quiet(wsgiref.simple_server.WSGIRequestHandler):
            def log_message(self, *arguments):
                pass

        server = wsgiref.simple_server.make_server("127.0.0.1", 0, app, handler_class=Quiet)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=60)
    yield connection
    connection.close()
    server.shutdown()
    thread.join()
    server.server_close()


def ask(connection, method="POST", path="/t/token", body="grant_type=password"):
    connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded", "X-A": "b"})
    response = connection.getresponse()
    return response, response.read()


def test_an_answer_without_fault_is_sent_and_recorded(tenant, foreign, token_app):
    response, body = ask(foreign, path="/t/token?x=%20")
    assert (response.status, body) == (200, token_app.document)
    assert token_app.seen == [("POST", "/t/token", b"grant_type=password")]
    (exchange,) = tenant.journal.exchanges()
    assert (exchange.request.target, exchange.request.body) == ("/t/token?x=%20", b"grant_type=password")
    assert exchange.request.header("x-a") == "b"
    assert not exchange.request.exact
    assert exchange.response.body == token_app.document


@pytest.mark.parametrize(
    ("fault", "status", "part"),
    [
        (faults.oauth_error("x"), 400, b'"x"'),
        (faults.http_status(503, "later"), 503, b"later"),
        (faults.token_member("expires_in", "1"), 200, b'"expires_in": "1"'),
        (faults.body("other"), 200, b"other"),
        (faults.delay(0.05), 200, b"access_token"),
    ],
)
def test_a_fault_without_wire_steps_that_need_the_socket_works(tenant, foreign, fault, status, part):
    tenant.arm(fault)
    response, body = ask(foreign)
    assert response.status == status
    assert part in body
    assert response.getheader("content-length") == str(len(body))
    assert tenant.journal.exchanges()[0].faults == (fault.name,)


def test_a_fault_that_needs_the_socket_is_a_501(tenant, foreign):
    tenant.arm(faults.close_without_answer())
    response, body = ask(foreign)
    assert response.status == 501
    assert json.loads(body) == {
        "error": "fault_needs_socket",
        "error_description": "this fault works on the connection itself; run the server with oauth-gauntlet serve",
    }
    assert tenant.journal.exchanges()[0].response.status == 501


def test_the_body_of_a_request_is_bounded(tenant, foreign, token_app):
    response, body = ask(foreign, body="x" * (MOST_BODY + 1))
    assert response.status == 413
    assert json.loads(body)["error"] == "content_too_large"
    assert token_app.seen == []


def test_a_delay_delays(tenant, foreign):
    tenant.arm(faults.delay(0.15))
    began = time.monotonic()
    ask(foreign)
    assert time.monotonic() - began >= 0.15


def test_the_response_to_head_has_no_content(tenant, foreign):
    """RFC 9110 §9.3.2. Read as octets, because an HTTP client would ignore content after HEAD."""
    tenant.arm(faults.http_status(503, "later"), endpoint=None)
    foreign.connect()
    foreign.sock.sendall(b"HEAD /t/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    octets = b"".join(iter(lambda: foreign.sock.recv(65536), b""))
    assert b" 503 " in octets.partition(b"\r\n")[0]
    assert b"\r\ncontent-length: 5\r\n" in octets.lower()
    assert octets.endswith(b"\r\n\r\n")


class Ticks(ByteStream):
    """A stream with an empty piece, which a WSGI server could take for the end."""

    def __init__(self):
        self.closed = False

    def __iter__(self):
        return iter([b"one", b"", b"two"])

    def close(self):
        self.closed = True


def test_a_stream_is_passed_on_without_its_empty_pieces_and_closed():
    stream = Ticks()

    def app(environ, start_response):
        start_response("200 OK", [("Content-Type", "text/plain")])
        return stream

    started = []
    environ = {"REQUEST_METHOD": "GET", "PATH_INFO": "/_control/stream", "wsgi.input": None}
    result = Front(app, {}.get)(environ, lambda *arguments: started.append(arguments))
    assert list(result) == [b"one", b"two"]
    assert started == [("200 OK", [("Content-Type", "text/plain")])]
    assert not stream.closed
    result.close()
    assert stream.closed
