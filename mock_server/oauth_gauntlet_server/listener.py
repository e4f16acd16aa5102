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
from dataclasses import dataclass

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.http1 import BadRequest, RequestReader, spelled, stays_open
from oauth_gauntlet_server.wire_plan import Close, Plan, Send, Wait
from oauth_gauntlet_server.wsgi import WIRE_KEY, WireControl, WSGIApp, call, environ_of

log = logging.getLogger(__name__)


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
        self._places = threading.BoundedSemaphore(self._limits.connections)
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
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        if self._acceptor is not None:
            self._acceptor.join(self._limits.stop_s)
        with self._lock:
            connections = list(self._connections.items())
        for _, connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        for thread, _ in connections:
            thread.join(self._limits.stop_s)

    def _accept(self) -> None:
        while not self._stopping.is_set():
            try:
                connection, client = self._socket.accept()
            except OSError:
                return  # closed by stop()
            self._places.acquire()
            thread = threading.Thread(target=self._serve, args=(connection, client[:2]), daemon=True)
            with self._lock:
                self._connections[thread] = connection
            thread.start()

    def _serve(self, connection: socket.socket, client: tuple[str, int]) -> None:
        try:
            with connection:
                connection.settimeout(self._limits.idle_s)
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                self._converse(connection, client)
        except OSError:
            log.debug("the connection from %s ended", client)
        finally:
            with self._lock:
                self._connections.pop(threading.current_thread(), None)
            self._places.release()

    def _converse(self, connection: socket.socket, client: tuple[str, int]) -> None:
        reader = RequestReader(connection.recv, connection.sendall)
        while not self._stopping.is_set():
            try:
                request = reader.read()
            except BadRequest as bad:
                answer = Answer(
                    status=bad.status, headers=(("Content-Type", "text/plain"),), body=f"{bad.reason}\n".encode()
                )
                connection.sendall(spelled(answer, method="GET", keep_alive=False))
                _drain(connection)
                return
            if request is None:
                return
            environ = environ_of(request, server=(self.host, self.port), client=client, scheme="http")
            try:
                answer = call(self._app, environ)
            except Exception:
                log.exception("the application failed on %s %s", request.method, request.target)
                answer = Answer(
                    status=500, headers=(("Content-Type", "application/json"),), body=b'{"error":"server_error"}'
                )
            keep_alive = stays_open(request)
            control: WireControl = environ[WIRE_KEY]
            plan: Plan = (Send(data=spelled(answer, method=request.method, keep_alive=keep_alive)),)
            for step in control.steps:
                plan = step.apply(plan)
            if not self._carry_out(plan, connection, control) or not keep_alive:
                return

    def _carry_out(self, plan: Plan, connection: socket.socket, control: WireControl) -> bool:
        """Do what the plan says; return whether the connection may be used again."""
        last = max((place for place, action in enumerate(plan) if not isinstance(action, Wait)), default=-1)
        for place, action in enumerate(plan):
            if place == last:
                control.before_last_octet()
            if isinstance(action, Wait):
                if self._stopping.wait(action.seconds):
                    return False
            elif isinstance(action, Send):
                connection.sendall(action.data)
            elif isinstance(action, Close):
                return False
        return True


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(512)
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
