"""Read HTTP/1.1 requests from one connection and keep every octet.

httptools (llhttp, the parser of Node) checks the syntax; it parses a request in a quarter of the time that h11 needs
(benchmarks/parser.py). The reader finds the end of each request itself and gives the parser no octet beyond it, so that
each recorded request has exactly its own octets, even if requests are pipelined.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.request_head import MOST_BODY, MOST_HEAD, BadRequest, RequestHead, too_large

_CHUNK = 64 * 1024

# A chunk of one octet takes six octets on the wire. A client that sends more, in chunk extensions, is rejected.
_MOST_RAW = MOST_HEAD + 6 * MOST_BODY

_BARE_LF = re.compile(rb"(?<!\r)\n")


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
        head = RequestHead(self._buffer, end)
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

    def _fill(self, needed: int, head: RequestHead) -> None:
        """Receive until the buffer contains `needed` octets."""
        if len(self._buffer) < needed and head.expects_continue:
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
            head.expects_continue = False
        while len(self._buffer) < needed:
            data = self._receive(_CHUNK)
            if not data:
                raise self._malformed("the connection closed within a request")
            self._buffer += data

    def _chunked(self, head: RequestHead) -> tuple[int, bytes]:
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

    def _end_of_line(self, start: int, head: RequestHead) -> int:
        while (found := self._buffer.find(b"\n", start)) == -1:
            if len(self._buffer) > _MOST_RAW or len(self._buffer) - start > MOST_HEAD:
                raise too_large(self._seen())
            self._fill(len(self._buffer) + 1, head)
        return found + 1

    def _malformed(self, reason: str) -> BadRequest:
        return BadRequest(400, f"Bad Request: {reason}", bytes(self._buffer))

    def _seen(self) -> bytes:
        return bytes(self._buffer[:MOST_HEAD])
