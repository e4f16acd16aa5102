"""Our own HTTP listener: plain sockets, one thread a connection.

It exists for what no WSGI server gives: every octet of a request, and the socket itself, so that an answer may go wrong
in any way. A connection that is silent holds a thread and nothing that others need; the number of connections and their
idle time are bounded.
"""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import threading
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oauth_gauntlet_server.http.answer import Answer, json_answer
from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.http.handled import ConnectionInfo, Handle, Handled
from oauth_gauntlet_server.http.http1 import framed, framed_by_close, serialized, stays_open
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.http.plan_runner import carry_out
from oauth_gauntlet_server.http.request_reader import BadRequest, RequestReader
from oauth_gauntlet_server.http.sockets import drain, limit_waits, scheme_of, send_close_notify, wake
from oauth_gauntlet_server.http.wire_plan import ByteStream, Close, Plan, Send, Stream, answering, sent_by

if TYPE_CHECKING:
    from oauth_gauntlet_server.listening.connection_log import LoggedConnection
    from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup

log = logging.getLogger(__name__)

_ACCEPT_S = 1.0
"""How often the acceptor looks up; only where closing a socket does not wake who accepts on it does that matter."""

_AFTER_FAILED_ACCEPT_S = 0.05

_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

_CHUNK = 64 * 1024

_QUEUE = 512
"""Connections that the system keeps for the acceptor."""

