"""Record every exchange of a tenant in order, with the faults that fired: the journal.

An exchange is recorded before the first octet of its response is sent, and before a fault waits. So a client
that has received any part of a response finds the exchange in the journal.

It also counts the responses that a listener is sending at the moment: a server that waits, or that sends slowly, has not
finished.

Each tenant has a journal, and the server has one for the requests that belong to no tenant.

The journal is bounded. When it is full, it deletes the oldest exchanges; `dropped` counts them. `cleared`
counts the calls of `clear`.
"""

from __future__ import annotations

import base64
import codecs
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.raw_head import raw_request_head, raw_response_head

MOST_OCTETS = 64 * 1024 * 1024
"""The most octets of requests and responses that the journal of one tenant keeps."""

MOST_BODY_SHOWN = 8 * 1024
"""The most octets of a body in the JSON representation of an exchange."""


class Fired(Protocol):
    """A fault that changed a response."""

    def to_json(self) -> dict[str, Any]:
        """Return its JSON representation: its name in the member ``fault``, and its parameters."""


@dataclass(frozen=True, kw_only=True)
class Exchange:
    """One request with its response; a response of None means that the connection was closed without one.

    `endpoint` is a name in the table of endpoints (`http.endpoints`), such as ``token``. `fired` contains the faults
    that fired, and `faults` their names.
    `received_at` is in seconds since the epoch on the tenant's clock. `duration_s` is the time that the
    server needed to prepare the response; a delay that a fault makes on the wire comes after it and is not
    included.
    """

    sequence: int
    endpoint: str
    request: RecordedRequest
    response: RecordedResponse | None
    faults: tuple[str, ...] = ()
    received_at: float = 0.0
    duration_s: float = 0.0
    fired: tuple[Fired, ...] = ()

    @property
    def octets(self) -> int:
        """The approximate size in octets of request and response; the journal bounds its memory by it."""
        response = 0 if self.response is None else len(self.response.body) + len(self.response.raw)
        return len(self.request.raw) + len(self.request.body) + response

    def to_json(self) -> dict[str, Any]:
        """Return the JSON representation for results.json and the control API."""
        request, response = self.request, self.response
        return {
            "request": {
                "method": request.method,
                "target": request.target,
                "http_version": request.http_version,
                "headers": _pairs(request.headers),
                **_head(raw_request_head(request)),
                **_body(request.body),
            },
            "response": None
            if response is None
            else {
                "status": response.status,
                "reason": response.reason,
                "headers": _pairs(response.headers),
                **_head(raw_response_head(response)),
                **_body(response.body),
            },
            "fault": "+".join(self.faults) or None,
        }


class Journal:
    """The exchanges of one tenant: at most `capacity` exchanges, and at most `octets` octets in total.

    The last exchange is always kept, also when it alone is larger than `octets`. `observe` is called with each exchange
    after it was recorded; it must not block.
    """

    def __init__(
        self, capacity: int = 1000, *, octets: int = MOST_OCTETS, observe: Callable[[Exchange], None] | None = None
    ) -> None:
        self._observe = observe
        self._exchanges: deque[Exchange] = deque()
        self._capacity = capacity
        self._most_octets = octets
        self._octets = 0
        self._changed = threading.Condition()
        self._next = 1
        self._sending = 0
        self.dropped = 0
        self.cleared = 0

    def record(
        self,
        *,
        endpoint: str,
        request: RecordedRequest,
        response: RecordedResponse | None,
        faults: tuple[str, ...] = (),
        received_at: float = 0.0,
        duration_s: float = 0.0,
        fired: tuple[Fired, ...] = (),
    ) -> Exchange:
        """Add an exchange with the next sequence number, wake the threads in `wait_for`, and return the exchange."""
        with self._changed:
            exchange = Exchange(
                sequence=self._next,
                endpoint=endpoint,
                request=request,
                response=response,
                faults=faults,
                received_at=received_at,
                duration_s=duration_s,
                fired=fired,
            )
            self._next += 1
            self._exchanges.append(exchange)
            self._octets += exchange.octets
            while len(self._exchanges) > self._capacity or (self._octets > self._most_octets and len(self._exchanges) > 1):
                self._octets -= self._exchanges.popleft().octets
                self.dropped += 1
            self._changed.notify_all()
        if self._observe is not None:
            self._observe(exchange)
        return exchange

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Count a response as being sent while the context lasts."""
        with self._changed:
            self._sending += 1
        try:
            yield
        finally:
            with self._changed:
                self._sending -= 1

    @property
    def unfinished(self) -> int:
        """The number of responses that are being sent at the moment, or for which the server waits before it sends them."""
        return self._sending

    def exchanges(
        self, endpoint: str | None = None, *, fault: str | None = None, since: int = 0, limit: int | None = None
    ) -> tuple[Exchange, ...]:
        """Return the recorded exchanges, oldest first, at most `limit`.

        Filters: `endpoint`; `fault`, the name of a fault that fired; `since`, only higher sequence numbers.
        """
        with self._changed:
            return self._select(endpoint, fault, since)[:limit]

    @property
    def last(self) -> int:
        """The sequence number of the last recorded exchange; 0 before the first."""
        return self._next - 1

    def requests(self, endpoint: str | None = None) -> tuple[RecordedRequest, ...]:
        """Return the requests of the recorded exchanges."""
        return tuple(exchange.request for exchange in self.exchanges(endpoint))

    def count(self, endpoint: str | None = None, *, fault: str | None = None, since: int = 0) -> int:
        """Return the number of recorded exchanges; the filters are those of `exchanges`."""
        return len(self.exchanges(endpoint, fault=fault, since=since))

    def clear(self) -> None:
        """Delete all exchanges; sequence numbers continue."""
        with self._changed:
            self._exchanges.clear()
            self._octets = 0
            self.dropped = 0
            self.cleared += 1

    def wait_for(
        self, count: int, *, endpoint: str | None = None, fault: str | None = None, since: int = 0, timeout_s: float = 5.0
    ) -> tuple[Exchange, ...]:
        """Wait until at least `count` exchanges match, and return all that match; filters as in `exchanges`.

        Raises:
            TimeoutError: fewer match after `timeout_s` seconds; the message contains their number.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while len(found := self._select(endpoint, fault, since)) < count:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    where = f" at {endpoint}" if endpoint else ""
                    raise TimeoutError(f"{len(found)} of {count} exchanges{where} came within {timeout_s} s")
                self._changed.wait(remaining)
            return found

    def _select(self, endpoint: str | None, fault: str | None, since: int) -> tuple[Exchange, ...]:
        return tuple(
            each
            for each in self._exchanges
            if each.sequence > since
            and (endpoint is None or each.endpoint == endpoint)
            and (fault is None or fault in each.faults)
        )


def _pairs(headers: Headers) -> list[list[str]]:
    return [[name, value] for name, value in headers]


def _head(raw: str | None) -> dict[str, Any]:
    return {} if raw is None else {"head": raw}


def _body(body: bytes) -> dict[str, Any]:
    shown = body[:MOST_BODY_SHOWN]
    truncated = len(body) > len(shown)
    cut: dict[str, Any] = {"body_truncated": True, "body_length": len(body)} if truncated else {}
    try:
        # A cut body is not decoded as final input: an incomplete character at the cut is no error.
        text, _ = codecs.utf_8_decode(shown, "strict", not truncated)
    except UnicodeDecodeError:
        escaped = shown.decode("utf-8", "backslashreplace")
        return {"body": escaped, "body_base64": base64.b64encode(shown).decode(), **cut}
    return {"body": text, **cut}
