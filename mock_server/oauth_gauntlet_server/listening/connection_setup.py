"""What a connection meets between its acceptance and its first request: a fault, the TLS handshake, a fault again.

All of it happens in the connection's own thread and within time limits, so that a client that stalls in the handshake,
or that a fault leaves waiting, holds nobody else up.
"""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from oauth_gauntlet_server.http.sockets import drain, peek, reset_on_close
from oauth_gauntlet_server.http.wire_plan import Close, Send, Wait
from oauth_gauntlet_server.listening.connection_faults.base import AwaitOctets, ConnectionFault, ConnectionPlan, Hold, Reset
from oauth_gauntlet_server.listening.connection_faults.tcp import Refuse
from oauth_gauntlet_server.listening.connection_log import MOST_RECEIVED, ConnectionLog, ConnectionOutcome, LoggedConnection

if TYPE_CHECKING:
    import ssl

HANDSHAKE_S = 10.0
"""Seconds that a TLS handshake may take."""

ReplaceSocket = Callable[[socket.socket], None]
"""Tells the listener which socket stands for the connection from now on."""


class ConnectionSetup:
    """Receives the connections of one listener. `context` makes its URLs https.

    Raises:
        TLSUnavailable: the fault needs TLS of a kind that cannot be had on this machine.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        context: ssl.SSLContext | None = None,
        fault: ConnectionFault | None = None,
        log: ConnectionLog | None = None,
        handshake_s: float = HANDSHAKE_S,
    ) -> None:
        self.fault = fault
        self.log = log or ConnectionLog()
        self._context = context
        self._faulty_context = fault.tls_context(host) if fault is not None else None
        self._handshake_s = handshake_s
        self._stopping = threading.Event()
        self._recovered = threading.Event()
        self._lock = threading.Lock()
        self._faulty = 0

    @property
    def refuses(self) -> bool:
        """Whether the listener is not to listen for now."""
        return isinstance(self.fault, Refuse) and not self._recovered.is_set()

    def wait_to_listen(self) -> bool:
        """Wait as long as connections are refused; return whether the listener is to listen then."""
        if isinstance(self.fault, Refuse):
            self._recovered.wait(self.fault.seconds)
        return not self._stopping.is_set()

    def recover(self) -> None:
        """Behave towards every connection from here on."""
        self._recovered.set()

    def stop(self) -> None:
        """Cut short whatever waits."""
        self._stopping.set()
        self._recovered.set()

    def set_up(
        self, connection: socket.socket, logged: LoggedConnection, replace_socket: ReplaceSocket
    ) -> socket.socket | None:
        """Return the socket on which requests are to be read, or None where there are none to be read.

        Raises:
            OSError: the connection failed, the handshake did, or a time limit passed.
        """
        fault, idle_s = self._due(), connection.gettimeout()
        if fault is not None:
            logged.record_fault(fault.name)
            if not self._carry_out(fault.on_accept(), connection, logged):
                return None
        context = self._context_for(fault)
        if context is not None:
            connection.settimeout(self._handshake_s)
            if fault is not None:
                logged.record_octets(peek(connection, MOST_RECEIVED))
            connection = _secured(connection, context, logged, replace_socket)
            connection.settimeout(idle_s)
        if fault is not None and not self._carry_out(fault.before_request(), connection, logged):
            return None
        return connection

    def _due(self) -> ConnectionFault | None:
        if self.fault is None or self._recovered.is_set() or isinstance(self.fault, Refuse):
            return None
        with self._lock:
            self._faulty += 1
            return self.fault if self.fault.times is None or self._faulty <= self.fault.times else None

    def _context_for(self, fault: ConnectionFault | None) -> ssl.SSLContext | None:
        if fault is None:
            return self._context
        return (self._faulty_context or self._context) if fault.speaks_tls else None

    def _carry_out(self, plan: ConnectionPlan, connection: socket.socket, logged: LoggedConnection) -> bool:
        """Do what the plan says; return whether the connection is to go on."""
        outcome = outcome_of(plan)
        for action in plan:
            match action:
                case AwaitOctets():
                    octets = peek(connection, MOST_RECEIVED)
                    logged.record_octets(octets)
                    if not octets:
                        return False
                    continue
                case Wait():
                    if self._stopping.wait(action.seconds):
                        return False
                    continue
            # What follows shows at the client, and is to be in the log by then.
            if outcome is not None:
                logged.record_outcome(outcome)
            match action:
                case Send():
                    connection.sendall(action.data)
                case Hold():
                    _hold(connection, action.seconds, logged)
                case Close():
                    drain(connection)
                case Reset():
                    reset_on_close(connection)
        return outcome is None


def outcome_of(plan: ConnectionPlan) -> ConnectionOutcome | None:
    """Return what a connection comes to by a plan; None when it goes on as if nothing had been."""
    if any(isinstance(action, Send) for action in plan):
        return ConnectionOutcome.ANSWERED_WITHOUT_HTTP
    match plan[-1] if plan else None:
        case Hold():
            return ConnectionOutcome.SILENT
        case Close():
            return ConnectionOutcome.CLOSED
        case Reset():
            return ConnectionOutcome.RESET
    return None


def _hold(connection: socket.socket, seconds: float | None, logged: LoggedConnection) -> None:
    deadline = None if seconds is None else time.monotonic() + seconds
    kept = 0
    while True:
        connection.settimeout(None if deadline is None else max(deadline - time.monotonic(), 0.001))
        try:
            octets = connection.recv(MOST_RECEIVED)
        except TimeoutError:
            drain(connection)
            return
        if not octets:
            return
        if kept < MOST_RECEIVED:
            logged.record_octets(octets)
            kept += len(octets)


def _secured(
    connection: socket.socket, context: ssl.SSLContext, logged: LoggedConnection, replace_socket: ReplaceSocket
) -> socket.socket:
    secured = context.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
    replace_socket(secured)
    try:
        secured.do_handshake()
    except OSError as error:
        reason = str(getattr(error, "reason", None) or error)
        logged.record_outcome(ConnectionOutcome.HANDSHAKE_FAILED, alert=alert_in(reason), detail=reason)
        raise
    return secured


def alert_in(reason: str) -> str | None:
    """Return the alert that the other side sent, by its name in RFC 8446 §6; `reason` is what OpenSSL calls it."""
    version, mark, name = reason.partition("_ALERT_")
    return name.lower() if mark and version in {"SSLV3", "TLSV1", "TLSV13"} else None
