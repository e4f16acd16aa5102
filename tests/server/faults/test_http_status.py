import pytest

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.faults.http_status import Interim, RetryAfter, Status, StatusLine


def test_a_status_is_sent_with_exactly_these_octets(tenant, post, token_app):
    tenant.arm(faults.http_status(503, "<html>é", content_type="text/html", headers={"Retry-After": "120", "X": "y"}), times=1)
    assert post() == (
        b"HTTP/1.1 503 Service Unavailable\r\n"
        b"Content-Type: text/html\r\nRetry-After: 120\r\nX: y\r\n"
        b"Date: Tue, 14 Nov 2023 22:13:20 GMT\r\n"
        b"Content-Length: 8\r\nConnection: close\r\n\r\n" + "<html>é".encode()
    )
    assert token_app.seen == []


def test_header_fields_can_repeat_and_none_is_added(tenant, post):
    tenant.arm(faults.http_status(429, headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]))
    octets = post()
    assert octets.startswith(b"HTTP/1.1 429 Too Many Requests\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nDate: ")
    assert b"Content-Type" not in octets


def test_an_unknown_status_is_sent(tenant, post):
    tenant.arm(faults.http_status(799))
    assert post().startswith(b"HTTP/1.1 799 Unknown\r\n")


def test_a_wrong_content_length_is_sent_unchanged_and_closes_the_connection(tenant, connect, faulty_port):
    tenant.arm(faults.http_status(200, "abc", headers={"Content-Length": "100"}))
    client = connect(faulty_port)
    client.send(b"POST /t/token HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n")
    octets = client.rest()
    assert octets.count(b"Content-Length") == 1
    assert b"Content-Length: 100\r\n" in octets
    assert octets.endswith(b"Connection: close\r\n\r\nabc")


def test_the_genuine_answer_is_sent_with_another_status(tenant, post, token_app):
    tenant.arm(Status(status=201))
    octets = post()
    assert octets.startswith(b"HTTP/1.1 201 Created\r\n")
    assert octets.endswith(token_app.document)
    assert len(token_app.seen) == 1


@pytest.mark.parametrize(
    ("form", "value"),
    [("seconds", b"120"), ("date", b"Tue, 14 Nov 2023 22:15:20 GMT")],
)
def test_retry_after_contains_seconds_or_a_date_of_the_tenants_clock(tenant, post, token_app, form, value):
    tenant.arm(RetryAfter(seconds=120, form=form))
    octets = post()
    assert octets.startswith(b"HTTP/1.1 503 Service Unavailable\r\n")
    assert b"\r\nRetry-After: " + value + b"\r\n" in octets
    assert token_app.seen == []


@pytest.mark.parametrize("line", [b"HTTP/1.0 200 OK", b"HTTP/1.1 200", b"ICY 200 OK", b""])
def test_a_status_line_is_sent_unchanged(tenant, post, line):
    _, _, rest = post().partition(b"\r\n")
    tenant.arm(StatusLine(line=line))
    assert post() == line + b"\r\n" + rest


def test_interim_responses_are_sent_first(tenant, post):
    genuine = post()
    tenant.arm(Interim(status=103, times=2, headers=(("Link", "</style.css>"),)))
    assert post() == b"HTTP/1.1 103 Interim\r\nLink: </style.css>\r\n\r\n" * 2 + genuine


@pytest.mark.parametrize(
    "parameters", [{"status": 200}, {"status": 101}, {"times": 0}, {"times": 1001}, {"headers": (("A", "b\r\nc: d"),)}]
)
def test_parameters_that_make_no_interim_response_are_rejected(parameters):
    with pytest.raises(faults.FaultError, match="fault interim: "):
        Interim(**parameters)
