"""What became of each connection to a port: the proof that a fault was delivered.

A record is entered when the connection is accepted, and replaced as more happens to it; what a fault does is recorded
before the client can see it. The log is bounded; the oldest records go first.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from oauth_gauntlet_server.faults.fault_json import plain

MOST_RECEIVED = 16 * 1024
"""Octets of a connection that are kept: a whole TLS record."""


class ConnectionOutcome(StrEnum):
    """What happened to a connection."""

    OPEN = "open"
    """It was accepted; neither a fault nor a request yet."""
    SERVED = "served"
    """A request was read; `ConnectionRecord.requests` says how many were."""
    MALFORMED = "malformed"
    """What came is no HTTP request, and was refused with a status of 4xx."""
    UNUSED = "unused"
    """The client went away, or said nothing for too long, before a request was read.

    Clients that look at the certificate after the handshake, as Node does, refuse it in this way.
    """
    CLOSED = "closed"
    """A fault closed it in an orderly way."""
    RESET = "reset"
    """A fault reset it."""
    SILENT = "silent"
    """A fault leaves it without an answer."""
    ANSWERED_WITHOUT_HTTP = "answered_without_http"
    """A fault sent octets of its own in place of HTTP."""
    HANDSHAKE_FAILED = "handshake_failed"
    """TLS did not come about; `ConnectionRecord.alert` and `ConnectionRecord.detail` say why."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ConnectionRecord:
    """One connection. `accepted_at` is in seconds since the epoch, `lasted_s` of None means that it is still there.

    `fault` names the one that was in force for it. `received` are the first octets as they were on the wire, where a
    fault or a refusal saw them (a TLS ClientHello, for instance); what was read after a handshake is in clear. `alert` is
    the client's TLS alert by its name in RFC 8446 §6 (``unknown_ca``), `detail` what else is known of a failure.
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

    def to_json(self) -> dict[str, Any]:
        """Return the form that the control API shows."""
        return {
            "sequence": self.sequence,
            "accepted_at": self.accepted_at,
            "fault": self.fault,
            "outcome": self.outcome.value,
            "received": plain(self.received),
            "requests": self.requests,
            "alert": self.alert,
            "detail": self.detail,
            "lasted_s": self.lasted_s,
        }


class ConnectionLog:
    """The connections to one port, at most `capacity` of them; `count` is of all that there ever were."""

    def __init__(self, capacity: int = 1000, *, now: Callable[[], float] = time.time) -> None:
        self._capacity = capacity
        self._now = now
        self._records: dict[int, ConnectionRecord] = {}
        self._changed = threading.Condition()
        self.count = 0

    def enter(self) -> LoggedConnection:
        """Enter a connection that was accepted just now."""
        with self._changed:
            self.count += 1
            self._records[self.count] = ConnectionRecord(sequence=self.count, accepted_at=self._now())
            if len(self._records) > self._capacity:
                del self._records[next(iter(self._records))]
            self._changed.notify_all()
            return LoggedConnection(self, self.count)

    def records(self) -> tuple[ConnectionRecord, ...]:
        """Return what is recorded, oldest first."""
        with self._changed:
            return tuple(self._records.values())

    def clear(self) -> None:
        """Forget everything; the numbering goes on."""
        with self._changed:
            self._records.clear()

    def wait_for(
        self, count: int, *, outcome: ConnectionOutcome | None = None, ended: bool = False, timeout_s: float = 5.0
    ) -> tuple[ConnectionRecord, ...]:
        """Wait until something has happened to at least `count` connections, and return those.

        `outcome`: only connections of that outcome count; `ended`: only those that are over.

        Raises:
            TimeoutError: they did not come within `timeout_s` seconds; the text says what did.
        """
        deadline = time.monotonic() + timeout_s

        def counts(record: ConnectionRecord) -> bool:
            fits = record.outcome is outcome if outcome is not None else record.outcome is not ConnectionOutcome.OPEN
            return fits and (record.lasted_s is not None or not ended)

        with self._changed:
            while len(found := tuple(filter(counts, self._records.values()))) < count:
                remaining = deadline - time.monotonic()
                if remaining <= 0:
                    what = f" of outcome {outcome}" if outcome else ""
                    seen = ", ".join(record.outcome for record in self._records.values()) or "none"
                    raise TimeoutError(f"{len(found)} of {count} connections{what} came within {timeout_s} s; seen: {seen}")
                self._changed.wait(remaining)
            return found

    def change(self, sequence: int, change: Callable[[ConnectionRecord], ConnectionRecord]) -> None:
        """Replace a record; one that went over the bound is left alone."""
        with self._changed:
            record = self._records.get(sequence)
            if record is not None:
                self._records[sequence] = change(record)
                self._changed.notify_all()


class LoggedConnection:
    """One connection's entry, as the connection's own thread writes it."""

    def __init__(self, log: ConnectionLog, sequence: int) -> None:
        self._log = log
        self._sequence = sequence
        self._began = time.monotonic()

    def record_fault(self, fault: str) -> None:
        """Note the fault that is in force for this connection."""
        self._change(lambda record: replace(record, fault=fault))

    def record_octets(self, octets: bytes) -> None:
        """Keep octets that came, up to the bound."""
        self._change(lambda record: replace(record, received=(record.received + octets)[:MOST_RECEIVED]))

    def record_outcome(self, outcome: ConnectionOutcome, *, alert: str | None = None, detail: str = "") -> None:
        """Note what happens to the connection."""
        self._change(lambda record: replace(record, outcome=outcome, alert=alert, detail=detail))

    def record_request(self) -> None:
        """Count a request that was read."""
        self._change(lambda record: replace(record, outcome=ConnectionOutcome.SERVED, requests=record.requests + 1))

    def record_malformed(self, raw: bytes, reason: str) -> None:
        """Note that what came is no request; after requests that were, they stay what counts."""
        self.record_octets(raw)
        self._change(
            lambda record: replace(
                record, outcome=ConnectionOutcome.SERVED if record.requests else ConnectionOutcome.MALFORMED, detail=reason
            )
        )

    def record_end(self) -> None:
        """Note the end."""
        lasted_s = time.monotonic() - self._began

        def end(record: ConnectionRecord) -> ConnectionRecord:
            outcome = ConnectionOutcome.UNUSED if record.outcome is ConnectionOutcome.OPEN else record.outcome
            return replace(record, outcome=outcome, lasted_s=lasted_s)

        self._change(end)

    def _change(self, change: Callable[[ConnectionRecord], ConnectionRecord]) -> None:
        self._log.change(self._sequence, change)
