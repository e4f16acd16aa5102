"""Compare the time to read one token request: our request reader, which uses httptools, and h11.

python benchmarks/parser.py
"""

from __future__ import annotations

import statistics
import timeit
from collections.abc import Callable

import h11

from oauth_gauntlet_server.http.request_reader import RequestReader

REQUEST = (
    b"POST /default/token HTTP/1.1\r\nHost: 127.0.0.1:8080\r\nUser-Agent: python-requests/2.32\r\nAccept-Encoding: gzip\r\n"
    b"Accept: application/json\r\nConnection: keep-alive\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 57\r\n\r\ngrant_type=client_credentials&client_id=c&client_secret=s"
)


def by_h11() -> None:
    """Read the request with h11, which keeps no raw octets."""
    connection = h11.Connection(h11.SERVER)
    connection.receive_data(REQUEST)
    while type(connection.next_event()) is not h11.EndOfMessage:
        pass


def by_httptools() -> None:
    """Read the request as the server does, which keeps all raw octets."""
    assert RequestReader(lambda most: REQUEST, lambda octets: None).read() is not None  # noqa: ARG005


def microseconds(read: Callable[[], None], number: int = 2000) -> float:
    """Return the time of one call in microseconds: the median of nine runs of `number` calls."""
    return statistics.median(timeit.repeat(read, number=number, repeat=9)) / number * 1_000_000


if __name__ == "__main__":
    slow, fast = microseconds(by_h11), microseconds(by_httptools)
    print(f"h11 {slow:.1f} us, httptools {fast:.1f} us a request: {slow / fast:.1f} times as fast")
