"""Count the connections to a port that are open: at the server, and, on Linux, on the client's side.

A client that does not close a connection that the server has closed keeps its descriptor. The server does not see that; the
system's table of connections does (state CLOSE_WAIT), for every process of this machine, whatever its language.
"""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from oauth_gauntlet_server import Port

_TABLES = (Path("/proc/net/tcp"), Path("/proc/net/tcp6"))
"""The tables of Linux (proc(5)); other systems have none, and then the server's side counts alone."""

_ESTABLISHED, _CLOSE_WAIT = "01", "08"
"""The states in which a client has not closed its side (RFC 9293 §3.3.2), as the tables write them."""


def open_connections(port: Port) -> int:
    """Return how many connections to the port are open at this moment, on the side that has more of them."""
    at_server = sum(record.lasted_s is None for record in port.connections)
    lines: list[str] = []
    for table in _TABLES:
        with suppress(OSError):
            lines += table.read_text(encoding="ascii").splitlines()
    return max(at_server, unclosed(lines, port.number))


def unclosed(lines: Iterable[str], port: int) -> int:
    """Return how many lines of the system's table are connections to the port that the client's side has not closed."""
    count = 0
    for line in lines:
        match line.split():
            case [_, _, remote, state, *_] if state in (_ESTABLISHED, _CLOSE_WAIT):
                count += int(remote.rpartition(":")[2], 16) == port
    return count
