import json

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.body import BodyAround, DeepBody, EndlessBody, LargeBody, UntilClose


def body_of(octets):
    return octets.partition(b"\r\n\r\n")[2]


def test_octets_are_added_before_and_after_the_body(tenant, post, token_app):
    tenant.arm(BodyAround(before=b"\xff<", after=b">"))
    assert body_of(post()) == b"\xff<" + token_app.document + b">"


def test_the_body_is_nested_to_the_depth(tenant, post, token_app):
    tenant.arm(DeepBody(depth=3), times=1)
    assert json.loads(body_of(post()))["nest"] == [[[]]]
    assert token_app.seen == []
    tenant.arm(DeepBody(depth=10_000, kind="object"))
    assert body_of(post()).count(b'{"a":') == 10_000


@pytest.mark.parametrize("by", ["member", "space", "inner-space"])
def test_the_body_has_exactly_the_size_and_is_still_json(tenant, post, by):
    tenant.arm(LargeBody(octets=100_000, by=by))
    body = body_of(post())
    assert len(body) == 100_000
    assert json.loads(body)["access_token"] == "at"


def test_with_inner_space_the_body_without_its_last_octet_is_not_json(tenant, post):
    tenant.arm(LargeBody(octets=1000, by="inner-space"))
    with pytest.raises(json.JSONDecodeError):
        json.loads(body_of(post())[:-1])


def test_without_a_length_the_connection_ends_the_body(tenant, post, token_app):
    tenant.arm(UntilClose())
    octets = post()
    assert b"content-length" not in octets.lower()
    assert b"\r\nConnection: close\r\n" in octets
    assert body_of(octets) == token_app.document


def test_an_endless_body_ends_when_the_client_closes(tenant, connect, faulty_port, token_app):
    tenant.arm(EndlessBody(octets=b" ."))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    head = client.until(b"\r\n\r\n")
    assert b"Content-Length" not in head
    assert client.until(token_app.document)
    received = b""
    while len(received) < 2_000_000:
        received += client.socket.recv(65536)
    assert received.replace(b" .", b"") in (b"", b".", b" ")
    client.socket.close()
    (exchange,) = tenant.journal.wait_for(1, timeout_s=60)
    assert exchange.faults == ("endless_body",)


@pytest.mark.parametrize(
    ("make", "parameters"),
    [(DeepBody, {"depth": 0}), (LargeBody, {"octets": 0}), (LargeBody, {"octets": 10**10}), (EndlessBody, {"octets": b""})],
)
def test_parameters_out_of_range_are_rejected(make, parameters):
    with pytest.raises(faults.FaultError):
        make(**parameters)
