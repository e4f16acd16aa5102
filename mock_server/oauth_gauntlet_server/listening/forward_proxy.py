"""A forward proxy on loopback: passes requests on, opens tunnels, asks for credentials, refuses, and logs what arrives.

It resolves host names itself, by a table. So a client that reaches ``http://idp.test/`` has used the proxy: no name service
knows the reserved domain ``test`` (RFC 6761 §6.2).
"""

from __future__ import annotations

import base64
import binascii
import contextlib
import select
import socket
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

# For this connection only (RFC 9110 §7.6.1, §11.7.2), or set anew.
_NOT_PASSED_ON = {"proxy-authorization", "proxy-connection", "connection", "keep-alive", "te", "host"}

_IDLE_S = 30.0
"""Seconds without an octet after which a connection is closed."""

_CHUNK = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxiedRequest:
    """A request that arrived at the proxy: its request target, its header fields, and the status of the proxy's own answer.

    The status is 200 for a request that was passed on, and for a tunnel that was opened.
    """

    method: str
    target: str
    headers: tuple[tuple[str, str], ...]
    status: int

    def header(self, name: str) -> str | None:
        """Return the first value of a header field, or None."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), None)

    def credentials(self) -> tuple[str, str] | None:
        """Return user and password of Proxy-Authorization in the Basic scheme (RFC 7617); None without readable ones."""
        scheme, _, encoded = (self.header("proxy-authorization") or "").partition(" ")
        try:
            user, colon, password = base64.b64decode(encoded.strip(), validate=True).decode("utf-8").partition(":")
        except (binascii.Error, ValueError):
            return None
        return (user, password) if scheme.lower() == "basic" and colon else None


@dataclass(frozen=True, kw_only=True, slots=True)
class ProxyRefusal:
    """An answer with which the proxy refuses each request."""

    status: int
    content_type: str = "text/html"
    body: str = "<h1>The proxy refuses this request</h1>"


class ForwardProxy:
    """A running proxy at `url`. `requests` are those that have arrived so far, oldest first.

    `routes` maps ``host:port`` of a target to the host and port that the proxy connects to; it reaches nothing else.
    `credentials` are user and password that it asks for (407). `refusal`: it passes nothing on.
    """

    def __init__(
        self,
        routes: Mapping[str, tuple[str, int]],
        *,
        credentials: tuple[str, str] | None = None,
        refusal: ProxyRefusal | None = None,
    ) -> None:
        """Listen on a free port of 127.0.0.1.

        Raises:
            OSError: this machine has no port left.
        """
        self.routes = dict(routes)
        self.credentials = credentials
        self.refusal = refusal
        self._lock = threading.Lock()
        self._requests: list[ProxiedRequest] = []
        self._open: set[socket.socket] = set()
        self._server = _Server(self)
        self.port: int = self._server.server_address[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="forward-proxy", daemon=True)
        self._thread.start()

    @property
    def requests(self) -> tuple[ProxiedRequest, ...]:
        """The requests that have arrived, oldest first."""
        with self._lock:
            return tuple(self._requests)

    def close(self) -> None:
        """Stop listening, and close every connection."""
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
        self.close_connections()

    def close_connections(self) -> None:
        """Close every connection and tunnel; new ones are accepted."""
        with self._lock:
            connections = tuple(self._open)
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, traceback: TracebackType | None) -> None:
        self.close()

    def note(self, request: ProxiedRequest) -> None:
        """Log a request, before its answer is sent."""
        with self._lock:
            self._requests.append(request)

    @contextlib.contextmanager
    def closing(self, connection: socket.socket) -> Any:
        """Close a connection at the end of the context, or when the proxy is closed."""
        with self._lock:
            self._open.add(connection)
        try:
            yield
        finally:
            with self._lock:
                self._open.discard(connection)


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, proxy: ForwardProxy) -> None:
        self.proxy = proxy
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Print nothing: a client may end its connection at any time."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    rbufsize = 0  # what follows the head stays in the socket, and is relayed from there
    timeout = _IDLE_S
    server: _Server

    def handle(self) -> None:
        with self.server.proxy.closing(self.connection):
            super().handle()

    def handle_expect_100(self) -> bool:
        """Leave Expect: 100-continue to the server."""
        return True

    def do_CONNECT(self) -> None:
        """Open a tunnel (RFC 9110 §9.3.6)."""
        upstream = self._admitted(self.path)
        if upstream is not None:
            with upstream:
                self.send_response_only(200, "Connection established")
                self.end_headers()
                self._relay(upstream)

    def forward(self) -> None:
        """Pass a request on to the server of its target (RFC 9112 §3.2.2)."""
        target = urlsplit(self.path)
        if target.scheme != "http" or not target.hostname:
            self._answer(ProxyRefusal(status=400, content_type="text/plain", body="expected CONNECT, or an http URL"))
            return
        upstream = self._admitted(f"{target.hostname}:{target.port or 80}")
        if upstream is None:
            return
        path = f"{target.path or '/'}{'?' + target.query if target.query else ''}"
        fields = [(name, value) for name, value in self.headers.items() if name.lower() not in _NOT_PASSED_ON]
        fields = [("Host", target.netloc), *fields, ("Via", "1.1 gauntlet-proxy"), ("Connection", "close")]
        head = [f"{self.command} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in fields), "", ""]
        with upstream:
            upstream.sendall("\r\n".join(head).encode("latin-1"))
            self._relay(upstream)

    do_GET = do_HEAD = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = forward  # noqa: N815 - names of the base

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the signature of the base class
        """Print nothing."""

    def _admitted(self, authority: str) -> socket.socket | None:
        """Return a connection to the target; or answer with a refusal, and return None."""
        proxy = self.server.proxy
        if proxy.refusal is not None:
            self._answer(proxy.refusal)
        elif proxy.credentials is not None and self._noted(407).credentials() != proxy.credentials:
            self._answer(ProxyRefusal(status=407, body="<h1>The proxy needs credentials</h1>"))
        elif authority.lower() not in proxy.routes:
            self._answer(ProxyRefusal(status=502, body="<h1>The proxy does not find the host</h1>"))
        else:
            proxy.note(self._noted(200))
            return socket.create_connection(proxy.routes[authority.lower()], timeout=_IDLE_S)
        return None

    def _noted(self, status: int) -> ProxiedRequest:
        fields: Iterable[tuple[str, str]] = self.headers.items()
        return ProxiedRequest(method=self.command, target=self.path, headers=tuple(fields), status=status)

    def _answer(self, refusal: ProxyRefusal) -> None:
        self.server.proxy.note(self._noted(refusal.status))
        # Content that is not read before the end of a connection resets it, and the answer may get lost.
        self.rfile.read(int(self.headers.get("Content-Length") or 0))
        body = refusal.body.encode()
        self.send_response_only(refusal.status)
        if refusal.status == 407:
            self.send_header("Proxy-Authenticate", 'Basic realm="gauntlet-proxy"')
        self.send_header("Content-Type", refusal.content_type)
        self.send_header("Content-Length", str(len(body)))
        if self.headers.get("Transfer-Encoding"):
            self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def _relay(self, upstream: socket.socket) -> None:
        """Relay octets in both directions until one side ends, then close the connection."""
        self.close_connection = True
        with self.server.proxy.closing(upstream), contextlib.suppress(OSError):
            other = {self.connection: upstream, upstream: self.connection}
            while ready := select.select(list(other), [], [], _IDLE_S)[0]:
                for side in ready:
                    octets = side.recv(_CHUNK)
                    if not octets:
                        return
                    other[side].sendall(octets)
