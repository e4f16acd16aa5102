"""The server's side of one operation of a client: until when the client must answer, and whether it is at fault if it does not.

The time of a client counts from what the server does last: a request arrives, a response is sent, a connection ends. A client
that does not answer after that hangs, and so does one that sends nothing after a fault was delivered. While the server holds a
response, the client only waits for it; it may also wait as long as a Retry-After has asked it to. What sends nothing at all may
be the adapter's fault.
"""

from __future__ import annotations

import time

from oauth_gauntlet.checks import NoAnswer, StillWaits
from oauth_gauntlet.errors import AdapterEnded, AdapterError, AdapterTimeout
from oauth_gauntlet.files.escaping import last_lines
from oauth_gauntlet.model import Ending
from oauth_gauntlet.ports import Ports
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.listening.connection_log import ConnectionOutcome, ConnectionRecord
from oauth_gauntlet_server.tenancy.journal import Exchange

STARTING_S = 30.0
"""Seconds until the first request of an operation arrives, at least: a platform that starts cold is no client that hangs."""

ANSWERING_S = 30.0
"""Seconds beyond the time limit that an operation may take while the server sends, or waits before it sends."""

_SHOWN = 40
"""The most characters of a response that a finding repeats; a longer one is in the evidence, and may contain a token."""


class ServerSide:
    """What the server does for one tenant, and at the ports of the scenario, from the creation of this object on."""

    def __init__(self, tenant: Tenant, ports: Ports | None) -> None:
        self._tenant = tenant
        self._ports = ports
        self._last_before = tenant.journal.last
        self._connections_before = self._connection_count()
        self._seen = self._state()
        self._changed_at = 0.0
        # As it was while the client could still answer: a client that is ended ends its connections, too.
        self._unfinished = ""
        self._asked = ""

    def answer_by(self, asked_at: float, limit_s: float) -> float:
        """Return until when the client must answer (`oauth_gauntlet.adapter.AnswerBy`)."""
        now, state = time.monotonic(), self._state()
        if state != self._seen:
            self._seen, self._changed_at = state, now
        last = asked_at + limit_s + ANSWERING_S
        self._unfinished, self._asked = self.unfinished(), self._asked_to_wait()
        if self._unfinished or self._asked:
            return min(now + limit_s, last)
        if self._changed_at:
            return min(self._changed_at + limit_s, last)
        return asked_at + (limit_s if self._fault_delivered() else max(limit_s, STARTING_S))

    @property
    def hangs(self) -> bool:
        """Whether a client that has not answered is at fault: the server has finished, and had a part in this."""
        return not self._unfinished and not self._asked and (self._arrived() or self._fault_delivered())

    @property
    def waited_for(self) -> str:
        """What the server had not finished when the client's time was over, or nothing."""
        return self._unfinished

    @property
    def asked_to_wait(self) -> str:
        """How the server had asked the client to wait when the client's time was over, or nothing."""
        return self._asked

    @property
    def caused_an_end(self) -> bool:
        """Whether the server had a part in the end of the client's process: something has arrived in this scenario."""
        return self._arrived() or self._tenant.journal.last > 0 or self._fault_delivered()

    def unfinished(self) -> str:
        """Return what the server has not finished, or nothing."""
        if self._tenant.journal.unfinished:
            return "it is still sending a response, or waits before it sends it"
        if any(record.lasted_s is None and _is_held(record) for record in self._connections()):
            return "a fault holds a connection open"
        return ""

    def last_sent(self) -> str:
        """Return what the server did last in this operation, in words."""
        exchange = self._last_exchange()
        if exchange is not None:
            return _described(exchange)
        records = self._connections()[self._connections_before :]
        if records:
            return f"on a connection before any request: {records[-1].outcome} (fault {records[-1].fault})"
        return "nothing in this operation"

    def _asked_to_wait(self) -> str:
        exchange = self._last_exchange()
        if exchange is not None and exchange.response is not None:
            wait = next((value for name, value in exchange.response.headers if name.lower() == "retry-after"), None)
            if wait is not None:
                return f"Retry-After: {wait[:_SHOWN]}"
        return ""

    def _arrived(self) -> bool:
        return self._tenant.journal.last > self._last_before or self._connection_count() > self._connections_before

    def _fault_delivered(self) -> bool:
        journal, armed = self._tenant.journal, self._tenant.armed
        fired = any(each.fired for each in armed.list()) or any(exchange.faults for exchange in journal.exchanges())
        return fired or (self._ports is not None and self._ports.fault_met)

    def _last_exchange(self) -> Exchange | None:
        exchanges = self._tenant.journal.exchanges(since=self._last_before)
        return exchanges[-1] if exchanges else None

    def _connections(self) -> list[ConnectionRecord]:
        opened = () if self._ports is None else self._ports.opened
        return [record for port in opened for record in port.connections]

    def _connection_count(self) -> int:
        return 0 if self._ports is None else sum(port.count for port in self._ports.opened)

    def _state(self) -> tuple[object, ...]:
        connections = [(record.outcome, record.requests, record.lasted_s) for record in self._connections()]
        return self._tenant.journal.last, self._tenant.journal.unfinished, connections


def explained(error: AdapterTimeout | AdapterEnded, server: ServerSide) -> Exception:
    """Return what an operation without an answer says: a finding about the client, its wait, or an error of its adapter."""
    if isinstance(error, AdapterEnded):
        if not server.caused_an_end:
            return error
        seen = f"the client's process ended ({error.how}); the server had sent last: {server.last_sent()}"
        finding = NoAnswer(Ending.CRASH, seen)
    elif server.hangs:
        seen = f"the client never answers; the server had finished, and had sent last: {server.last_sent()}"
        finding = NoAnswer(Ending.HANG, seen)
    else:
        held = server.waited_for
        if server.asked_to_wait and not held:
            return StillWaits(f"the client still waits, as the server has asked it to ({server.asked_to_wait})")
        return AdapterError(f"{error.message}; the server has not finished: {held}") if held else error
    if error.stderr_tail:
        finding.add_note(f"last lines of the adapter's stderr:\n{last_lines(error.stderr_tail)}")
    return finding


def _is_held(record: ConnectionRecord) -> bool:
    return record.fault is not None and record.outcome is not ConnectionOutcome.SERVED


def _described(exchange: Exchange) -> str:
    faults = f" (fault {', '.join(exchange.faults)})" if exchange.faults else ""
    response = exchange.response
    if response is None:
        return f"no response: it ended the connection{faults}"
    body = response.body
    content = repr(body.decode("utf-8", "backslashreplace")) if len(body) <= _SHOWN else f"{len(body)} octets of content"
    return f"HTTP {response.status}{faults}, {content if body else 'no content'}"
