"""The request reader on octets that arrive in pieces of any size. test_listener.py tests it on sockets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.http.request_head import BadRequest
from oauth_gauntlet_server.http.request_reader import RequestReader

FORM = b"POST /t/token?x=1 HTTP/1.1\r\nHOST: a\r\nX-Odd:  v \r\nx-odd: X\r\ncontent-length: 3\r\n\r\na=1"
CHUNKED = b"POST /c HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1;e=f\r\na\r\n2\r\n=1\r\n0\r\nT: t\r\n\r\n"
HEAD = b"POST / HTTP/1.1\r\nHost: a\r\n"
UPGRADE = HEAD + b"Connection: Upgrade\r\nUpgrade: h2c\r\n"
CHUNKS = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
MIB = 1024 * 1024
BARE = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def reader_of(*pieces):
    """Return a reader whose octets arrive in these pieces, and the list of the interim responses that it sends."""
    pending, interim = iter(pieces), []

    def receive(most):
        assert most == 65_536
        return next(pending, b"")

    return RequestReader(receive, interim.append), interim


def read_all(*pieces):
    reader, _ = reader_of(*pieces)
    return list(iter(reader.read, None))


def test_every_octet_of_a_request_is_kept():
    (request,) = read_all(FORM)
    assert request.raw == FORM
    assert (request.method, request.target, request.http_version, request.body) == (
        "POST",
        "/t/token?x=1",
        "1.1",
        b"a=1",
    )
    assert request.headers == (("HOST", "a"), ("X-Odd", "v"), ("x-odd", "X"), ("content-length", "3"))
    assert request.exact


def test_a_chunked_body_is_decoded_and_its_octets_are_kept():
    (request,) = read_all(CHUNKED)
    assert request.body == b"a=1"
    assert request.raw == CHUNKED


@given(st.data())
def test_requests_do_not_depend_on_pieces_and_pipelining(data):
    sent = data.draw(st.lists(st.sampled_from([FORM, CHUNKED, BARE]), max_size=5))
    stream = b"".join(sent)
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, len(stream) - 1)), max_size=8)))
    pieces = [stream[a:b] for a, b in zip([0, *cuts], [*cuts, len(stream)], strict=True) if stream[a:b]]
    assert [request.raw for request in read_all(*pieces)] == sent


def test_a_request_ends_with_its_last_octet_which_may_arrive_alone():
    (request,) = read_all(CHUNKS, b"1\r\na\r\n0\r\n\r", b"\n")
    assert request.body == b"a"


def test_100_continue_is_sent_once_and_only_if_the_content_has_not_arrived():
    """RFC 9110 §10.1.1."""
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-Continue\r\nContent-Length: 3\r\n\r\n"
    reader, interim = reader_of(head, b"a", b"=1")
    assert reader.read().body == b"a=1"
    assert interim == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    chunked = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nTransfer-Encoding: chunked\r\n\r\n"
    reader, interim = reader_of(chunked, b"3\r\n", b"a=1\r\n", b"0\r\n", b"\r\n")
    assert reader.read().body == b"a=1"
    assert interim == [b"HTTP/1.1 100 Continue\r\n\r\n"]
    for pieces in (
        (head + b"a=1",),
        (head.replace(b"HTTP/1.1", b"HTTP/1.0"), b"a=1"),
        (head.replace(b"100-Continue", b"something"), b"a=1"),
        (head.replace(b"Expect: 100-Continue\r\n", b""), b"a=1"),
    ):
        reader, interim = reader_of(*pieces)
        assert reader.read().body == b"a=1"
        assert interim == []


def test_too_large_content_is_rejected_without_100_continue():
    head = b"POST / HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n" % (MIB + 1)
    reader, interim = reader_of(head)
    with pytest.raises(BadRequest) as caught:
        reader.read()
    assert (caught.value.status, caught.value.raw, interim) == (413, head, [])


def test_the_largest_body_is_read():
    body = b"x" * MIB
    (request,) = read_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n" % MIB, body)
    assert len(request.body) == MIB


def refused(*pieces):
    with pytest.raises(BadRequest) as caught:
        read_all(*pieces)
    return caught.value


TOO_LARGE = "Content Too Large: the limit is 1048576 octets"


def test_a_chunked_body_that_is_too_large_is_rejected():
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert len(read_all(CHUNKS, *[chunk] * 16, b"0\r\n\r\n")[0].body) == MIB
    bad = refused(CHUNKS, *[chunk] * 16, b"1\r\nx\r\n")
    assert (bad.status, bad.reason, bad.raw) == (413, TOO_LARGE, (CHUNKS + chunk)[:65_536])


def chunks_of(octets):
    """Return small chunks with long extensions, `octets` octets in total."""
    whole, rest = divmod(octets, 30_000)
    sizes = [30_000] * (whole - 1) + [30_000 + rest]
    return [b"1;" + b"x" * (size - 7) + b"\r\na\r\n" for size in sizes]


def test_chunk_extensions_are_bounded():
    most = 6 * MIB + 65_536 - len(CHUNKS)
    (request,) = read_all(CHUNKS, *chunks_of(most - 5), b"0\r\n\r\n")
    assert len(request.raw) == most + len(CHUNKS)
    *before, last = chunks_of(most + 1)
    for pieces in ([last, b"0\r\n\r\n"], [last + b"0\r\n\r\n"]):
        bad = refused(CHUNKS, *before, *pieces)
        assert (bad.status, bad.reason, len(bad.raw)) == (413, TOO_LARGE, 65_536)


def test_the_line_of_a_chunk_is_bounded_like_a_head():
    line = b"1;" + b"x" * 65_534
    bad = refused(CHUNKS, line, b"x", b"x")
    assert (bad.status, bad.reason, bad.raw) == (413, TOO_LARGE, (CHUNKS + line)[:65_536])
    assert read_all(CHUNKS, line, b"\r\na\r\n0\r\n\r\n")[0].body == b"a"


def head_of(size):
    """Return a head of `size` octets, without the empty line."""
    start = b"GET / HTTP/1.1\r\nHost: a\r\nX: "
    return start + b"x" * (size - len(start))


@pytest.mark.parametrize("pieces", [[head_of(65_537) + b"\r\n\r\n"], [head_of(65_540)], [head_of(40_000), b"x" * 25_540]])
def test_a_head_that_is_too_large_is_rejected(pieces):
    bad = refused(*pieces)
    assert (bad.status, bad.reason) == (431, "Request Header Fields Too Large: the limit is 65536 octets")
    assert bad.raw == b"".join(pieces)[:65_536]


@pytest.mark.parametrize("cut", [65_536, 65_537, 65_539, 1, 100])
def test_the_largest_head_is_read(cut):
    octets = head_of(65_536) + b"\r\n\r\n"
    (request,) = read_all(*filter(None, (octets[:cut], octets[cut:])))
    assert request.raw == octets


NO_LINE = "Bad Request: a line does not end with CRLF, or is not a request line"
ENDED = "Bad Request: the connection closed within a request"


@pytest.mark.parametrize(
    ("pieces", "reason", "seen"),
    [
        # A client that sends one of these waits for an answer and sends nothing more.
        ([b"\x16\x03\x01\x02", b"more"], NO_LINE, b"\x16\x03\x01\x02"),
        ([b" GET", b"more"], NO_LINE, b" GET"),
        ([b"GET / HTTP/1.1\n", b"more"], NO_LINE, b"GET / HTTP/1.1\n"),
        ([b"GET / HTTP/1.1", b"\n", b"more"], NO_LINE, b"GET / HTTP/1.1\n"),
        ([b"GET / HTTP/1.1\r\nHost: a", b"\n", b"more"], NO_LINE, b"GET / HTTP/1.1\r\nHost: a\n"),
        ([b"\n", b"more"], NO_LINE, b"\n"),
        ([b"\rX", b"more"], NO_LINE, b"\rX"),
        ([b"\r"], ENDED, b"\r"),
        ([b"!"], ENDED, b"!"),
        ([b"GET / HT"], ENDED, b"GET / HT"),
        ([b"GET / HTTP/1.1\r", b"\nHost"], ENDED, b"GET / HTTP/1.1\r\nHost"),
        ([b"\r\nGET"], ENDED, b"GET"),
        ([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nabc"], ENDED, None),
        ([b"GET / HTTP/1.1\r\n\r\n"], "Bad Request: expected one Host header field, got 0", None),
        ([b"GET / HTTP/1.0\r\nHost: a\r\nHost: a\r\n\r\n"], "Bad Request: expected one Host header field, got 2", None),
        ([b"GET / HTTP/2.0\r\nHost: a\r\n\r\n"], "HTTP Version Not Supported", None),
    ],
)
def test_a_malformed_request_is_rejected_as_early_as_possible(pieces, reason, seen):
    bad = refused(*pieces)
    assert (bad.reason, str(bad)) == (reason, reason)
    assert bad.raw == (b"".join(pieces) if seen is None else seen)


@pytest.mark.parametrize(
    ("fields", "status", "reason"),
    [
        (b"Transfer-Encoding: gzip, chunked", 501, "Not Implemented: only the chunked transfer coding is supported"),
        (
            b"Transfer-Encoding: chunked\r\nX: y\r\nContent-Length: 3",
            400,
            "Bad Request: Content-Length can't be present with Transfer-Encoding",
        ),
        (b"X y: z", 400, "Bad Request: Invalid header token"),
        (b"X: a\x0b", 400, "Bad Request: Invalid header value char"),
    ],
)
def test_a_head_with_a_forbidden_field_is_rejected(fields, status, reason):
    octets = HEAD + fields + b"\r\n\r\n"
    bad = refused(octets)
    assert (bad.status, bad.reason, bad.raw) == (status, reason, octets)


def test_http_1_0_has_no_transfer_coding():
    octets = CHUNKS.replace(b"HTTP/1.1", b"HTTP/1.0")
    bad = refused(octets)
    assert (bad.status, bad.raw) == (400, octets)
    assert bad.reason == "Bad Request: Transfer-Encoding with Content-Length or HTTP/1.0"


@pytest.mark.parametrize("empty", [[b"\r\n"], [b"\r", b"\n"], [b"\r\n\r\n\r\n"], [b"\r\n\r", b"\n"]])
def test_empty_lines_before_a_request_are_ignored(empty):
    """RFC 9112 §2.2."""
    assert [request.raw for request in read_all(*empty, BARE)] == [BARE]
    assert [request.raw for request in read_all(BARE + empty[0], *empty[1:], BARE)] == [BARE, BARE]
    assert [request.raw for request in read_all(b"".join([BARE, *empty, BARE]))] == [BARE, BARE]
    assert read_all(*empty) == []


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
def test_malformed_requests_are_rejected_with_their_octets(octets):
    bad = refused(octets)
    assert bad.status in {400, 501}
    assert bad.raw == octets


def test_a_close_without_a_request_is_not_an_error():
    assert read_all() == []


@pytest.mark.parametrize(
    ("octets", "status"),
    [
        # RFC 9112 §6.3: framing that two recipients could read differently.
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
def test_forms_of_request_smuggling_are_rejected(octets, status):
    assert refused(octets).status == status


@pytest.mark.parametrize(
    ("octets", "body", "left"),
    [
        # Java's HttpClient sends Upgrade: h2c with every request over plain HTTP.
        (UPGRADE + b"Content-Length: 3\r\n\r\nabcGET", b"abc", b"GET"),
        (b"GET / HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\nGET", b"", b"GET"),
        (CHUNKS + b"3\r\nabc\r\n0\r\nT: t\r\n\r\nGET", b"abc", b"GET"),
        (UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nT: t\r\n\r\nGET", b"abc", b"GET"),
        (UPGRADE + b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET", b"", b"GET"),
        (b"\r\n" + BARE, b"", b""),
    ],
)
def test_octets_after_a_request_belong_to_the_next_one(octets, body, left):
    reader, _ = reader_of(octets, b" / HTTP/1.1\r\nHost: b\r\n\r\n")
    assert reader.read().body == body
    if left:
        following = reader.read()
        assert (following.method, following.target, following.header("host")) == ("GET", "/", "b")
