"""Read HTTP/1.1 requests from one connection and keep every octet.

httptools (llhttp, the parser of Node) checks the syntax; it parses a request in a quarter of the time that h11 needs
(benchmarks/parser.py). The reader finds the end of each request itself and gives the parser no octet beyond it, so that
each recorded request has exactly its own octets, even if requests are pipelined.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass

from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.request_head import MOST_BODY, MOST_HEAD, BadRequest, RequestHead, too_large

_CHUNK = 64 * 1024

# A chunk of one octet takes six octets on the wire. A client that sends more, in chunk extensions, is rejected.
_MOST_RAW = MOST_HEAD + 6 * MOST_BODY

_BARE_LF = re.compile(rb"(?<!\r)\n")


@dataclass(frozen=True, kw_only=True, slots=True)
class Patience:
    """How long a reader waits, in seconds, so that a client that drips octets does not keep its connection for ever.

    `head_s`: from the first octet of a head to its end; `head_idle_s`: between two octets of a head; `body_s`: for the
    whole body. `limit_reads` sets how long a read may wait; None means the limit of the connection.
    """

    head_s: float
    head_idle_s: float
    body_s: float
    limit_reads: Callable[[float | None], None]


class RequestReader:
    """Reads the requests of one connection, one after the other.

    `receive` returns the next octets, or none at the end of the connection. `send` writes an interim response. Without
    `patience` only the limits of the connection apply.
    """

    def __init__(
        self, receive: Callable[[int], bytes], send: Callable[[bytes], None], patience: Patience | None = None
    ) -> None:
        self._receive = receive
        self._send = send
        self._patience = patience
        self._body_ends_at: float | None = None
        self._buffer = bytearray()

    def read(self) -> RecordedRequest | None:
        """Return the next request, or None if the client closed the connection.

        Raises:
            BadRequest: the request is malformed or too large, or does not arrive in time.
            OSError: the connection failed, or was idle for too long.
        """
        self._body_ends_at = None
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
        deadline: float | None = None
        while True:
            # RFC 9112 §2.2: empty lines before the request line are ignored.
            while self._buffer.startswith(b"\r\n"):
                del self._buffer[:2]
            found = self._buffer.find(b"\r\n\r\n", searched)
            # Up to three octets of the end of the head may have arrived already.
            if found > MOST_HEAD or (found == -1 and len(self._buffer) > MOST_HEAD + 3):
                raise BadRequest(431, f"Request Header Fields Too Large: the limit is {MOST_HEAD} octets", self._seen())
            if found != -1:
                if deadline is not None and self._patience is not None:
                    self._patience.limit_reads(None)
                return found + 4
            # A head cannot begin like this, or a line ends without CR: more octets cannot make it valid.
            begins_badly = b"" < self._buffer < b"!" and self._buffer != b"\r"
            if begins_badly or _BARE_LF.search(self._buffer, searched):
                raise self._malformed("a line does not end with CRLF, or is not a request line")
            searched = max(len(self._buffer) - 3, 0)
            if self._buffer and self._patience is not None:
                deadline = deadline or time.monotonic() + self._patience.head_s
                data = self._receive_in_head(self._patience, deadline)
            else:
                data = self._receive(_CHUNK)
            if not data:
                if self._buffer:
                    raise self._malformed("the connection closed within a request")
                return None
            self._buffer += data

    def _receive_in_head(self, patience: Patience, deadline: float) -> bytes:
        """Return the next octets of a head that has begun."""
        left = deadline - time.monotonic()
        try:
            if left <= 0:
                raise TimeoutError
            patience.limit_reads(min(left, patience.head_idle_s))
            return self._receive(_CHUNK)
        except (TimeoutError, BlockingIOError) as error:
            limits = f"{patience.head_s:g} s, with pauses of at most {patience.head_idle_s:g} s"
            raise BadRequest(408, f"Request Timeout: a head must arrive within {limits}", self._seen()) from error

    def _fill(self, needed: int, head: RequestHead) -> None:
        """Receive until the buffer contains `needed` octets."""
        if len(self._buffer) < needed and head.expects_continue:
            self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
            head.expects_continue = False
        while len(self._buffer) < needed:
            self._check_time_of_body()
            data = self._receive(_CHUNK)
            if not data:
                raise self._malformed("the connection closed within a request")
            self._buffer += data

    def _check_time_of_body(self) -> None:
        if self._patience is not None:
            now = time.monotonic()
            if self._body_ends_at is None:
                self._body_ends_at = now + self._patience.body_s
            elif now > self._body_ends_at:
                limit = f"{self._patience.body_s:g} s"
                raise BadRequest(408, f"Request Timeout: a body must arrive within {limit}", self._seen())

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
