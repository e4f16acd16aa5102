import json

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.body import BodyAround, DeepBody, EndlessBody, LargeBody, UntilClose


def body_of(octets):
    return octets.partition(b"\r\n\r\n")[2]


def test_octets_before_and_behind(tenant, post, token_app):
    tenant.arm(BodyAround(before=b"\xff<", after=b">"))
    assert body_of(post()) == b"\xff<" + token_app.document + b">"


def test_depth(tenant, post, token_app):
    tenant.arm(DeepBody(depth=3), times=1)
    assert json.loads(body_of(post()))["nest"] == [[[]]]
    assert token_app.seen == []
    tenant.arm(DeepBody(depth=10_000, kind="object"))
    assert body_of(post()).count(b'{"a":') == 10_000


@pytest.mark.parametrize("by", ["member", "space", "inner-space"])
def test_size_to_the_octet_and_still_the_same_document(tenant, post, by):
    tenant.arm(LargeBody(octets=100_000, by=by))
    body = body_of(post())
    assert len(body) == 100_000
    assert json.loads(body)["access_token"] == "at"


def test_white_space_inside_leaves_no_document_before_the_last_octet(tenant, post):
    tenant.arm(LargeBody(octets=1000, by="inner-space"))
    with pytest.raises(json.JSONDecodeError):
        json.loads(body_of(post())[:-1])


def test_without_a_length_the_end_is_the_end_of_the_connection(tenant, post, token_app):
    tenant.arm(UntilClose())
    octets = post()
    assert b"content-length" not in octets.lower()
    assert b"\r\nConnection: close\r\n" in octets
    assert body_of(octets) == token_app.document


def test_an_endless_body_goes_on_until_the_client_goes(tenant, connect, faulty_port, token_app):
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
    (exchange,) = tenant.journal.wait_for(1, timeout_s=10)
    assert exchange.faults == ("endless_body",)


@pytest.mark.parametrize(
    ("make", "parameters"),
    [(DeepBody, {"depth": 0}), (LargeBody, {"octets": 0}), (LargeBody, {"octets": 10**10}), (EndlessBody, {"octets": b""})],
)
def test_bounds(make, parameters):
    with pytest.raises(faults.FaultError):
        make(**parameters)
