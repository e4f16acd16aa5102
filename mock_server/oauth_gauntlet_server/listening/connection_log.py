"""Record the outcome of each connection to a port: the proof that a connection fault happened.

A record is added when the connection is accepted, and updated when something happens to the connection. The
effect of a fault is recorded before the client can observe it. The log is bounded: a full log deletes its
oldest record.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from oauth_gauntlet_server.http.json_values import as_json

MOST_RECEIVED = 16 * 1024
"""The most octets of a connection that are kept: the size of one TLS record."""


class ConnectionOutcome(StrEnum):
    """What happened to a connection."""

    OPEN = "open"
    """It was accepted; no fault and no request has happened yet."""
    SERVED = "served"
    """A request was read; `ConnectionRecord.requests` is the number of requests."""
    MALFORMED = "malformed"
    """The client sent something that is not an HTTP request; the server rejected it with a 4xx or 5xx status."""
    UNUSED = "unused"
    """The client closed the connection, or sent nothing until the time limit, before a request was read.

    A client that checks the certificate after the handshake, as Node does, rejects the certificate in this
    way.
    """
    CLOSED = "closed"
    """A fault closed it normally (FIN)."""
    RESET = "reset"
    """A fault reset it (RST)."""
    SILENT = "silent"
    """A fault reads and sends no response."""
    ANSWERED_WITHOUT_HTTP = "answered_without_http"
    """A fault sent octets that are not HTTP."""
    HANDSHAKE_FAILED = "handshake_failed"
    """The TLS handshake failed; `ConnectionRecord.alert` and `ConnectionRecord.detail` contain the reason."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionRecord:
    """One connection. `accepted_at` is in seconds since the epoch; a `lasted_s` of None means that it is still open.

    `arrived_s` is the moment at which the last thing arrived that lets the client wait: the connection itself, or the last
    request that was read. `ended_s` is the moment at which the server noticed the end. Both are in seconds of the server's
    monotonic clock, which no other process can use; therefore they are not in the JSON representation.

    `fault` is the name of the fault that applied to it. `received` are the first octets from the client, if a
    fault or the rejection of a malformed request read them: as they were on the wire (for example a TLS
    ClientHello), or decrypted if they were read after the handshake. `alert` is the client's TLS alert, by
    its name in RFC 8446 §6 (``unknown_ca``); `detail` contains more about a failure.
    """

    sequence: int
    accepted_at: float
    fault: str | None = None
    outcome: ConnectionOutcome = ConnectionOutcome.OPEN
    received: bytes = b""
    requests: int = 0
    alert: str | None = None
    detail: str = ""
    lasted_s: float | None = None
    arrived_s: float = 0.0
    ended_s: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Return the JSON representation for the control API."""
        return {
            "sequence": self.sequence,
            "accepted_at": self.accepted_at,
            "fault": self.fault,
            "outcome": self.outcome.value,
            "received": as_json(self.received),
            "requests": self.requests,
            "alert": self.alert,
            "detail": self.detail,
            "lasted_s": self.lasted_s,
        }


class ConnectionLog:
    """The last `capacity` connections to one port; `count` is the number of all connections since the port opened.

    `now` is the clock of dates, and `monotonic` the one that measures: see `ConnectionRecord`.
    """

    def __init__(
        self, capacity: int = 1000, *, now: Callable[[], float] = time.time, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._capacity = capacity
        self._now = now
        self.monotonic = monotonic
        self._records: dict[int, ConnectionRecord] = {}
        self._changed = threading.Condition()
        self.count = 0

    def enter(self) -> LoggedConnection:
        """Add a record for a connection that was just accepted."""
        with self._changed:
            self.count += 1
            arrived_s = self.monotonic()
            self._records[self.count] = ConnectionRecord(sequence=self.count, accepted_at=self._now(), arrived_s=arrived_s)
            if len(self._records) > self._capacity:
                del self._records[next(iter(self._records))]
            self._changed.notify_all()
            return LoggedConnection(self, self.count, accepted_s=arrived_s)

    def records(self) -> tuple[ConnectionRecord, ...]:
        """Return the records, oldest first."""
        with self._changed:
            return tuple(self._records.values())

    def clear(self) -> None:
        """Delete all records; sequence numbers continue."""
        with self._changed:
            self._records.clear()

    def wait_for(
        self, count: int, *, outcome: ConnectionOutcome | None = None, ended: bool = False, timeout_s: float = 5.0
    ) -> tuple[ConnectionRecord, ...]:
        """Wait until at least `count` connections match, and return all that match.

        A connection matches if it has the given `outcome`; without `outcome`, if it has any outcome except
        OPEN. With `ended` it must also be closed.

        Raises:
            TimeoutError: fewer match after `timeout_s` seconds; the message contains the outcomes that were
                seen.
        """
        deadline = time.monotonic() + timeout_s

        def matches(record: ConnectionRecord) -> bool:
            fits = record.outcome is outcome if outcome is not None else record.outcome is not ConnectionOutcome.OPEN
            return fits and (record.lasted_s is not None or not ended)

        with self._changed:
            while len(found := tuple(filter(matches, self._records.values()))) < count:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    what = f" of outcome {outcome}" if outcome else ""
                    seen = ", ".join(record.outcome for record in self._records.values()) or "none"
                    raise TimeoutError(f"{len(found)} of {count} connections{what} came within {timeout_s} s; seen: {seen}")
                self._changed.wait(remaining)
            return found

    def update(self, sequence: int, change: Callable[[ConnectionRecord], ConnectionRecord]) -> None:
        """Update a record; do nothing if the log has deleted it."""
        with self._changed:
            record = self._records.get(sequence)
            if record is not None:
                self._records[sequence] = change(record)
                self._changed.notify_all()


class LoggedConnection:
    """The record of one connection; the thread of the connection updates it."""

    def __init__(self, log: ConnectionLog, sequence: int, *, accepted_s: float) -> None:
        self._log = log
        self._sequence = sequence
        self._accepted_s = accepted_s

    def record_fault(self, fault: str) -> None:
        """Record the fault that applies to this connection."""
        self._update(lambda record: replace(record, fault=fault))

    def record_octets(self, octets: bytes) -> None:
        """Append received octets, up to `MOST_RECEIVED` in total."""
        self._update(lambda record: replace(record, received=(record.received + octets)[:MOST_RECEIVED]))

    def record_outcome(self, outcome: ConnectionOutcome, *, alert: str | None = None, detail: str = "") -> None:
        """Record the outcome of the connection."""
        self._update(lambda record: replace(record, outcome=outcome, alert=alert, detail=detail))

    def record_request(self) -> None:
        """Count a request that was read."""
        arrived_s = self._log.monotonic()
        self._update(
            lambda record: replace(record, outcome=ConnectionOutcome.SERVED, requests=record.requests + 1, arrived_s=arrived_s)
        )

    def record_malformed(self, raw: bytes, reason: str) -> None:
        """Record a malformed request; if requests were read before it, the outcome stays SERVED."""
        self.record_octets(raw)
        self._update(
            lambda record: replace(
                record, outcome=ConnectionOutcome.SERVED if record.requests else ConnectionOutcome.MALFORMED, detail=reason
            )
        )

    def record_end(self) -> None:
        """Record the end of the connection; an outcome of OPEN becomes UNUSED."""
        ended_s = self._log.monotonic()

        def end(record: ConnectionRecord) -> ConnectionRecord:
            outcome = ConnectionOutcome.UNUSED if record.outcome is ConnectionOutcome.OPEN else record.outcome
            return replace(record, outcome=outcome, lasted_s=ended_s - self._accepted_s, ended_s=ended_s)

        self._update(end)

    def _update(self, change: Callable[[ConnectionRecord], ConnectionRecord]) -> None:
        self._log.update(self._sequence, change)
