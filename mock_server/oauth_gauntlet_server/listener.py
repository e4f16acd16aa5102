"""Our own HTTP listener: plain sockets, one thread a connection.

It exists for what no WSGI server gives: every octet of a request, and the socket itself, so that an answer may go wrong
in any way. A connection that is silent holds a thread and nothing that others need; the number of connections and their
idle time are bounded.
"""

from __future__ import annotations

import contextlib
import logging
import socket
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from oauth_gauntlet_server.answer import Answer, json_answer
from oauth_gauntlet_server.clock import Clock
from oauth_gauntlet_server.http1 import BadRequest, RequestReader, framed, spelled, stays_open
from oauth_gauntlet_server.http_request import RecordedRequest
from oauth_gauntlet_server.wire_plan import Action, Close, Plan, Send, Wait, sent_by
from oauth_gauntlet_server.wsgi import WIRE_KEY, WireControl, WSGIApp, call, environ_of

log = logging.getLogger(__name__)

_ACCEPT_S = 1.0
"""How often the acceptor looks up; only where closing a socket does not wake who accepts on it does that matter."""

_AFTER_FAILED_ACCEPT_S = 0.05

_real_time = Clock()


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Bounds of a listener, in connections and seconds."""

    connections: int = 512
    idle_s: float = 30.0
    stop_s: float = 5.0


class ListenerError(Exception):
    """The listener cannot be had; the text says why and what to do."""


class Listener:
    """Accepts connections on one address and hands their requests to a WSGI application."""

    def __init__(self, app: WSGIApp, *, host: str, port: int, limits: Limits | None = None) -> None:
        self._app = app
        self._limits = limits or Limits()
        self._places = threading.Semaphore(self._limits.connections)
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._stopping = threading.Event()
        self._acceptor: threading.Thread | None = None
        self._socket = _listening(host, port)
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    def start(self) -> None:
        """Begin to accept."""
        self._acceptor = threading.Thread(target=self._accept, name=f"listener-{self.port}", daemon=True)
        self._acceptor.start()

    def stop(self) -> None:
        """Accept no more, end every connection, and wait for their threads."""
        self._stopping.set()
        self._places.release()  # the acceptor may wait for one
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._acceptor is not None:
            self._acceptor.join(self._limits.stop_s)
        self._socket.close()
        with self._lock:
            connections = list(self._connections.items())
        for _, connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread, _ in connections:
            thread.join(self._limits.stop_s)

    def _accept(self) -> None:
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
                continue
            return connection, client[:2]
        return None

    def _serve(self, connection: socket.socket, client: tuple[str, int]) -> None:
        try:
            connection.settimeout(self._limits.idle_s)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            self._converse(connection, client)
        except OSError:
            log.debug("the connection from %s ended", client)
        finally:
            self._end(threading.current_thread(), connection)

    def _end(self, thread: threading.Thread, connection: socket.socket) -> None:
        connection.close()
        with self._lock:
            self._connections.pop(thread, None)
        self._places.release()

    def _converse(self, connection: socket.socket, client: tuple[str, int]) -> None:
        reader = RequestReader(connection.recv, connection.sendall)
        while not self._stopping.is_set():
            try:
                request = reader.read()
            except BadRequest as bad:
                text = Answer(status=bad.status, headers=(("Content-Type", "text/plain"),), body=f"{bad.reason}\n".encode())
                answer, _ = framed(text, method="GET", keep_alive=False, now=_real_time.now())
                connection.sendall(spelled(answer))
                _drain(connection)
                return
            if request is None or not self._exchange(request, connection, client):
                return

    def _exchange(self, request: RecordedRequest, connection: socket.socket, client: tuple[str, int]) -> bool:
        """Answer one request; return whether the connection may be used again."""
        environ = environ_of(request, server=(self.host, self.port), client=client, scheme="http")
        control: WireControl = environ[WIRE_KEY]
        try:
            answer = call(self._app, environ)
        except Exception:
            log.exception("the application failed on %s %s", request.method, request.path)
            answer = json_answer(500, {"error": "server_error"})
        now = _real_time.now() if control.now is None else control.now
        answer, keep_alive = framed(answer, method=request.method, keep_alive=stays_open(request), now=now)
        plan: Plan = (Send(data=spelled(answer)),)
        for step in control.steps:
            plan = step.apply(plan)

        def record() -> None:
            sent = sent_by(plan)
            control.record(answer.recorded(sent) if sent else None)

        return self._carry_out(plan, connection, record) and keep_alive

    def _carry_out(self, plan: Plan, connection: socket.socket, record: Callable[[], None]) -> bool:
        """Do what the plan says; return whether the connection is still open.

        `record` is called before the last action, so that whoever has seen the end of the answer finds it recorded; and
        in any case once, when the client goes away before.
        """
        last = max((place for place, action in enumerate(plan) if not isinstance(action, Wait)), default=0)
        recorded = False
        try:
            for place, action in enumerate(plan):
                if place == last:
                    recorded = True
                    record()
                if not self._do(action, connection):
                    return False
            return True
        finally:
            if not recorded:
                record()

    def _do(self, action: Action, connection: socket.socket) -> bool:
        match action:
            case Send():
                connection.sendall(action.data)
                return True
            case Wait():
                return not self._stopping.wait(action.seconds)
            case Close():
                return False


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(512)
        listening.settimeout(_ACCEPT_S)
    except OSError as error:
        listening.close()
        reason = error.strerror or str(error)
        raise ListenerError(
            f"cannot listen on {host} port {port}: {reason}; choose another port (0 lets the system choose one)"
        ) from error
    return listening


def _drain(connection: socket.socket) -> None:
    """Read what is still coming, for a moment: closing with unread octets would reset the answer away."""
    with contextlib.suppress(OSError):
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(0.2)
        deadline = time.monotonic() + 1.0
        while connection.recv(65536) and time.monotonic() < deadline:
            pass
