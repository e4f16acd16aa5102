import json

import pytest

from oauth_gauntlet_server import faults


def body(octets):
    head, _, content = octets.partition(b"\r\n\r\n")
    assert f"Content-Length: {len(content)}\r\n".encode() in head + b"\r\n"
    return content


@pytest.mark.parametrize("value", ["3600", 0, -1, 1.5, None, True, [], {"a": "é"}, 10**30])
def test_a_member_of_any_json_value(tenant, post, token_app, value):
    tenant.arm(faults.token_member("expires_in", value))
    assert json.loads(body(post())) == {**json.loads(token_app.document), "expires_in": value}
    assert len(token_app.seen) == 1


def test_without_a_member(tenant, post, token_app):
    armed = tenant.arm(faults.without_token_member("token_type"))
    document = json.loads(token_app.document)
    del document["token_type"]
    assert json.loads(body(post())) == document
    assert armed.fired == 1


def test_a_member_that_is_not_there_is_left_out_all_the_same(tenant, post):
    armed = tenant.arm(faults.without_token_member("id_token"))
    post()
    assert armed.fired == 1


@pytest.mark.parametrize("fault", [faults.token_member("a", 1), faults.without_token_member("error")])
@pytest.mark.parametrize(
    ("status", "document"),
    [("400 Bad Request", b'{"error": "invalid_grant"}'), ("200 OK", b"[]"), ("200 OK", b"<html>")],
)
def test_what_is_no_token_document_is_left_alone_and_the_fault_has_not_fired(tenant, post, token_app, fault, status, document):
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
def test_a_response_to_the_octet(tenant, post, token_app, given, octets):
    tenant.arm(faults.token_response(given))
    answer = post()
    assert answer.startswith(
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nCache-Control: no-store\r\nPragma: no-cache\r\n"
    )
    assert body(answer) == octets
    assert token_app.seen == []


@pytest.mark.parametrize(("given", "octets"), [("é", "é".encode()), (b"\xff", b"\xff"), ("", b"")])
def test_another_body_under_the_genuine_head(tenant, post, token_app, given, octets):
    token_app.status = "400 Bad Request"
    tenant.arm(faults.body(given))
    answer = post()
    assert answer.startswith(b"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nCache-Control: no-store\r\n")
    assert body(answer) == octets
    assert len(token_app.seen) == 1
