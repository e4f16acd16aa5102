import pytest

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http1 import framed, http_date, serialized, stays_open
from oauth_gauntlet_server.http.http_request import RecordedRequest


def request(version="1.1", **headers):
    return RecordedRequest(method="GET", target="/", http_version=version, headers=tuple(headers.items()), body=b"", raw=b"")


@pytest.mark.parametrize(
    ("given_request", "open_after"),
    [
        (request(), True),
        (request(connection="Close"), False),
        (request(connection="x, close"), False),
        (request(version="1.0"), False),
        (request(version="1.0", connection="Keep-Alive"), True),
    ],
)
def test_connection_persistence(given_request, open_after):
    """RFC 9112 §9.3."""
    assert stays_open(given_request) is open_after


def frame(answer, method="POST", keep_alive=True):
    done, open_after = framed(answer, method=method, keep_alive=keep_alive, now=784111777)
    headers = dict(done.headers)
    assert headers.pop("Date") == "Sun, 06 Nov 1994 08:49:37 GMT"
    return headers, done.body, open_after


def test_a_date_field_of_the_answer_is_kept():
    done, _ = framed(Answer(status=200, headers=(("date", "x"),)), method="GET", keep_alive=True, now=0)
    assert [value for name, value in done.headers if name.lower() == "date"] == ["x"]


def test_content_length_and_connection_are_added():
    assert frame(Answer(status=200, body=b"ab")) == (
        {"Content-Length": "2", "Connection": "keep-alive"},
        b"ab",
        True,
    )
    assert frame(Answer(status=200), keep_alive=False) == ({"Content-Length": "0", "Connection": "close"}, b"", False)


@pytest.mark.parametrize("status", [204, 304])
def test_a_status_without_content_has_no_length(status):
    """RFC 9110 §6.4.1, §8.6."""
    assert frame(Answer(status=status, body=b"x")) == ({"Connection": "keep-alive"}, b"", True)


def test_the_response_to_head_has_the_length_but_no_content():
    """RFC 9110 §9.3.2."""
    assert frame(Answer(status=200, body=b"abc"), method="HEAD") == (
        {"Content-Length": "3", "Connection": "keep-alive"},
        b"",
        True,
    )
    headers, _, open_after = frame(Answer(status=200, headers=(("Content-Length", "9"),)), method="HEAD")
    assert (headers["Content-Length"], open_after) == ("9", True)


@pytest.mark.parametrize("header", [("Content-Length", "3"), ("Transfer-Encoding", "chunked"), ("Connection", "close")])
def test_framing_fields_of_the_answer_are_kept_and_end_the_connection_if_they_are_wrong(header):
    headers, body, open_after = frame(Answer(status=200, headers=(header,), body=b"ab"))
    assert headers[header[0]] == header[1]
    assert (body, open_after) == (b"ab", False)
    assert ("Content-Length" in headers) != ("Transfer-Encoding" in headers)


def test_serialization_keeps_case_and_octets():
    answer = Answer(status=200, headers=(("A", "é"), ("a", "2")), body=b"\xff")
    assert serialized(answer) == b"HTTP/1.1 200 OK\r\nA: \xe9\r\na: 2\r\n\r\n\xff"


def test_text_outside_latin_1_is_sent_as_utf_8():
    assert serialized(Answer(status=200, headers=(("A", "€"),))) == "HTTP/1.1 200 OK\r\nA: €\r\n\r\n".encode()


def test_http_date_has_the_format_of_rfc_9110():
    """RFC 9110 §5.6.7."""
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
