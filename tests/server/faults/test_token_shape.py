import json

import pytest

from oauth_gauntlet_server import faults


def body(octets):
    head, _, content = octets.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(content)}\r\n".encode() in head + b"\r\n"
    return content


@pytest.mark.parametrize("value", ["3600", 0, -1, 1.5, None, True, [], {"a": "é"}, 10**30])
def test_a_member_is_set_to_any_json_value(tenant, post, token_app, value):
    tenant.arm(faults.token_member("expires_in", value))
    assert json.loads(body(post())) == {**json.loads(token_app.document), "expires_in": value}
    assert len(token_app.seen) == 1


def test_a_member_is_removed(tenant, post, token_app):
    armed = tenant.arm(faults.without_token_member("token_type"))
    document = json.loads(token_app.document)
    del document["token_type"]
    assert json.loads(body(post())) == document
    assert armed.fired == 1


def test_removing_a_missing_member_counts_as_fired(tenant, post):
    armed = tenant.arm(faults.without_token_member("id_token"))
    post()
    assert armed.fired == 1


@pytest.mark.parametrize("fault", [faults.token_member("a", 1), faults.without_token_member("error")])
@pytest.mark.parametrize(
    ("status", "document"),
    [("400 Bad Request", b'{"error": "invalid_grant"}'), ("200 OK", b"[]"), ("200 OK", b"<html>")],
)
def test_a_fault_does_not_fire_on_an_answer_that_is_no_token_document(tenant, post, token_app, fault, status, document):
    token_app.status, token_app.document = status, document
    armed = tenant.arm(fault)
    assert body(post()) == document
    assert (armed.matched, armed.fired) == (1, 0)
    assert tenant.journal.exchanges()[0].faults == ()


@pytest.mark.parametrize(
    ("given", "octets"),
    [
        ({"access_token": "é"}, b'{"access_token": "\\u00e9"}'),
        ('{"a": 1, "a": 2}', b'{"a": 1, "a": 2}'),
        (b"\xff\x00", b"\xff\x00"),
        ("", b""),
    ],
)
def test_a_token_response_is_sent_with_exactly_these_octets(tenant, post, token_app, given, octets):
    tenant.arm(faults.token_response(given))
    answer = post()
    assert answer.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nPragma: no-cache\r\n"
    )
    assert body(answer) == octets
    assert token_app.seen == []


@pytest.mark.parametrize(("given", "octets"), [("é", "é".encode()), (b"\xff", b"\xff"), ("", b"")])
def test_another_body_is_sent_with_the_genuine_head(tenant, post, token_app, given, octets):
    token_app.status = "400 Bad Request"
    tenant.arm(faults.body(given))
    answer = post()
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n")
    assert body(answer) == octets
    assert len(token_app.seen) == 1
