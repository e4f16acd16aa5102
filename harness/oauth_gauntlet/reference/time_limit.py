"""Limit the time of a whole HTTP exchange.

A blocking HTTP client limits each single read. A response that arrives octet by octet passes that limit: each read is
short, but their sum is long. Therefore the network backend below the client limits each wait to the rest of the exchange.
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
    """The network backend of a client. Threads may share connections; each thread has the limit of its own exchange.

    The limit does not cover name resolution, because the system call for it has no timeout.
    """

    def __init__(self) -> None:
        self._network = httpcore2.SyncBackend()
        self._of_thread = threading.local()

    @contextmanager
    def exchange(self, limit_s: float) -> Iterator[None]:
        """Limit the network operations of this thread within the context."""
        self._of_thread.ends = time.monotonic() + limit_s
        try:
            yield
        finally:
            del self._of_thread.ends

    def left_s(self) -> float:
        """Return the rest of the time of the exchange, in seconds.

        Raises:
            httpcore2.TimeoutException: the time is over.
        """
        left: float = self._of_thread.ends - time.monotonic()
        if left <= 0:
            raise httpcore2.TimeoutException("the time of the exchange is over")
        return left

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ARG002 - the exchange has its own limit
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore2.NetworkStream:
        """Open a TCP connection."""
        return _Stream(self, self._network.connect_tcp(host, port, self.left_s(), local_address, socket_options))


class _Stream(httpcore2.NetworkStream):
    def __init__(self, limit: TimeLimit, stream: httpcore2.NetworkStream) -> None:
        self._limit = limit
        self._stream = stream

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:  # noqa: ARG002
        data = self._stream.read(max_bytes, self._limit.left_s())
        self._limit.left_s()  # the data may have arrived after the limit, before this thread ran again
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
        try:
            left_s = self._limit.left_s()
        except httpcore2.TimeoutException:
            self.close()  # the pool does not know this connection yet
            raise
        return _Stream(self._limit, self._stream.start_tls(ssl_context, server_hostname, left_s))

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)
