"""The HTTP listener: accepts connections on one address, and serves each in its own thread.

Any WSGI server could serve the application, but none gives what faults need: every octet of a request, and the socket
itself, so that an answer can go wrong in any way. One thread per connection keeps this simple. A thread may block as long
as its fault demands, and that delays no other connection. The costs are bounded by the number of connections and by their
idle time. A connection beyond the limit waits in the system's queue; it is not refused.
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

from oauth_gauntlet_server.http.handled import ConnectionInfo, Handle, RecordMalformed
from oauth_gauntlet_server.http.sockets import limit_waits, scheme_of, send_close_notify, stop_receiving, wake
from oauth_gauntlet_server.listening.limits import Limits
from oauth_gauntlet_server.listening.request_loop import RequestLoop

if TYPE_CHECKING:
    from oauth_gauntlet_server.listening.connection_setup import ConnectionSetup

log = logging.getLogger(__name__)

_ACCEPT_S = 1.0
"""How often the acceptor checks whether to stop, in seconds.

This matters only on systems where shutdown of a listening socket does not wake the thread that accepts on it.
"""

_AFTER_FAILED_ACCEPT_S = 0.05
"""The wait before the next accept, in seconds: without it, a process without free descriptors would loop busily."""

_NO_ROOM = {errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM}

_QUEUE = 512
"""How many connections the system queues for the acceptor."""


@dataclass(frozen=True, kw_only=True, slots=True)
class RejectedConnection:
    """A connection that this machine had no room for: the time (monotonic clock), and the reason of the system."""

    at: float
    reason: str


class ListenerError(Exception):
    """The listener cannot work as asked; the text gives the reason and the next step."""


class Listener:
    """Accepts connections on one address and passes their requests to `handle`.

    `rejected` is the last connection that this machine had no room for, or None. `setup` is needed for TLS, a connection
    fault or a log of connections: it runs before the first request of each connection. `record_malformed` is called with
    octets that are no request.

    Raises:
        ListenerError: the address cannot be used.
    """

    def __init__(
        self,
        handle: Handle,
        *,
        host: str,
        port: int,
        limits: Limits | None = None,
        setup: ConnectionSetup | None = None,
        record_malformed: RecordMalformed | None = None,
    ) -> None:
        self._stopping = threading.Event()
        self._ending = threading.Event()
        self.limits = limits or Limits()
        self._requests = RequestLoop(
            handle, self.limits, stopping=self._stopping, ending=self._ending, record_malformed=record_malformed
        )
        self._setup = setup
        self._places = threading.Semaphore(self.limits.connections)
        self._connections: dict[threading.Thread, socket.socket] = {}
        self._lock = threading.Lock()
        self._acceptor: threading.Thread | None = None
        self._listens = setup is None or not setup.refuses
        self._socket = _bound(host, port, listens=self._listens)
        self.rejected: RejectedConnection | None = None
        self.host = host
        self.port: int = self._socket.getsockname()[1]

    def url(self, scheme: str) -> str:
        """Return the base URL of this address. For a listener on every interface (0.0.0.0, ::) it names loopback."""
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.host, self.host)  # noqa: S104 - not bound
        return f"{scheme}://[{host}]:{self.port}" if ":" in host else f"{scheme}://{host}:{self.port}"

    def start(self) -> None:
        """Start to accept connections."""
        self._acceptor = threading.Thread(target=self._accept, name=f"listener-{self.port}", daemon=True)
        self._acceptor.start()

    @property
    def started(self) -> bool:
        """Whether `start` was called. Before, clients can connect and wait for their answers."""
        return self._acceptor is not None

    @property
    def refuses(self) -> bool:
        """Whether connections are refused at the moment."""
        return not self._listens

    def recover(self) -> None:
        """Serve every new connection without a connection fault; start to listen if connections were refused."""
        if self._setup is not None:
            self._setup.recover()
            self._listen()

    def fail_again(self) -> None:
        """Let the connection fault act again on every new connection. A port that listens does not refuse again."""
        if self._setup is not None:
            self._setup.fail_again()

    @property
    def in_flight(self) -> int:
        """The number of connections with a request that is being received or answered at the moment."""
        return len(self._requests.in_flight)

    def end(self) -> None:
        """Refuse new connections, and close each connection as soon as no request is in flight; do not wait for that."""
        self._stop_accepting()
        with self._lock:
            connections = list(self._connections.items())
        in_flight = self._requests.in_flight
        for thread, connection in connections:
            if thread.ident not in in_flight:
                stop_receiving(connection)

    def stop(self) -> None:
        """Stop accepting, close every connection, and wait for their threads."""
        self._stopping.set()
        self._stop_accepting()
        with self._lock:
            connections = list(self._connections.items())
        for _, connection in connections:
            wake(connection)
        for thread, _ in connections:
            thread.join(self.limits.stop_s)

    def _stop_accepting(self) -> None:
        self._ending.set()
        if self._setup is not None:
            self._setup.stop()
        self._places.release()  # the acceptor may be waiting for one
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        if self._acceptor is not None:
            self._acceptor.join(self.limits.stop_s)
        self._socket.close()

    def _listen(self) -> None:
        with self._lock:
            if not self._listens and not self._ending.is_set():
                self._socket.listen(_QUEUE)
                self._listens = True

    def _accept(self) -> None:
        if not self._listens and self._setup is not None:
            if not self._setup.wait_to_listen():
                return
            self._listen()
        while True:
            # A place first: a connection beyond the limit waits in the system's queue and uses nothing of this process.
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
                log.warning("a connection is closed, because no thread can be started for it: %s", error)
                self.rejected = RejectedConnection(at=time.monotonic(), reason=str(error))
                self._end(thread, connection)

    def _next_connection(self) -> tuple[socket.socket, tuple[str, int]] | None:
        while not self._ending.is_set():
            try:
                connection, client = self._socket.accept()
            except TimeoutError:
                continue
            except OSError as error:
                # The client is gone already, or this process has no descriptor left: neither may stop the server.
                if not self._ending.wait(_AFTER_FAILED_ACCEPT_S):
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
                self._requests.run(connection, self._info(connection, client))
            elif (received := setup.set_up(connection, logged, self._replace_socket)) is not None:
                self._requests.run(received, self._info(received, client), logged)
        except OSError as error:
            log.debug("the connection from %s ended: %s", client, error)
        finally:
            if logged is not None:
                logged.record_end()
            self._end(threading.current_thread(), connection)

    def _info(self, connection: socket.socket, client: tuple[str, int]) -> ConnectionInfo:
        return ConnectionInfo(scheme=scheme_of(connection), server=(self.host, self.port), client=client)

    def _replace_socket(self, connection: socket.socket) -> None:
        """Replace the plain socket of this thread by the TLS socket that wraps it."""
        with self._lock:
            self._connections[threading.current_thread()] = connection
        if self._stopping.is_set():
            raise ConnectionAbortedError("the listener is stopping")

    def _end(self, thread: threading.Thread, connection: socket.socket) -> None:
        with self._lock:
            current = self._connections.get(thread, connection)
        send_close_notify(current)
        current.close()
        with self._lock:
            self._connections.pop(thread, None)
        self._places.release()


def _bound(host: str, port: int, *, listens: bool) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    try:
        if listens:
            # Not if the port refuses connections for now: another socket could be bound to the same port.
            bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        bound.bind((host, port))
        if listens:
            bound.listen(_QUEUE)
        bound.settimeout(_ACCEPT_S)
    except (OSError, UnicodeError, OverflowError) as error:
        bound.close()
        raise ListenerError(f"cannot listen on {host} port {port}: {_reason(error)}; {_advice(error, host)}") from error
    return bound


def _reason(error: Exception) -> str:
    return (error.strerror if isinstance(error, OSError) else None) or str(error)


def _advice(error: Exception, host: str) -> str:
    """Return the next step after an address could not be used."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"{host} is no address and no host name that this machine knows; use 127.0.0.1, or 0.0.0.0 for all its addresses"
    match getattr(error, "errno", None):
        case errno.EADDRNOTAVAIL:
            return f"{host} is no address of this machine; use 127.0.0.1, or 0.0.0.0 for all its addresses"
        case errno.EAFNOSUPPORT:
            return "this machine has no IPv6; use 127.0.0.1, or 0.0.0.0 for all its addresses"
        case errno.EACCES | errno.EPERM:
            return "this user may not use that port; choose one above 1023 (0 lets the system choose one)"
    return "choose another port (0 lets the system choose one)"
