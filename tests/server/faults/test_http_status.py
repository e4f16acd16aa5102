from oauth_gauntlet_server import faults


def test_the_octets_of_a_status(tenant, post, token_app):
    tenant.arm(faults.http_status(503, "<html>é", content_type="text/html", headers={"Retry-After": "120", "X": "y"}), times=1)
    assert post() == (
        b"HTTP/1.1 503 Service Unavailable\r\n"
        b"Content-Type: text/html\r\nRetry-After: 120\r\nX: y\r\n"
        b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
        b"Content-Length: 8\r\nConnection: close\r\n\r\n" + "<html>é".encode()
    )
    assert token_app.seen == []


def test_pairs_may_repeat_and_nothing_is_added(tenant, post):
    tenant.arm(faults.http_status(429, headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]))
    octets = post()
    assert octets.startswith(b"HTTP/1.1 429 Too Many Requests\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nDate: ")
    assert b"Content-Type" not in octets


def test_an_odd_status(tenant, post):
    tenant.arm(faults.http_status(799))
    assert post().startswith(b"HTTP/1.1 799 Unknown\r\n")


def test_a_length_that_is_a_lie_stands_and_ends_the_connection(tenant, connect, faulty_port):
    tenant.arm(faults.http_status(200, "abc", headers={"Content-Length": "100"}))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    octets = client.rest()
    assert octets.count(b"Content-Length") == 1
    assert b"Content-Length: 100\r\n" in octets
    assert octets.endswith(b"Connection: close\r\n\r\nabc")


def test_another_content_type(tenant, post, token_app):
    tenant.arm(faults.content_type("text/html; charset=latin-1"), times=1)
    octets = post()
    assert octets.count(b"Content-Type: ") == 1
    assert b"\r\nContent-Type: text/html; charset=latin-1\r\n" in octets
    assert octets.endswith(token_app.document)
    assert len(token_app.seen) == 1


def test_no_content_type(tenant, post, token_app):
    tenant.arm(faults.content_type(None))
    octets = post()
    assert b"content-type" not in octets.lower()
    assert octets.endswith(token_app.document)
