"""A limit of time for a whole exchange.

A blocking client limits each wait, and an answer that drips outlives that: no wait is long, all of them together are. So the
network itself, below the client, waits no longer than what is left of the exchange.
"""

from __future__ import annotations

import ssl
import threading
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import httpcore2


class TimeLimit(httpcore2.NetworkBackend):
    """The network of a client. Threads may share the connections; each has the limit of its own exchange.

    To look up a name is not limited: no system call for it is.
    """

    def __init__(self) -> None:
        self._network = httpcore2.SyncBackend()
        self._of_thread = threading.local()

    @contextmanager
    def exchange(self, limit_s: float) -> Iterator[None]:
        """Limit what this thread does meanwhile."""
        self._of_thread.ends = time.monotonic() + limit_s
        try:
            yield
        finally:
            del self._of_thread.ends

    def left_s(self) -> float:
        """Return what is left of the exchange, in seconds.

        Raises:
            httpcore2.TimeoutException: nothing is.
        """
        left: float = self._of_thread.ends - time.monotonic()
        if left <= 0:
            raise httpcore2.TimeoutException("the time of the exchange is over")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has one
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Connect."""
        return _Stream(self, self._network.connect_tcp(host, port, self.left_s(), local_address, socket_options))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, limit: TimeLimit, stream: httpcore2.NetworkStream) -> None:
        self._limit = limit
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        data = self._stream.read(max_bytes, self._limit.left_s())
        self._limit.left_s()  # what was there only when this thread got its turn again may have come too late
        return data

    def write(self, buffer: bytes, timeout: float | None = None) -> None:  # noqa: ARG002
        self._stream.write(buffer, self._limit.left_s())

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self,
        ssl_context: ssl.SSLContext,
        server_hostname: str | None = None,
        timeout: float | None = None,  # noqa: ARG002
    ) -> httpcore2.NetworkStream:
        return _Stream(self._limit, self._stream.start_tls(ssl_context, server_hostname, self._limit.left_s()))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
