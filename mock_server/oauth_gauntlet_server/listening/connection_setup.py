"""Set up an accepted connection until its first request: connection fault, TLS handshake, connection fault.

A connection fault can act at two points: directly after the accept, and after the TLS handshake in place of
reading a request. All of this runs in the thread of the connection, and the handshake has a time limit. So a
client that stalls in the handshake, or that waits because of a fault, never blocks another connection.
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

    from oauth_gauntlet_server.listening.certificates import Certificate, IssuedCertificate

HANDSHAKE_S = 10.0
"""The time limit of a TLS handshake, in seconds."""

ReplaceSocket = Callable[[socket.socket], None]
"""A function of the listener: replaces the plain socket of the connection by its TLS socket."""


class ConnectionSetup:
    """Sets up the connections of one listener. With a `context` its URLs are https.

    `only_from` is the only address whose connections are served; others are closed at once.

    Raises:
        TLSUnavailable: the fault needs a TLS version or a certificate that is not available on this machine.
    """

    def __init__(
        self,
        *,
        host: str = "127.0.0.1",
        context: ssl.SSLContext | None = None,
        fault: ConnectionFault | None = None,
        log: ConnectionLog | None = None,
        handshake_s: float = HANDSHAKE_S,
        only_from: str | None = None,
    ) -> None:
        self._only_from = only_from
        self.fault = fault
        self.log = log or ConnectionLog()
        self._context = context
        self._faulty_context = fault.tls_context(host) if fault is not None else None
        self._handshake_s = handshake_s
        self._stopping = threading.Event()
        self._recovered = threading.Event()
        self._lock = threading.Lock()
        self._connections_with_fault = 0

    @property
    def refuses(self) -> bool:
        """Whether connections are refused now; the listener then does not listen."""
        return isinstance(self.fault, Refuse) and not self._recovered.is_set()

    def wait_to_listen(self) -> bool:
        """Wait until connections are no longer refused; return False if the listener stops instead."""
        if isinstance(self.fault, Refuse):
            self._recovered.wait(self.fault.seconds)
        return not self._stopping.is_set()

    def recover(self) -> None:
        """End the fault: every new connection is served normally."""
        self._recovered.set()

    def fail_again(self) -> None:
        """Let the fault act again on every new connection: the opposite of `recover`."""
        self._recovered.clear()

    def stop(self) -> None:
        """Stop: wake everything that waits."""
        self._stopping.set()
        self._recovered.set()

    def set_up(
        self, connection: socket.socket, logged: LoggedConnection, replace_socket: ReplaceSocket
    ) -> socket.socket | None:
        """Apply the fault and do the TLS handshake; return the socket for requests, or None if the connection ended.

        Raises:
            OSError: the connection or the handshake failed, or a time limit passed.
        """
        if self._only_from is not None and connection.getpeername()[0] != self._only_from:
            logged.record_outcome(ConnectionOutcome.CLOSED)
            return None
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
            self._connections_with_fault += 1
            return self.fault if self.fault.times is None or self._connections_with_fault <= self.fault.times else None

    def _context_for(self, fault: ConnectionFault | None) -> ssl.SSLContext | None:
        if fault is None:
            return self._context
        return (self._faulty_context or self._context) if fault.uses_tls else None

    def _carry_out(self, plan: ConnectionPlan, connection: socket.socket, logged: LoggedConnection) -> bool:
        """Carry out the actions of the plan; return whether the connection continues."""
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
            # The client can observe the next actions, so the outcome is recorded first.
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


def setup_with(
    certificate: Certificate | IssuedCertificate | bool,
    *,
    host: str,
    fault: ConnectionFault | None = None,
    only_from: str | None = None,
) -> ConnectionSetup:
    """Return the set-up of an address that presents this certificate (True: the trusted one; False: plain HTTP).

    Raises:
        TLSUnavailable: TLS is needed, and trustme is not installed or this machine's OpenSSL does not support what the
            fault needs.
    """
    if not certificate:
        return ConnectionSetup(host=host, fault=fault, only_from=only_from)
    from oauth_gauntlet_server.listening.certificates import Certificate, IssuedCertificate
    from oauth_gauntlet_server.listening.tls_context import context_with, server_context

    if isinstance(certificate, IssuedCertificate):
        context = context_with(certificate)
    else:
        context = server_context(Certificate.TRUSTED if certificate is True else certificate, host)
    return ConnectionSetup(host=host, context=context, fault=fault, only_from=only_from)


def outcome_of(plan: ConnectionPlan) -> ConnectionOutcome | None:
    """Return the outcome of a connection after a plan, or None if the connection continues normally."""
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
    """Return the client's alert by its name in RFC 8446 §6, or None; `reason` is the reason text of OpenSSL."""
    version, mark, name = reason.partition("_ALERT_")
    return name.lower() if mark and version in {"SSLV3", "TLSV1", "TLSV13"} else None
