"""The head of an HTTP/1.1 request: its limits, its syntax, and how it frames the body (RFC 9112 §3, §6).

httptools checks the syntax. RFC 9112 leaves more to the server: exactly one Host field, one framing of the body, and a
limit of sizes. A head that fails a check is a `BadRequest` with the status of the answer.
"""

from __future__ import annotations

import httptools

MOST_HEAD = 64 * 1024
"""Limit of a request line with its header fields, in octets."""

MOST_BODY = 1024 * 1024
"""Limit of a request's content, in octets."""


class BadRequest(Exception):
    """The octets are not a valid request; the answer has this status. `raw` contains the octets that were read."""

    def __init__(self, status: int, reason: str, raw: bytes) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.raw = raw


class RequestHead:
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
        """Keep the request target (called by the parser)."""
        self._url = url

    def on_header(self, name: bytes, value: bytes) -> None:
        """Keep a header field (called by the parser)."""
        # Trailer fields arrive after `headers` was made and are ignored (RFC 9110 §6.5.1).
        self._fields.append((name, value.rstrip(b" \t")))

    def on_body(self, body: bytes) -> None:
        """Append to the body (called by the parser)."""
        self.body += body

    def on_message_complete(self) -> None:
        """Note the end of the request (called by the parser)."""
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