_real_time = Clock()


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of a listener, in connections and seconds."""

    connections: int = 512
    idle_s: float = 30.0
    stop_s: float = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectedConnection:
    """A connection that this machine had no room for: when (monotonic clock), and what there was none of."""

    at: float
    reason: str


class ListenerError(Exception):
    """The listener cannot be had; the text says why and what to do."""


class Listener:
    """Accepts connections on one address and hands their requests to a WSGI application.

    `rejected` is the last connection that there was no room for; None while there was for all.

    `setup` stands before the first request where there is TLS, a fault or a log of connections.

    Raises:
        ListenerError: the address cannot be had.
    """

    def __init__(
        self, handle: Handle, *, host: str, port: int, limits: Limits | None = None, setup: ConnectionSetup | None = None
    ) -> None:
        self._handle = handle
        self._setup = setup
        self.limits = limits or Limits()
        self._places = threading.Semaphore(self.limits.connections)
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._acceptor: threading.Thread | None = None
        self._listens = setup is None or not setup.refuses
        self._socket = _bound(host, port, listens=self._listens)
        self.rejected: RejectedConnection | None = None
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    def start(self) -> None:
        """Begin to accept."""
        self._acceptor = threading.Thread(target=self._accept, name=f"listener-{self.port}", daemon=True)
        self._acceptor.start()

    @property
    def refuses(self) -> bool:
        """Whether connections are refused for now."""
        return not self._listens

    def recover(self) -> None:
        """Behave towards every connection from here on; listen, if connections were refused."""
        if self._setup is not None:
            self._setup.recover()
            self._listen()

    def stop(self) -> None:
        """Accept no more, end every connection, and wait for their threads."""
        self._stopping.set()
        if self._setup is not None:
            self._setup.stop()
        self._places.release()  # the acceptor may wait for one
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._acceptor is not None:
            self._acceptor.join(self.limits.stop_s)
        self._socket.close()
        with self._lock:
            connections = list(self._connections.items())
        for _, connection in connections:
            wake(connection)
        for thread, _ in connections:
            thread.join(self.limits.stop_s)

    def _listen(self) -> None:
        with self._lock:
            if not self._listens and not self._stopping.is_set():
                self._socket.listen(_QUEUE)
                self._listens = True

    def _accept(self) -> None:
        if not self._listens and self._setup is not None:
            if not self._setup.wait_to_listen():
                return
            self._listen()
        while True:
            # A place first: what is beyond the limit waits in the system's queue, and takes nothing here.
            self._places.acquire()
            accepted = self._next_connection()
            if accepted is None:
                return
            connection, client = accepted
            thread = threading.Thread(target=self._serve, args=(connection, client), daemon=True)
            with self._lock:
                self._connections[thread] = connection
            try:
                thread.start()
            except RuntimeError as error:
                log.warning("a connection is closed, since there is no thread for it: %s", error)
                self.rejected = RejectedConnection(at=time.monotonic(), reason=str(error))
                self._end(thread, connection)

    def _next_connection(self) -> tuple[socket.socket, tuple[str, int]] | None:
        while not self._stopping.is_set():
            try:
                connection, client = self._socket.accept()
            except TimeoutError:
                continue
            except OSError as error:
                # The client was gone already, or this process has no descriptor left: neither ends the server.
                if not self._stopping.wait(_AFTER_FAILED_ACCEPT_S):
                    log.warning("a connection could not be accepted: %s", error)
                    if error.errno in _NO_ROOM:
                        self.rejected = RejectedConnection(at=time.monotonic(), reason=error.strerror or str(error))
                continue
            return connection, client[:2]
        return None

    def _serve(self, connection: socket.socket, client: tuple[str, int]) -> None:
        setup = self._setup
        logged = None if setup is None else setup.log.enter()
        try:
            connection.settimeout(self.limits.idle_s)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if setup is None or logged is None:
                limit_waits(connection, self.limits.idle_s)
                self._converse(connection, client)
            elif (received := setup.receive(connection, logged, self._adopt)) is not None:
                self._converse(received, client, logged)
        except OSError as error:
            log.debug("the connection from %s ended: %s", client, error)
        finally:
            if logged is not None:
                logged.ended()
            self._end(threading.current_thread(), connection)

    def _adopt(self, connection: socket.socket) -> None:
        """Take a TLS socket in place of the plain one that it was made of."""
        with self._lock:
            self._connections[threading.current_thread()] = connection
        if self._stopping.is_set():
            raise ConnectionAbortedError("the listener stops")

    def _end(self, thread: threading.Thread, connection: socket.socket) -> None:
        with self._lock:
            adopted = self._connections.get(thread, connection)
        send_close_notify(adopted)
        adopted.close()
        with self._lock:
            self._connections.pop(thread, None)
        self._places.release()

    def _converse(self, connection: socket.socket, client: tuple[str, int], logged: LoggedConnection | None = None) -> None:
        reader = RequestReader(connection.recv, connection.sendall)
        info = ConnectionInfo(scheme=scheme_of(connection), server=(self.host, self.port), client=client)
        while not self._stopping.is_set():
            try:
                request = reader.read()
            except BadRequest as bad:
                text = Answer(status=bad.status, headers=(("Content-Type", "text/plain"),), body=f"{bad.reason}\n".encode())
                answer, _ = framed(text, method="GET", keep_alive=False, now=_real_time.now())
                if logged is not None:
                    logged.malformed(bad.raw, bad.reason)
                connection.sendall(serialized(answer))
                drain(connection)
                return
            if logged is not None and request is not None:
                logged.request()
            if request is None or not self._exchange(request, connection, info):
                return

    def _exchange(self, request: RecordedRequest, connection: socket.socket, info: ConnectionInfo) -> bool:
        """Answer one request; return whether the connection may be used again."""
        try:
            handled = self._handle(request, info)
        except Exception:
            log.exception("the application failed on %s %s", request.method, request.path)
            handled = Handled(answer=json_answer(500, {"error": "server_error"}))
        if handled.answer.stream is not None:
            with contextlib.closing(handled.answer.stream) as stream:
                return self._stream(handled.answer, stream, connection)
        now = _real_time.now() if handled.now is None else handled.now
        answer, keep_alive = framed(handled.answer, method=request.method, keep_alive=stays_open(request), now=now)
        octets = serialized(answer)
        plan: Plan = (Send(data=octets),)
        if answer.wire:
            plan = answering(octets[: len(octets) - len(answer.body)], answer.body)
            for step in answer.wire:
                plan = step.apply(plan)

        # Before the first octet: a client may have seen enough at any one, and whoever asks then is to find it recorded.
        sent = sent_by(plan)
        handled.record(answer.recorded(sent) if sent else None)
        return carry_out(plan, connection, stopping=self._stopping) and keep_alive

    def _stream(self, answer: Answer, stream: ByteStream, connection: socket.socket) -> bool:
        head = serialized(framed_by_close(answer, now=_real_time.now()))
        return carry_out((Send(data=head), Stream(pieces=stream), Close()), connection, stopping=self._stopping)


def _bound(host: str, port: int, *, listens: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if listens:
            # Not for a port at which nobody listens for now: with it, another socket could be bound to the same.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        if listens:
            bound.listen(_QUEUE)
        bound.settimeout(_ACCEPT_S)
    except OSError as error:
        bound.close()
        reason = error.strerror or str(error)
        raise ListenerError(
            f"cannot listen on {host} port {port}: {reason}; choose another port (0 lets the system choose one)"
        ) from error
    return bound
