"""The request reader on streams of octets in pieces of any size; the sockets are in test_listener.py."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.request_reader import MOST_BODY, MOST_HEAD, BadRequest, RequestReader

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


HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        # RFC 9112 §6.3: what two recipients could frame in two ways is refused.
        (HEAD + b"Content-Length: 3\r\nContent-Length: 4\r\n\r\nabcd", 400),
        (HEAD + b"Content-Length: 3, 3\r\n\r\nabc", 400),
        (HEAD + b"Content-Length: +3\r\n\r\nabc", 400),
        (HEAD + b"Content-Length:\r\n\r\nabc", 400),
        (HEAD + b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding : chunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n", 400),
        (HEAD + b"Transfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n", 501),
        (b"POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", 400),
        # RFC 9112 §5.1, §5.2, §2.2: fields.
        (HEAD + b"X: a\r\n folded\r\n\r\n", 400),
        (HEAD + b"X: a\n\r\n\r\n", 400),
        (b"POST / HTTP/1.1\nHost: a\n\n", 400),
        (HEAD + b"X: a\x00b\r\n\r\n", 400),
        (HEAD + b"X: a\rb\r\n\r\n", 400),
        (HEAD + b"X y: a\r\n\r\n", 400),
        (HEAD + b": a\r\n\r\n", 400),
        # RFC 9112 §3: request lines.
        (b"GET / a HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.2\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 505),
        (b"GET /\r\n\r\n", 505),
        # RFC 9112 §7.1: chunks.
        (CHUNKS + b"1\nx\r\n0\r\n\r\n", 400),
        (CHUNKS + b"1 \r\nx\r\n0\r\n\r\n", 400),
        (CHUNKS + b"0x1\r\nx\r\n0\r\n\r\n", 400),
        (CHUNKS + b"-1\r\nx\r\n0\r\n\r\n", 400),
        (CHUNKS + b"1\r\nxy\r\n0\r\n\r\n", 400),
        (CHUNKS + b"ffffffffffffffffff\r\nx", 400),
        (CHUNKS + b'1;a="\n"\r\nx\r\n0\r\n\r\n', 400),
        (CHUNKS + b"0\r\nContent-Length: 5\r\n\r\nGET", 400),
    ],
)
def test_shapes_of_request_smuggling(octets, status):
    assert refused(octets).status == status


@pytest.mark.parametrize(
    ("octets", "body", "left"),
    [
        # Java's HttpClient asks for h2c with every request over plain HTTP.
        (HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\nContent-Length: 3\r\n\r\nabcGET", b"abc", b"GET"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nGET", b"", b"GET"),
        (CHUNKS + b"3\r\nabc\r\n0\r\nT: t\r\n\r\nGET", b"abc", b"GET"),
        (b"\r\n" + BARE, b"", b""),
    ],
)
def test_what_follows_a_request_belongs_to_the_next(octets, body, left):
    reader, _ = reader_of(octets, b" / HTTP/1.1\r\nHost: b\r\n\r\n")
    assert reader.read().body == body
    if left:
        following = reader.read()
        assert (following.method, following.target, following.header("host")) == ("GET", "/", "b")
