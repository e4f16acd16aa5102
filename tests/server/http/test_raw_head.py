import json
import socket
from urllib.parse import urlsplit

import pytest

from oauth_gauntlet_server import MockServer, faults
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.raw_head import MOST_SHOWN, raw_request_head, raw_response_head


def request(raw):
    return RecordedRequest(
        method="POST", target="/t", http_version="1.1", headers=(("Host", "a"), ("X", "1 2")), body=b"b", raw=raw
    )


def response(raw, value="1"):
    return RecordedResponse(status=200, reason="OK", headers=(("X", value),), body=b"b", raw=raw)


@pytest.mark.parametrize("raw", [b"", b"POST /t HTTP/1.1\r\nHost: a\r\nX: 1 2\r\n\r\nb", b"POST /t HTTP/1.1\r\nHost: a"])
def test_a_request_of_which_the_fields_tell_all_has_no_raw_head(raw):
    assert raw_request_head(request(raw)) is None


@pytest.mark.parametrize(
    "head",
    [
        "POST /t HTTP/1.1\r\nHost: a\r\nX: 1\r\n 2",
        "POST /t HTTP/1.1\r\nHost:a\r\nX: 1 2",
        "POST http://a/t HTTP/1.1\r\nHost: a\r\nX: 1 2",
    ],
    ids=["folded", "no blank", "absolute form"],
)
def test_a_request_that_differs_from_its_fields_has_its_raw_head(head):
    assert raw_request_head(request(head.encode() + b"\r\n\r\nb")) == head


@pytest.mark.parametrize("value", ["1", "é", "€"])
def test_a_response_of_which_the_fields_tell_all_has_no_raw_head(value):
    encoding = "latin-1" if value == "é" else "utf-8"
    head = f"HTTP/1.1 200 OK\r\nX: {value}".encode(encoding)
    assert raw_response_head(response(head + b"\r\n\r\nb", value)) is None


@pytest.mark.parametrize("interim", ["HTTP/1.1 100 Continue", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nA: b"])
def test_interim_responses_are_part_of_the_raw_head(interim):
    head = f"{interim}\r\n\r\nHTTP/1.1 200 OK\r\nX: 1"
    assert raw_response_head(response(f"{head}\r\n\r\nb".encode())) == head


@pytest.mark.parametrize("head", ["HTTP/1.0 200 OK\r\nX: 1", "HTTP/1.1 200\r\nX: 1", "HTTP/1.1 200 OK\r\nX: 1\r\nX: 2"])
def test_a_response_that_differs_from_its_fields_has_its_raw_head(head):
    assert raw_response_head(response(head.encode() + b"\r\n\r\nb")) == head
    interim = b"HTTP/1.1 100 Continue\r\n\r\n"
    assert raw_response_head(response(interim + head.encode() + b"\r\n\r\nb")) == interim.decode() + head


def test_no_octet_is_lost_and_a_long_head_is_cut():
    assert raw_response_head(response(b"HTTP/1.1 200 OK\r\nX: \xff\x80\r\n\r\n")) == "HTTP/1.1 200 OK\r\nX: \xff\x80"
    long = raw_response_head(response(b"HTTP/1.1 200 OK\r\nX: " + b"1" * 2 * MOST_SHOWN + b"\r\n\r\n"))
    assert len(long) == MOST_SHOWN


def test_the_journal_shows_what_the_fields_do_not_tell():
    with MockServer() as server:
        tenant = server.tenant()
        url = urlsplit(tenant.token_url)
        tenant.arm(faults.fault("raw_headers", octets="X-Folded: one\r\n two"))
        with socket.create_connection((url.hostname, url.port), timeout=10) as connection:
            connection.sendall(
                f"POST {url.path} HTTP/1.1\r\nHost:  x\r\nConnection: close\r\nContent-Length: 0\r\n\r\n".encode()
            )
            connection.makefile("rb").read()
        (exchange,) = tenant.journal.exchanges()
    shown = json.loads(json.dumps(exchange.to_json()))
    assert "\r\nHost:  x\r\n" in shown["request"]["head"]
    assert "\r\nX-Folded: one\r\n two" in shown["response"]["head"]
