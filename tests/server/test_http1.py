"""The request reader on streams of octets in pieces of any size; the sockets are in test_listener.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http1 import (
    MOST_BODY,
    MOST_HEAD,
    BadRequest,
    RequestReader,
    framed,
    http_date,
    spelled,
    stays_open,
)
from oauth_gauntlet_server.http_request import RecordedRequest

FORM = b"POST /t/token?x=1 HTTP/1.1\r\nHOST: a\r\nX-Odd:  v \r\nx-odd: w\r\ncontent-length: 3\r\n\r\na=1"
CHUNKED = b"POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;e=f\r\na\r\n2\r\n=1\r\n0\r\nT: t\r\n\r\n"
BARE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def reader_of(*pieces):
    pending, interim = iter(pieces), []
    return RequestReader(lambda _most: next(pending, b""), interim.append), interim


def read_all(*pieces):
    reader, _ = reader_of(*pieces)
    return list(iter(reader.read, None))


def test_a_request_is_kept_to_the_octet():
    (request,) = read_all(FORM)
    assert request.raw == FORM
    assert (request.method, request.target, request.http_version, request.body) == (
        "POST",
        "/t/token?x=1",
        "1.1",
        b"a=1",
    )
    assert request.headers == (("HOST", "a"), ("X-Odd", "v"), ("x-odd", "w"), ("content-length", "3"))
    assert request.exact


def test_a_chunked_body_is_put_together_and_its_framing_kept():
    (request,) = read_all(CHUNKED)
    assert request.body == b"a=1"
    assert request.raw == CHUNKED


@given(st.data())
def test_pieces_and_pipelining_change_nothing(data):
    sent = data.draw(st.lists(st.sampled_from([FORM, CHUNKED, BARE]), max_size=5))
    stream = b"".join(sent)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(stream) - 1)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) if stream[a:b]]
    assert [request.raw for request in read_all(*pieces)] == sent


def test_an_interim_response_is_sent_once_and_only_when_the_content_is_waited_for():
    """RFC 9110 §10.1.1."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n"
    reader, interim = reader_of(head, b"a", b"=1")
    assert reader.read().body == b"a=1"
    assert interim == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    reader, interim = reader_of(head + b"a=1")
    assert reader.read().body == b"a=1"
    assert interim == []


def test_too_much_is_refused_before_it_is_asked_for():
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (MOST_BODY + 1)
    reader, interim = reader_of(head)
    with pytest.raises(BadRequest) as caught:
        reader.read()
    assert (caught.value.status, interim) == (413, [])


def test_the_largest_body_is_read():
    body = b"x" * MOST_BODY
    (request,) = read_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % MOST_BODY, body)
    assert len(request.body) == MOST_BODY


def refused(*pieces):
    with pytest.raises(BadRequest) as caught:
        read_all(*pieces)
    return caught.value


def test_a_chunked_body_that_is_too_large():
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refused(head, *[chunk] * 17).status == 413


def test_chunk_extensions_are_bounded_as_well():
    chunk = b"1;" + b"x" * 30_000 + b"\r\na\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert refused(head, *[chunk] * 300).status == 413


def test_a_head_that_is_too_large():
    assert refused(b"GET / HTTP/1.1\r\nHost: a\r\nX: ", *[b"x" * 8192] * (MOST_HEAD // 8192 + 1)).status == 431


@pytest.mark.parametrize(
    "octets",
    [
        b"nonsense\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
        b"GET / HTTP/1.1\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: a\r\n bad\x00: x\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1, 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc",
        b"GET / HT",
    ],
)
def test_malformed_requests(octets):
    bad = refused(octets)
    assert bad.status in {400, 501}
    assert bad.raw == octets


def test_the_end_without_a_request_is_no_error():
    assert read_all() == []


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
def test_who_keeps_a_connection_open(given_request, open_after):
    """RFC 9112 §9.3."""
    assert stays_open(given_request) is open_after


def frame(answer, method="POST", keep_alive=True):
    done, open_after = framed(answer, method=method, keep_alive=keep_alive, now=784111777)
    headers = dict(done.headers)
    assert headers.pop("Date") == "Sun, 06 Nov 1994 08:49:37 GMT"
    return headers, done.body, open_after


def test_a_date_that_is_there_stands():
    done, _ = framed(Answer(status=200, headers=(("date", "x"),)), method="GET", keep_alive=True, now=0)
    assert [value for name, value in done.headers if name.lower() == "date"] == ["x"]


def test_length_and_connection_are_added():
    assert frame(Answer(status=200, body=b"ab")) == (
        {"Content-Length": "2", "Connection": "keep-alive"},
        b"ab",
        True,
    )
    assert frame(Answer(status=200), keep_alive=False) == ({"Content-Length": "0", "Connection": "close"}, b"", False)


@pytest.mark.parametrize("status", [204, 304])
def test_an_answer_without_content(status):
    """RFC 9110 §6.4.1, §8.6."""
    assert frame(Answer(status=status, body=b"x")) == ({"Connection": "keep-alive"}, b"", True)


def test_head_has_the_length_and_not_the_content():
    """RFC 9110 §9.3.2."""
    assert frame(Answer(status=200, body=b"abc"), method="HEAD") == (
        {"Content-Length": "3", "Connection": "keep-alive"},
        b"",
        True,
    )
    headers, _, open_after = frame(Answer(status=200, headers=(("Content-Length", "9"),)), method="HEAD")
    assert (headers["Content-Length"], open_after) == ("9", True)


@pytest.mark.parametrize("header", [("Content-Length", "3"), ("Transfer-Encoding", "chunked"), ("Connection", "close")])
def test_what_an_answer_says_stands_and_ends_the_connection_where_it_must(header):
    headers, body, open_after = frame(Answer(status=200, headers=(header,), body=b"ab"))
    assert headers[header[0]] == header[1]
    assert (body, open_after) == (b"ab", False)
    assert ("Content-Length" in headers) != ("Transfer-Encoding" in headers)


def test_spelling():
    answer = Answer(status=200, headers=(("A", "é"), ("a", "2")), body=b"\xff")
    assert spelled(answer) == b"HTTP/1.1 200 OK\r\nA: \xe9\r\na: 2\r\n\r\n\xff"


def test_text_beyond_latin_1_is_not_lost():
    assert spelled(Answer(status=200, headers=(("A", "€"),))) == "HTTP/1.1 200 OK\r\nA: €\r\n\r\n".encode()


def test_a_date_as_rfc_9110_spells_it():
    """RFC 9110 §5.6.7."""
    assert http_date(784111777) == "Sun, 06 Nov 1994 08:49:37 GMT"
