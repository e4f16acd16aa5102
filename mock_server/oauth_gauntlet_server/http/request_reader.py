"""Reads HTTP/1.1 requests from one connection and keeps every octet.

httptools (llhttp, the parser of Node) checks the syntax; it parses a request in a quarter of the time that h11 needs
(benchmarks/parser.py). The reader finds the end of each request itself and gives the parser no octet beyond it, so that
each recorded request has exactly its own octets, even if requests are pipelined.
"""

from __future__ import annotations

import re
from collections.abc import Callable

import httptools

from oauth_gauntlet_server.http.http_request import RecordedRequest

MOST_HEAD = 64 * 1024
"""Limit of a request line with its header fields, in octets."""

MOST_BODY = 1024 * 1024
"""Limit of a request's content, in octets."""

_CHUNK = 64 * 1024

# A chunk of one octet takes six octets on the wire. A client that sends more, in chunk extensions, is rejected.
_MOST_RAW = MOST_HEAD + 6 * MOST_BODY

_BARE_LF = re.compile(rb"(?<!\r)\n")


class BadRequest(Exception):
    """The octets are not a valid request; the answer has this status. `raw` contains the octets that were read."""

    def __init__(self, status: int, reason: str, raw: bytes) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.raw = raw


class RequestReader:
    """Reads the requests of one connection, one after the other.

    `receive` returns the next octets, or none at the end of the connection. `send` writes an interim response.
    """

    def __init__(self, receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send
        self._buffer = bytearray()

    def read(self) -> RecordedRequest | None:
        """Return the next request, or None if the client closed the connection.

        Raises:
            BadRequest: the request is malformed or too large.
            OSError: the connection failed, or was idle for too long.
        """
        end = self._end_of_head()
        if end is None:
            return None
        head = _Head(self._buffer, end)
        if head.content_length is not None:
            end += head.content_length
            self._fill(end, head)
            body = bytes(self._buffer[head.end : end])
        elif head.chunked:
            end, body = self._chunked(head)
        else:
            body = b""
        raw = bytes(self._buffer[:end])
        del self._buffer[:end]
        return RecordedRequest(
            method=head.method, target=head.target, http_version=head.http_version, headers=head.headers, body=body, raw=raw
        )

    def _end_of_head(self) -> int | None:
        """Return the offset at which the head ends, or None if the client closed the connection before it."""
        searched = 0
        while True:
            # RFC 9112 §2.2: empty lines before the request line are ignored.
            while self._buffer.startswith(b"\r\n"):
                del self._buffer[:2]
            found = self._buffer.find(b"\r\n\r\n", searched)
            # Up to three octets of the end of the head may have arrived already.
            if found > MOST_HEAD or (found == -1 and len(self._buffer) > MOST_HEAD + 3):
                raise BadRequest(431, f"Request Header Fields Too Large: the limit is {MOST_HEAD} octets", self._seen())
            if found != -1:
                return found + 4
            # A head cannot begin like this, or a line ends without CR: more octets cannot make it valid.
            begins_badly = b"" < self._buffer < b"!" and self._buffer != b"\r"
            if begins_badly or _BARE_LF.search(self._buffer, searched):
                raise self._malformed("a line does not end with CRLF, or is not a request line")
            searched = max(len(self._buffer) - 3, 0)
            data = self._receive(_CHUNK)
            if not data:
                if self._buffer:
                    raise self._malformed("the connection closed within a request")
                return None
            self._buffer += data

    def _fill(self, needed: int, head: _Head) -> None:
        """Receive until the buffer contains `needed` octets."""
        if len(self._buffer) < needed and head.expects_continue:
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
            head.expects_continue = False
        while len(self._buffer) < needed:
            data = self._receive(_CHUNK)
            if not data:
                raise self._malformed("the connection closed within a request")
            self._buffer += data

    def _chunked(self, head: _Head) -> tuple[int, bytes]:
        """Feed the parser line by line and chunk by chunk; return the end of the request and its body.

        So the parser never gets octets that follow the request.
        """
        at = head.end
        while not head.complete:
            line_end = self._end_of_line(at, head)
            line = bytes(self._buffer[at:line_end])
            head.feed(line)
            at = line_end
            size = head.chunk_size(line)
            if size:
                if len(head.body) + size > MOST_BODY:
                    raise too_large(self._seen())
                self._fill(at + size + 2, head)
                head.feed(bytes(self._buffer[at : at + size + 2]))
                at += size + 2
            if at > _MOST_RAW:
                raise too_large(self._seen())
        return at, bytes(head.body)

    def _end_of_line(self, start: int, head: _Head) -> int:
        while (found := self._buffer.find(b"\n", start)) == -1:
            if len(self._buffer) > _MOST_RAW or len(self._buffer) - start > MOST_HEAD:
                raise too_large(self._seen())
            self._fill(len(self._buffer) + 1, head)
        return found + 1

    def _malformed(self, reason: str) -> BadRequest:
        return BadRequest(400, f"Bad Request: {reason}", bytes(self._buffer))

    def _seen(self) -> bytes:
        return bytes(self._buffer[:MOST_HEAD])


class _Head:
    """The parsed head of one request. It parses a chunked body too, if that is fed to it."""

    def __init__(self, octets: bytearray, end: int) -> None:
        self.end = end
        self.body = bytearray()
        self.in_trailer = False
        self._octets = octets
        self._url = b""
        self._fields: list[tuple[bytes, bytes]] = []
        self._parser = httptools.HttpRequestParser(self)
        self.feed(bytes(octets[:end]))
        self.method = self._parser.get_method().decode("latin-1")
        self.http_version = self._parser.get_http_version()
        self.target = self._url.decode("latin-1")
        self.headers = tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in self._fields)
        self._check()
        if self.chunked:
            self._begin_chunks()

    def on_url(self, url: bytes) -> None:
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        # Trailer fields arrive after `headers` was made and are ignored (RFC 9110 §6.5.1).
        self._fields.append((name, value.rstrip(b" \t")))

    def on_body(self, body: bytes) -> None:
        self.body += body

    def on_message_complete(self) -> None:
        self.complete = True

    def feed(self, octets: bytes) -> None:
        """Feed octets to the parser.

        Raises:
            BadRequest: they are malformed.
        """
        try:
            self._parser.feed_data(octets)
        except httptools.HttpParserUpgrade:
            # A server may ignore Upgrade and continue with HTTP/1.1 (RFC 9110 §7.8).
            pass
        except httptools.HttpParserError as error:
            raise BadRequest(400, f"Bad Request: {error}", bytes(self._octets)) from error

    def _begin_chunks(self) -> None:
        """Start a second parser for the body: the first one stops after the head of a request with Upgrade.

        Java's HttpClient sends Upgrade: h2c with every request over plain HTTP, and chunks if it does not know the length.
        """
        self.complete = False
        self._parser = httptools.HttpRequestParser(self)
        self.feed(b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n")

    def chunk_size(self, line: bytes) -> int:
        """Return the size in the first line of a chunk; 0 starts the trailer. The parser has checked the line."""
        size = 0 if self.complete or self.in_trailer else int(line.partition(b";")[0], 16)
        self.in_trailer = size == 0
        return size

    def _check(self) -> None:
        """Make the checks that the parser leaves to the server, and find out how the body is framed.

        Raises:
            BadRequest: RFC 9112 requires a server to reject the request.
        """
        self.content_length: int | None = None
        self.chunked = self.expects_continue = False
        hosts = 0
        for name, value in self._fields:
            # Almost every field is another one; comparing the length of its name first is faster.
            if len(name) not in _LENGTHS:
                continue
            match name.lower():
                case b"host":
                    hosts += 1
                case b"content-length":
                    # The parser has checked that there is exactly one such field, with one number.
                    self.content_length = int(value)
                case b"transfer-encoding":
                    self.chunked = True
                    if value.strip().lower() != b"chunked":
                        raise BadRequest(
                            501, "Not Implemented: only the chunked transfer coding is supported", bytes(self._octets)
                        )
                case b"expect":
                    self.expects_continue = value.strip().lower() == b"100-continue" and self.http_version == "1.1"
        if self.http_version not in {"1.1", "1.0"}:
            raise BadRequest(505, "HTTP Version Not Supported", bytes(self._octets))
        # RFC 9112 §3.2: exactly one Host field in HTTP/1.1, and at most one in HTTP/1.0.
        if hosts > 1 or (hosts == 0 and self.http_version == "1.1"):
            raise BadRequest(400, f"Bad Request: expected one Host header field, got {hosts}", bytes(self._octets))
        # RFC 9112 §6.1: HTTP/1.0 has no transfer codings; both framings at once may be request smuggling.
        if self.chunked and (self.http_version == "1.0" or self.content_length is not None):
            raise BadRequest(400, "Bad Request: Transfer-Encoding with Content-Length or HTTP/1.0", bytes(self._octets))
        if self.content_length is not None and self.content_length > MOST_BODY:
            # Checked before a 100 (Continue) asks for the content (RFC 9110 §10.1.1).
            raise too_large(bytes(self._octets[:MOST_HEAD]))


_LENGTHS = frozenset(len(name) for name in ("host", "content-length", "transfer-encoding", "expect"))


def too_large(seen: bytes) -> BadRequest:
    """Return the error for content beyond `MOST_BODY`."""
    return BadRequest(413, f"Content Too Large: the limit is {MOST_BODY} octets", seen)
