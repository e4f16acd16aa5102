"""A handled request: the answer, its time, and how to record it.

`handle` is the seam between the application and everything that sends answers: our listener, the WSGI edge and the
bridges to HTTP libraries. It takes a request to the octet and returns a value. Nothing is sent and nothing is recorded
before the sender acts on that value.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TypeAlias

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.request_head import BadRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionInfo:
    """The connection that a request came over: the scheme of its URLs, and both addresses as host and port."""

    scheme: str
    server: tuple[str, int]
    client: tuple[str, int]


def _no_record(response: RecordedResponse | None) -> None:
    """Record nothing: the request belongs to no tenant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Handled:
    """An answer with its wire steps, and how it is recorded.

    The sender calls `record` once, before it sends the first octet: with the response, or with None if it will send
    nothing at all. A sender with a socket of its own does so, and sends, within `sending`. `now` is the time for the Date
    header field, in seconds since the epoch; None means real time. An answer with a `stream` is not recorded.
    """

    answer: Answer
    now: float | None = None
    record: Callable[[RecordedResponse | None], None] = _no_record
    sending: Callable[[], AbstractContextManager[None]] = nullcontext


RecordMalformed: TypeAlias = Callable[[BadRequest, RecordedResponse], None]
"""Records octets that are no request, with the answer to them; called before the answer is sent."""

Handle: TypeAlias = Callable[[RecordedRequest, ConnectionInfo], Handled]
"""Answers one request; may be called from many threads at once."""
