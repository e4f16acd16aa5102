"""The layer of faults on our listener, and behind other WSGI servers."""

import base64
import http.client
import json
import logging
import threading
import time
import wsgiref.simple_server
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest
from werkzeug.serving import make_server

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.application.fault_middleware import FaultMiddleware, place_of
from oauth_gauntlet_server.faults import Fault
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.request_reader import MOST_BODY

GRANTED = b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ("/t/token", ("t", "token")),
        ("/t/introspect", ("t", "introspect")),
        ("/t/revoke", ("t", "revoke")),
        ("/t/resource", ("t", "resource")),
        ("/t/resource/a/b", ("t", "resource")),
        ("/t/jwks", ("t", "jwks")),
        ("/t/.well-known/oauth-authorization-server", ("t", "metadata")),
        ("/.well-known/oauth-authorization-server/t", ("t", "metadata")),
        ("/.well-known/oauth-authorization-server/t/", ("t", "metadata")),
        ("/t/faults/slow/token", ("t", "token")),
        ("/t/faults/slow/jwks", ("t", "jwks")),
        ("/t/faults/slow", ("t", "other")),
        ("/t/elsewhere", ("t", "other")),
        ("/t/", ("t", "other")),
        ("/t", ("", "other")),
        ("/", ("", "other")),
        ("", ("", "other")),
        ("*", ("", "other")),
        ("//token", ("", "other")),
        ("/.well-known/x", ("", "other")),
        ("/_control/tenants", ("", "other")),
    ],
)
def test_tenant_and_endpoint_of_a_path(path, place):
    assert place_of(path) == place


def test_the_genuine_answer_passes_and_is_recorded(tenant, post, token_app):
    octets = post(b"a=1")
    assert octets.startswith(GRANTED)
    assert octets.endswith(token_app.document)
    (exchange,) = tenant.journal.exchanges()
    assert (exchange.endpoint, exchange.faults) == ("token", ())
    assert exchange.request.raw.endswith(b"\r\n\r\na=1")
    assert exchange.response.raw == octets
    assert exchange.response.body == token_app.document
    assert exchange.received_at == 1_700_000_000.0


def test_the_endpoint_is_recorded(tenant, post):
    for endpoint in ("token", "introspect", "revoke", "resource", "jwks"):
        post(path=f"/t/{endpoint}")
        assert tenant.journal.exchanges()[-1].endpoint == endpoint


def test_the_date_is_the_tenants(tenant, post):
    tenant.clock.advance(86_400)
    assert b"\r\nDate: Wed, 15 Nov 2023 22:13:20 GMT\r\n" in post()


def test_other_paths_pass_unseen(tenant, post, token_app):
    tenant.arm(faults.oauth_error("invalid_grant"), endpoint=None)
    assert post(path="/elsewhere").startswith(GRANTED)
    assert post(path="/u/token").startswith(GRANTED)
    assert token_app.seen[1] == ("POST", "/u/token", b"grant_type=client_credentials")
    assert tenant.journal.count() == 0


def test_whoever_has_read_the_answer_finds_it_in_the_journal(tenant, connect, faulty_port):
    client = connect(faulty_port)
    for count in range(1, 200):
        client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        client.answer()
        assert tenant.journal.count() == count


def test_only_its_endpoint(tenant, post):
    armed = tenant.arm(faults.oauth_error("invalid_grant"), endpoint="introspect")
    assert post().startswith(GRANTED)
    assert post(path="/t/introspect").startswith(b"HTTP/1.1 400 ")
    assert (armed.matched, armed.fired) == (1, 1)


def authorization(user):
    return b"Authorization: Basic " + base64.b64encode(user + b":secret") + b"\r\n"


@pytest.mark.parametrize(
    ("trigger", "form", "headers", "fires"),
    [
        ({"grant": "password"}, b"grant_type=password", b"", True),
        ({"grant": "password"}, b"grant_type=refresh_token", b"", False),
        ({"grant": "password"}, b"grant_type=%", b"", False),
        ({"client_id": "c d"}, b"client_id=c+d", b"", True),
        ({"client_id": "c d"}, b"", authorization(b"c+d"), True),
        ({"client_id": "c:d"}, b"", authorization(b"c%3Ad"), True),
        ({"client_id": "ü"}, b"", authorization("ü".encode()), True),
        ({"client_id": "%"}, b"", authorization(b"%"), True),
        ({"client_id": "c"}, b"client_id=c", b"Authorization: Basic !\r\n", True),
        ({"client_id": "c"}, b"client_id=c", authorization(b"other"), False),
        ({"client_id": "c"}, b"", b"", False),
    ],
)
@pytest.mark.parametrize("path", ["/t/token", "/t/introspect", "/t/revoke"])
def test_grant_and_client_are_read_even_from_requests_that_are_wrong(tenant, post, trigger, form, headers, fires, path):
    tenant.arm(faults.oauth_error("x"), endpoint=None, **trigger)
    assert post(form, path=path, headers=headers).startswith(b"HTTP/1.1 400 ") is fires


def test_the_first_that_answers_does_and_the_others_have_not_fired(tenant, post, token_app):
    first = tenant.arm(faults.oauth_error("first"))
    second = tenant.arm(faults.http_status(500))
    assert b'"first"' in post()
    assert (first.fired, second.matched, second.fired) == (1, 1, 0)
    assert tenant.journal.exchanges()[0].faults == ("oauth_error",)
    assert token_app.seen == []


