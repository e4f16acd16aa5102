"""The core: what it answers and records, over our listener and as a value."""

import base64
import json
import logging
from dataclasses import dataclass
from typing import Any, ClassVar

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.application.core import Core
from oauth_gauntlet_server.faults import Fault
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest

GRANTED = b"HTTP/1.1 200 OK\r\n"


def test_an_answer_without_fault_is_sent_and_recorded(tenant, post, token_app):
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


def test_the_date_field_has_the_tenants_time(tenant, post):
    tenant.clock.advance(86_400)
    assert b"\r\nDate: Wed, 15 Nov 2023 22:13:20 GMT\r\n" in post()


def test_for_a_request_for_no_tenant_no_fault_fires_and_nothing_is_recorded(tenant, post, token_app):
    tenant.arm(faults.oauth_error("invalid_grant"), endpoint=None)
    assert post(path="/elsewhere").startswith(GRANTED)
    assert post(path="/u/token").startswith(GRANTED)
    assert token_app.seen[1] == ("POST", "/u/token", b"grant_type=client_credentials")
    assert tenant.journal.count() == 0


def test_a_client_that_has_the_answer_finds_it_in_the_journal(tenant, connect, faulty_port):
    client = connect(faulty_port)
    for count in range(1, 200):
        client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
        client.answer()
        assert tenant.journal.count() == count


def test_a_fault_fires_only_at_its_endpoint(tenant, post):
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
def test_grant_and_client_are_read_even_from_malformed_requests(tenant, post, trigger, form, headers, fires, path):
    tenant.arm(faults.oauth_error("x"), endpoint=None, **trigger)
    assert post(form, path=path, headers=headers).startswith(b"HTTP/1.1 400 ") is fires


def test_the_first_fault_that_answers_fires_and_later_ones_do_not(tenant, post, token_app):
    first = tenant.arm(faults.oauth_error("first"))
    second = tenant.arm(faults.http_status(500))
    assert b'"first"' in post()
    assert (first.fired, second.matched, second.fired) == (1, 1, 0)
    assert tenant.journal.exchanges()[0].faults == ("oauth_error",)
    assert token_app.seen == []


def test_transforming_faults_apply_in_the_order_of_arming(tenant, post):
    tenant.arm(faults.token_member("expires_in", 1))
    tenant.arm(faults.delay(0))
    tenant.arm(faults.token_member("expires_in", 2))
    tenant.arm(faults.content_type("text/plain"))
    octets = post()
    assert b'"expires_in": 2' in octets
    assert b"Content-Type: text/plain" in octets
    assert tenant.journal.exchanges()[0].faults == ("token_member", "delay", "token_member", "content_type")


def test_an_answering_and_a_transforming_fault_combine(tenant, post):
    tenant.arm(faults.token_member("b", 2))
    tenant.arm(faults.token_response({"a": 1}))
    assert post().endswith(b'{"a": 1, "b": 2}')
    assert tenant.journal.exchanges()[0].faults == ("token_member", "token_response")


def test_delay_and_close_combine(tenant, post):
    tenant.arm(faults.delay(0.01))
    tenant.arm(faults.close_without_answer())
    assert post() == b""
    (exchange,) = tenant.journal.wait_for(1, timeout_s=60)
    assert (exchange.response, exchange.faults) == (None, ("delay", "close_without_answer"))


def test_an_unknown_preset_is_a_404_that_lists_the_presets(tenant, post, token_app):
    octets = post(path="/t/faults/slo%22w/token")
    assert octets.startswith(b"HTTP/1.1 404 ")
    description = json.loads(octets.partition(b"\r\n\r\n")[2])["error_description"]
    assert description.startswith("there is no preset slo%22w; there are answer-lost bad-gateway-html ")
    assert token_app.seen == []


def test_the_application_sees_the_path_without_the_preset(post, token_app):
    post(path="/t/faults/text-html/token?x=1")
    assert token_app.seen[0][:2] == ("POST", "/t/token")


def test_faults_deeper_in_a_path_is_not_a_preset(post, token_app):
    assert post(path="/t/resource/faults/slow").startswith(GRANTED)
    assert token_app.seen[0][1] == "/t/resource/faults/slow"


@dataclass(frozen=True, kw_only=True)
class Broken(Fault):
    """A fault that raises."""

    name: ClassVar[str] = "broken"

    def transform(self, answer: Answer, context: Any) -> Answer:
        raise RuntimeError("on purpose")


def test_a_fault_that_raises_is_a_recorded_500(tenant, post, caplog):
    tenant.arm(Broken())
    with caplog.at_level(logging.CRITICAL, "oauth_gauntlet_server.application.core"):
        octets = post()
    assert octets.startswith(b"HTTP/1.1 500 ")
    assert octets.endswith(b'{"error": "server_error"}')
    assert tenant.journal.exchanges()[0].response.status == 500


def request_for(target, body=b""):
    return RecordedRequest(method="POST", target=target, http_version="1.1", headers=(), body=body, raw=b"")


@pytest.fixture
def core(tenant):
    return Core(
        find_tenant=lambda name: tenant if name == "t" else None,
        handlers={"token": lambda _, __, urls: Answer(status=200, body=b"by the handler of " + urls.issuer.encode())},
    )


def otherwise(path):
    return Answer(status=404, body=path.encode())


def handle(core, path):
    return core.handle(request_for(path), path=path, otherwise=otherwise)


def test_a_handled_request_is_a_value_and_nothing_is_recorded_before_it_is_sent(core, tenant):
    handled = handle(core, "/t/token")
    assert handled.answer.body == b"by the handler of http://127.0.0.1/t"
    assert handled.now == 1_700_000_000.0
    assert tenant.journal.count() == 0
    handled.record(None)
    (exchange,) = tenant.journal.exchanges("token")
    assert (exchange.response, exchange.request.target) == (None, "/t/token")


@pytest.mark.parametrize("path", ["/t/faults/slow/token", "/t/moved/token"])
def test_a_handler_answers_below_the_markers_and_the_request_keeps_them(core, tenant, path):
    handled = handle(core, path)
    assert handled.answer.body.startswith(b"by the handler")
    handled.record(handled.answer.recorded())
    assert tenant.journal.exchanges()[0].request.target == path


@pytest.mark.parametrize("path", ["/t/token/x", "/t/token/", "/t/jwks", "/u/token", "/"])
def test_every_other_path_is_answered_by_otherwise(core, path):
    assert handle(core, path).answer.body == path.encode()


def test_a_request_for_no_tenant_is_not_recorded(core, tenant):
    handled = handle(core, "/u/token")
    handled.record(handled.answer.recorded())
    assert (handled.now, tenant.journal.count()) == (None, 0)


def test_a_fault_on_the_wire_is_part_of_the_value(core, tenant):
    tenant.arm(faults.close_without_answer())
    (step,) = handle(core, "/t/token").answer.wire
    assert step.needs_socket
