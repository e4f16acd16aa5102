import time

import pytest

from oauth_gauntlet_server import faults


def test_a_delay_goes_before_the_first_octet_and_changes_nothing_else(tenant, post, token_app):
    tenant.arm(faults.delay(0.15), times=1)
    began = time.monotonic()
    slow = post()
    assert time.monotonic() - began >= 0.15
    assert slow == post()
    assert [exchange.faults for exchange in tenant.journal.exchanges()] == [("delay",), ()]
    assert tenant.journal.exchanges()[0].duration_s >= 0.15


def test_not_one_octet_comes_early(tenant, connect, faulty_port):
    tenant.arm(faults.delay(0.3))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    client.socket.settimeout(0.05)
    with pytest.raises(TimeoutError):
        client.socket.recv(1)
    client.socket.settimeout(10)
    assert client.answer()[0] == "HTTP/1.1 200 OK"


@pytest.mark.parametrize("seconds", [-0.1, float("nan"), float("inf")])
def test_what_cannot_be_waited_for(seconds):
    with pytest.raises(faults.FaultError, match="seconds lie between 0 and 86400"):
        faults.delay(seconds)