def test_all_that_transform_do_so_in_the_order_of_arming(tenant, post):
    tenant.arm(faults.token_member("expires_in", 1))
    tenant.arm(faults.delay(0))
    tenant.arm(faults.token_member("expires_in", 2))
    tenant.arm(faults.content_type("text/plain"))
    octets = post()
    assert b'"expires_in": 2' in octets
    assert b"Content-Type: text/plain" in octets
    assert tenant.journal.exchanges()[0].faults == ("token_member", "delay", "token_member", "content_type")


def test_what_answers_and_what_transforms_go_together(tenant, post):
    tenant.arm(faults.token_member("b", 2))
    tenant.arm(faults.token_response({"a": 1}))
    assert post().endswith(b'{"a": 1, "b": 2}')
    assert tenant.journal.exchanges()[0].faults == ("token_member", "token_response")


def test_delay_and_close_go_together(tenant, post):
    tenant.arm(faults.delay(0.01))
    tenant.arm(faults.close_without_answer())
    assert post() == b""
    (exchange,) = tenant.journal.wait_for(1, timeout_s=10)
    assert (exchange.response, exchange.faults) == (None, ("delay", "close_without_answer"))


def test_a_preset_that_is_not_there(tenant, post, token_app):
    octets = post(path="/t/faults/slo%22w/token")
    assert octets.startswith(b"HTTP/1.1 404 ")
    description = json.loads(octets.partition(b"\r\n\r\n")[2])["error_description"]
    assert description.startswith("there is no preset slo%22w; there are answer-lost bad-gateway-html ")
    assert token_app.seen == []


def test_a_preset_takes_its_part_out_of_the_path(post, token_app):
    post(path="/t/faults/text-html/token?x=1")
    assert token_app.seen[0][:2] == ("POST", "/t/token")


def test_faults_deeper_in_a_path_are_no_preset(post, token_app):
    assert post(path="/t/resource/faults/slow").startswith(GRANTED)
    assert token_app.seen[0][1] == "/t/resource/faults/slow"


@dataclass(frozen=True, kw_only=True)
class Broken(Fault):
    """A fault with a mistake of its own."""

    name: ClassVar[str] = "broken"

    def transform(self, answer: Answer, context: Any) -> Answer:
        raise RuntimeError("on purpose")


def test_a_mistake_of_ours_is_a_500_and_an_exchange(tenant, post, caplog):
    tenant.arm(Broken())
    with caplog.at_level(logging.CRITICAL, "oauth_gauntlet_server.application.fault_middleware"):
        octets = post()
    assert octets.startswith(b"HTTP/1.1 500 ")
    assert octets.endswith(b'{"error": "server_error"}')
    assert tenant.journal.exchanges()[0].response.status == 500


@pytest.fixture(params=["werkzeug", "wsgiref"])
def foreign(request, tenant, token_app):
    """A connection to the same application behind a server that is not ours."""
    app = FaultMiddleware(token_app, lambda name: tenant if name == "t" else None)
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
    connection = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=10)
    yield connection
    connection.close()
    server.shutdown()
    thread.join()
    server.server_close()


def ask(connection, method="POST", path="/t/token", body="grant_type=password"):
    connection.request(method, path, body, {"Content-Type": "application/x-www-form-urlencoded", "X-A": "b"})
    response = connection.getresponse()
    return response, response.read()


def test_elsewhere_the_genuine_answer_passes_and_is_recorded(tenant, foreign, token_app):
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
def test_elsewhere_what_needs_no_socket_works(tenant, foreign, fault, status, part):
    tenant.arm(fault)
    response, body = ask(foreign)
    assert response.status == status
    assert part in body
    assert response.getheader("content-length") == str(len(body))
    assert tenant.journal.exchanges()[0].faults == (fault.name,)


def test_elsewhere_what_needs_the_socket_says_so(tenant, foreign):
    tenant.arm(faults.close_without_answer())
    response, body = ask(foreign)
    assert response.status == 501
    assert json.loads(body) == {
        "error": "fault_needs_socket",
        "error_description": "this fault works on the connection itself; run the server with oauth-gauntlet serve",
    }
    assert tenant.journal.exchanges()[0].response.status == 501


def test_elsewhere_a_body_is_bounded(tenant, foreign, token_app):
    response, body = ask(foreign, body="x" * (MOST_BODY + 1))
    assert response.status == 413
    assert json.loads(body)["error"] == "content_too_large"
    assert token_app.seen == []


def test_elsewhere_a_delay_delays(tenant, foreign):
    tenant.arm(faults.delay(0.15))
    began = time.monotonic()
    ask(foreign)
    assert time.monotonic() - began >= 0.15


def test_elsewhere_head_has_no_content(tenant, foreign):
    """RFC 9110 §9.3.2; read as octets, since an HTTP client would not look for what must not be there."""
    tenant.arm(faults.http_status(503, "later"), endpoint=None)
    foreign.connect()
    foreign.sock.sendall(b"HEAD /t/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
    octets = b"".join(iter(lambda: foreign.sock.recv(65536), b""))
    assert b" 503 " in octets.partition(b"\r\n")[0]
    assert b"\r\ncontent-length: 5\r\n" in octets.lower()
    assert octets.endswith(b"\r\n\r\n")
