"""HTTP/1.1 on one connection: reading requests to the octet, and spelling answers.

Parsing is h11's, behind `RequestReader`; nothing else in the project knows which parser it is. Answers are spelled by
hand, since a server that is to lie on the wire must not be corrected by a library.
"""

from __future__ import annotations

from collections.abc import Callable

import h11

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http_request import RecordedRequest

MOST_HEAD = 64 * 1024
"""Octets of request line and header fields that are read."""

MOST_BODY = 1024 * 1024
"""Octets of a request's content that are read."""

_CHUNK = 64 * 1024


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
            elif isinstance(event, h11.Data):
                body += event.data
                if len(body) > MOST_BODY:
                    raise BadRequest(413, "Content Too Large", bytes(raw[:MOST_HEAD]))
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
            headers=tuple(
                (name.decode("latin-1"), value.decode("latin-1")) for name, value in head.headers.raw_items()
            ),
            body=bytes(body),
            raw=bytes(raw[: len(raw) - len(self._left_over)]),
        )


def stays_open(request: RecordedRequest) -> bool:
    """Whether the client expects the connection to be used again (RFC 9112 §9.3)."""
    options = {option.strip().lower() for value in request.header_values("connection") for option in value.split(",")}
    if request.http_version == "1.0":
        return "keep-alive" in options
    return "close" not in options


def spelled(answer: Answer, *, method: str, keep_alive: bool) -> bytes:
    """Return the octets of an answer: status line, header fields, content."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason_phrase()}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    # RFC 9110 §8.6: no Content-Length with 1xx and 204.
    if answer.status >= 200 and answer.status != 204 and answer.header("content-length") is None:
        lines.append(f"Content-Length: {len(answer.body)}")
    lines.append(f"Connection: {'keep-alive' if keep_alive else 'close'}")
    head = "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n"
    bodiless = method == "HEAD" or answer.status in {204, 304}
    return head if bodiless else head + answer.body
