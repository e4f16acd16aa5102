import time

import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.timing import Delay, Drip, Silence


def test_a_delay_comes_before_the_first_octet_and_changes_no_octet(tenant, post, token_app):
    tenant.arm(faults.delay(0.15), times=1)
    began = time.monotonic()
    slow = post()
    assert time.monotonic() - began >= 0.15
    assert slow == post()
    assert [exchange.faults for exchange in tenant.journal.exchanges()] == [("delay",), ()]


def test_no_octet_is_sent_before_the_delay_ends(tenant, connect, faulty_port):
    tenant.arm(faults.delay(3600))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.socket.recv(1)


@pytest.mark.parametrize("seconds", [-0.1, float("nan"), float("inf")])
def test_a_delay_out_of_range_is_rejected(seconds):
    with pytest.raises(faults.FaultError, match=r"seconds: got .*: expected a number between 0 and 86400"):
        faults.delay(seconds)


@pytest.mark.parametrize(("where", "seen"), [("before-body", b""), ("in-body", b'{"acc')])
def test_a_delay_within_the_answer_comes_after_these_octets(tenant, connect, faulty_port, where, seen):
    tenant.arm(Delay(seconds=3600, where=where, octets=5))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")
    client.until(b"\r\n\r\n" + seen)
    client.socket.settimeout(0.1)
    with pytest.raises(TimeoutError):
        client.socket.recv(1)


@pytest.mark.parametrize("where", ["before-body", "in-body"])
def test_a_delay_within_the_answer_changes_no_octet(tenant, post, where):
    genuine = post()
    tenant.arm(Delay(seconds=0.1, where=where, octets=5))
    began = time.monotonic()
    assert post() == genuine
    assert time.monotonic() - began >= 0.1


def test_a_drip_sends_the_same_answer_in_pieces(tenant, post, connect, faulty_port):
    genuine = post()
    tenant.arm(Drip(octets=100, interval_s=0.1))
    began = time.monotonic()
    assert post() == genuine
    assert time.monotonic() - began >= 0.1 * (len(genuine) // 100 - 1)


def test_silence_ends_after_its_time_without_one_octet(tenant, connect, faulty_port, token_app):
    tenant.arm(Silence(seconds=0.2))
    began = time.monotonic()
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    assert client.rest() == b""
    assert time.monotonic() - began >= 0.2
    assert token_app.seen == []
    assert tenant.journal.exchanges()[0].response is None


@pytest.mark.parametrize(
    ("make", "parameters"),
    [
        (Drip, {"octets": 0}),
        (Drip, {"interval_s": -1.0}),
        (Silence, {"seconds": -1.0}),
        (Delay, {"seconds": 1.0, "octets": -1}),
    ],
)
def test_parameters_out_of_range_are_rejected(make, parameters):
    with pytest.raises(faults.FaultError):
        make(**parameters)
