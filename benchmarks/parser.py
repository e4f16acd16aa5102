"""What reading one request costs: our reader over httptools against h11, on a token request as clients send it.

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
    """Read it as the server does, raw octets kept."""
    assert RequestReader(lambda most: REQUEST, lambda octets: None).read() is not None  # noqa: ARG005


def microseconds(read: Callable[[], None], number: int = 2000) -> float:
    """Return the median time of one call, of nine runs."""
    return statistics.median(timeit.repeat(read, number=number, repeat=9)) / number * 1_000_000


if __name__ == "__main__":
    slow, quick = microseconds(by_h11), microseconds(by_httptools)
    print(f"h11 {slow:.1f} us, httptools {quick:.1f} us a request: {slow / quick:.1f} times")
