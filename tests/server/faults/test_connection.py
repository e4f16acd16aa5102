from oauth_gauntlet_server import faults


def test_not_one_octet_and_an_orderly_end(tenant, connect, faulty_port, token_app):
    armed = tenant.arm(faults.close_without_answer())
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\na=1")
    assert client.rest() == b""  # a reset would raise ConnectionResetError
    assert token_app.seen == []
    (exchange,) = tenant.journal.wait_for(1, timeout_s=10)
    assert exchange.response is None
    assert exchange.faults == ("close_without_answer",)
    assert exchange.request.body == b"a=1"
    assert armed.fired == 1
