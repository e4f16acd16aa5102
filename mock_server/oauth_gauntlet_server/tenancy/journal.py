"""Record every exchange of a tenant in order, with the faults that fired: the journal.

An exchange is recorded before the first octet of its response is sent, and before a fault waits. So a client
that has received any part of a response finds the exchange in the journal.

It also counts the responses that a listener is sending at the moment: a server that waits, or that sends slowly, has not
finished.

Each tenant has a journal, and the server has one for the requests that belong to no tenant.

The journal is bounded. When it is full, it deletes the oldest exchanges; `dropped` counts them. It is full with
`capacity` exchanges; when the memory of the server is full, too (see `tenancy.memory`). `cleared` counts the calls of
`clear`.
"""

from __future__ import annotations

import base64
import codecs
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest, RecordedResponse
from oauth_gauntlet_server.http.raw_head import raw_request_head, raw_response_head
from oauth_gauntlet_server.tenancy.memory import JOURNALS, Account, Memory
from oauth_gauntlet_server.tenancy.octets import exchange_octets

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
    """The exchanges of one tenant: at most `capacity` exchanges, whose octets count in `account`.

    `observe` is called with each exchange after it was recorded; it must not block.

    Raises:
        ValueError: the capacity is less than 1.
    """

    def __init__(
        self,
        capacity: int = 1000,
        *,
        account: Account | None = None,
        observe: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._observe = observe
        self._exchanges: deque[Exchange] = deque()
        self._sizes: deque[int] = deque()
        self._account = account or Memory().account()
        self._changed = threading.Condition()
        self._next = 1
        self._sending = 0
        self._dropped_as: Counter[tuple[str, tuple[str, ...]]] = Counter()
        self.dropped = 0
        self.cleared = 0
        self.capacity = 0
        self.set_capacity(capacity)
        self._account.journal = self

    def set_capacity(self, capacity: int) -> None:
        """Keep at most so many exchanges from now on.

        Raises:
            ValueError: the capacity is less than 1.
        """
        if capacity < 1:
            raise ValueError(f"journal_capacity must be at least 1, got {capacity}")
        with self._changed:
            self.capacity = capacity
            freed = self._drop_beyond_capacity()
        self._account.remove(JOURNALS, freed)

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
        # Counted before it is recorded, without the lock: to make room, the memory may drop exchanges of this journal.
        octets = exchange_octets(request, response)
        self._account.add(JOURNALS, octets)
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
            self._sizes.append(octets)
            freed = self._drop_beyond_capacity()
            self._changed.notify_all()
        if freed:
            self._account.remove(JOURNALS, freed)
        if self._observe is not None:
            self._observe(exchange)
        return exchange

    def free(self, octets: int) -> None:
        """Drop the oldest exchanges until so many octets are free, or none is left: the memory of the server is full."""
        freed = number = 0
        with self._changed:
            while freed < octets and self._exchanges:
                freed += self._drop_oldest()
                number += 1
        if number:
            self._account.dropped(JOURNALS, freed, number)

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
        """Return how many exchanges were recorded; the filters are those of `exchanges`.

        Exchanges that were dropped since are counted too, unless `since` is given: their numbers are not kept.
        """
        with self._changed:
            return len(self._select(endpoint, fault, since)) + self._dropped_of(endpoint, fault, since)

    def clear(self) -> None:
        """Delete all exchanges; sequence numbers continue."""
        with self._changed:
            freed = sum(self._sizes)
            self._exchanges.clear()
            self._sizes.clear()
            self._dropped_as.clear()
            self.dropped = 0
            self.cleared += 1
        self._account.remove(JOURNALS, freed)

    def wait_for(
        self, count: int, *, endpoint: str | None = None, fault: str | None = None, since: int = 0, timeout_s: float = 5.0
    ) -> tuple[Exchange, ...]:
        """Wait until at least `count` exchanges match, and return those that are kept; filters and number as in `count`.

        Raises:
            TimeoutError: fewer match after `timeout_s` seconds; the message contains their number.
        """
        deadline = time.monotonic() + timeout_s
        with self._changed:
            while (
                came := len(found := self._select(endpoint, fault, since)) + self._dropped_of(endpoint, fault, since)
            ) < count:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    where = f" at {endpoint}" if endpoint else ""
                    raise TimeoutError(f"{came} of {count} exchanges{where} came within {timeout_s} s")
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

    def _dropped_of(self, endpoint: str | None, fault: str | None, since: int) -> int:
        if since or not self.dropped:
            return 0
        return sum(
            number
            for (at, faults), number in self._dropped_as.items()
            if (endpoint is None or at == endpoint) and (fault is None or fault in faults)
        )

    def _drop_beyond_capacity(self) -> int:
        freed = 0
        while len(self._exchanges) > self.capacity:
            freed += self._drop_oldest()
        return freed

    def _drop_oldest(self) -> int:
        """Drop the oldest exchange and return its octets; the caller has the lock."""
        exchange, octets = self._exchanges.popleft(), self._sizes.popleft()
        self._dropped_as[exchange.endpoint, exchange.faults] += 1
        self.dropped += 1
        return octets


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
