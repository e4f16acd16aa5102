"""HTTP/1.1 on one connection: reading requests to the octet, and spelling answers.

Parsing is h11's, behind `RequestReader`; nothing else in the project knows which parser it is. Answers are spelled by
hand, since a server that is to lie on the wire must not be corrected by a library.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from email.utils import formatdate

import h11

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http_request import RecordedRequest

MOST_HEAD = 64 * 1024
"""Octets of request line and header fields that are read."""

MOST_BODY = 1024 * 1024
"""Octets of a request's content that are read."""

_CHUNK = 64 * 1024

# One octet a chunk costs six on the wire; whoever spends more than that on chunk extensions is not served.
_MOST_RAW = MOST_HEAD + 6 * MOST_BODY

# RFC 9110 §8.6: no Content-Length with 204; with 304 it would speak of another response.
_NO_CONTENT = frozenset({204, 304})


class BadRequest(Exception):
    """What arrived is no request that can be answered but with this status; `raw` is what was read."""

    def __init__(self, status: int, reason: str, raw: bytes) -> None:
        super().__init__(reason)
        self.status = status
        self.reason = reason
        self.raw = raw


class RequestReader:
    """Reads the requests of one connection, one after the other.

    `receive` returns octets as they come, and none at the end; `send` writes an interim response.
    """

    def __init__(self, receive: Callable[[int], bytes], send: Callable[[bytes], None]) -> None:
        self._receive = receive
        self._send = send
        self._left_over = b""

    def read(self) -> RecordedRequest | None:
        """Return the next request, or None when the client is done.

        Raises:
            BadRequest: what arrived is malformed, or too large.
            OSError: the connection failed, or was idle for too long.
        """
        connection = h11.Connection(h11.SERVER, max_incomplete_event_size=MOST_HEAD)
        raw = bytearray(self._left_over)
        self._left_over = b""
        if raw:
            connection.receive_data(bytes(raw))
        head: h11.Request | None = None
        body = bytearray()
        while True:
            try:
                event = connection.next_event()
            except h11.RemoteProtocolError as error:
                raise BadRequest(error.error_status_hint, str(error), bytes(raw)) from error
            if event is h11.NEED_DATA:
                if len(raw) > _MOST_RAW:
                    raise _too_large(raw)
                if connection.they_are_waiting_for_100_continue:
                    self._send(b"HTTP/1.1 100 Continue\r\n\r\n")
                    connection.send(h11.InformationalResponse(status_code=100, headers=[]))
                data = self._receive(_CHUNK)
                if not data and not raw:
                    return None
                raw += data
                connection.receive_data(data)
            elif isinstance(event, h11.Request):
                head = event
                if _announced(event) > MOST_BODY:
                    # Before an interim response asks for the content (RFC 9110 §10.1.1).
                    raise _too_large(raw)
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    raise _too_large(raw)
            elif isinstance(event, h11.EndOfMessage):
                break
            else:
                return None
        assert head is not None
        self._left_over = connection.trailing_data[0]
        return RecordedRequest(
            method=head.method.decode("latin-1"),
            target=head.target.decode("latin-1"),
            http_version=head.http_version.decode("latin-1"),
            headers=tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()),
            body=bytes(body),
            raw=bytes(raw[: len(raw) - len(self._left_over)]),
        )


def _announced(head: h11.Request) -> int:
    # h11 has checked that it is one number.
    return next((int(value) for name, value in head.headers if name == b"content-length"), 0)


def _too_large(raw: bytearray) -> BadRequest:
    return BadRequest(413, f"Content Too Large: at most {MOST_BODY} octets are read", bytes(raw[:MOST_HEAD]))


def stays_open(request: RecordedRequest) -> bool:
    """Whether the client expects the connection to be used again (RFC 9112 §9.3)."""
    options = {option.strip().lower() for value in request.header_values("connection") for option in value.split(",")}
    if request.http_version == "1.0":
        return "keep-alive" in options
    return "close" not in options


def http_date(epoch_s: float) -> str:
    """Return an instant as Date has it (RFC 9110 §5.6.7)."""
    return formatdate(epoch_s, usegmt=True)


def framed(answer: Answer, *, method: str, keep_alive: bool, now: float) -> tuple[Answer, bool]:
    """Return an answer as it goes onto the wire, and whether the connection can be used after it.

    Where the answer does not say itself when it was made (`now`, in seconds since the epoch; RFC 9110 §6.6.1), how long
    it is and what becomes of the connection, that is added. An answer whose length is not what it says, as a fault may
    have it, ends the connection.
    """
    has_content = method != "HEAD" and answer.status not in _NO_CONTENT
    said = {name.lower(): value for name, value in answer.headers}
    length = str(len(answer.body))
    framed_well = "transfer-encoding" not in said and (said.get("content-length", length) == length or not has_content)
    keep_alive = keep_alive and framed_well and said.get("connection", "keep-alive").lower() == "keep-alive"
    headers = list(answer.headers)
    if "date" not in said:
        headers.append(("Date", http_date(now)))
    if answer.status not in _NO_CONTENT and "content-length" not in said and "transfer-encoding" not in said:
        headers.append(("Content-Length", length))
    if "connection" not in said:
        headers.append(("Connection", "keep-alive" if keep_alive else "close"))
    body = answer.body if has_content else b""
    return replace(answer, headers=tuple(headers), body=body), keep_alive


def spelled(answer: Answer) -> bytes:
    """Return the octets of an answer as it stands: status line, header fields, content."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason_phrase()}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    head = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return head.encode("latin-1") + answer.body
    except UnicodeEncodeError:
        # A fault's own text; UTF-8 is what a server that does not care would send.
        return head.encode("utf-8", "surrogateescape") + answer.body
