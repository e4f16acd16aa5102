import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.connection import (
    CloseWithoutAnswer,
    Garbage,
    HalfClose,
    ResetWithoutAnswer,
    Truncate,
    UnsolicitedResponse,
)

REQUEST = b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1"


@pytest.mark.parametrize("processed", [False, True])
def test_the_connection_is_closed_without_one_octet(tenant, connect, faulty_port, token_app, processed):
    armed = tenant.arm(CloseWithoutAnswer(processed=processed))
    client = connect(faulty_port)
    client.send(REQUEST)
    assert client.rest() == b""  # a reset would raise ConnectionResetError
    assert len(token_app.seen) == int(processed)
    (exchange,) = tenant.journal.wait_for(1, timeout_s=60)
    assert exchange.response is None
    assert exchange.faults == ("close_without_answer",)
    assert exchange.request.body == b"a=1"
    assert armed.fired == 1


@pytest.mark.parametrize("processed", [False, True])
def test_the_connection_is_reset_without_one_octet(tenant, connect, faulty_port, token_app, processed):
    tenant.arm(ResetWithoutAnswer(processed=processed))
    client = connect(faulty_port)
    client.send(REQUEST)
    with pytest.raises(ConnectionResetError):
        client.rest()
    assert len(token_app.seen) == int(processed)


def test_truncated_before_the_announced_length(tenant, post, token_app):
    genuine = post()
    tenant.arm(Truncate(octets=7))
    octets = post()
    assert octets == genuine[: -len(token_app.document) + 7]
    assert b"Content-Length: %d\r\n" % len(token_app.document) in octets


def test_truncated_within_the_head(tenant, post):
    tenant.arm(Truncate(octets=15, whole=True))
    assert post() == b"HTTP/1.1 200 OK"


def test_reset_within_the_body(tenant, connect, faulty_port):
    tenant.arm(faults.all_of(faults.fault("delay", seconds=0.2, where="in-body", octets=7), Truncate(octets=7, reset=True)))
    client = connect(faulty_port)
    client.send(REQUEST)
    client.until(b'\r\n\r\n{"acces')
    with pytest.raises(ConnectionResetError):
        client.rest()


def test_truncated_before_the_last_chunk(tenant, post):
    tenant.arm(faults.all_of(faults.fault("chunked", octets=4), Truncate(octets=9)))
    assert post().endswith(b'\r\n\r\n4\r\n{"ac\r\n')


def test_after_a_half_close_the_client_can_still_send(tenant, connect, faulty_port, token_app):
    tenant.arm(HalfClose())
    client = connect(faulty_port)
    client.send(REQUEST)
    assert client.rest().endswith(token_app.document)
    for _ in range(3):  # after a full close, the first send would cause a reset and the next would fail
        client.send(b"more")


def test_garbage_is_sent_in_place_of_an_answer(tenant, post, token_app):
    tenant.arm(Garbage(octets=b"SSH-2.0-OpenSSH\r\n"))
    assert post() == b"SSH-2.0-OpenSSH\r\n"
    assert token_app.seen == []


@pytest.mark.parametrize("delay_s", [0, 0.01])
def test_an_unsolicited_second_response_follows_the_first(tenant, connect, faulty_port, token_app, delay_s):
    tenant.arm(UnsolicitedResponse(delay_s=delay_s))
    client = connect(faulty_port)
    client.send(REQUEST)
    assert client.answer()[2] == token_app.document
    assert b"unsolicited-token" in client.answer()[2]
    client.send(REQUEST)
    assert client.answer()[2] == token_app.document


def test_a_negative_number_of_octets_is_rejected():
    with pytest.raises(faults.FaultError, match="octets: got -1: expected a whole number of at least 0"):
        Truncate(octets=-1)


def test_a_negative_delay_is_rejected():
    with pytest.raises(faults.FaultError, match="delay_s: got -1: expected a number between 0 and 86400"):
        UnsolicitedResponse(delay_s=-1)
