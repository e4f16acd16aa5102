"""Measure how long a client waits for a server that does not answer.

A wait begins when a connection, or the last request on it, arrives at the server. It ends when the client closes the
connection or gives its answer. So nothing counts that comes before: the start of the process, the loading of classes, the
pause between two attempts. A scenario calls `client.control()` first: it makes one good exchange in the same process.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from typing import TypeVar

from oauth_gauntlet.checks import require, untestable
from oauth_gauntlet.lab.answers import described
from oauth_gauntlet_server import ConnectionRecord, Port

Answer = TypeVar("Answer")

LIMITS = 2
"""How often a client may apply its time limit in one wait: many have one for connecting and one for reading."""

MARGIN_S = 3.0
"""Seconds that a wait may last longer, because the machine is busy.

An estimate and no bound: on one machine with two cores and ten processes for each, timers of 1 s ended up to 2 s late, and this
is a second more. A machine that is busier than that can be later."""


def most_s(limit_s: float) -> float:
    """Return how long a wait may last, in seconds, for a client with this time limit."""
    return LIMITS * limit_s + MARGIN_S


def timed(
    operation: Callable[[], Answer], port: Port, *, now: Callable[[], float] = time.monotonic
) -> tuple[Answer, tuple[float, ...]]:
    """Return the answer of a client's operation, and its waits at a port: one for each connection, in seconds.

    `port` is the only one that the operation uses. `now` is the monotonic clock of the server.
    """
    began_s = now()
    answer = operation()
    return answer, waits(port.connections, began_s=began_s, answered_s=now())


def waits(records: Iterable[ConnectionRecord], *, began_s: float, answered_s: float) -> tuple[float, ...]:
    """Return the wait at each connection that something arrived at after `began_s`, in seconds."""
    return tuple(
        min(answered_s, answered_s if record.ended_s is None else record.ended_s) - record.arrived_s
        for record in records
        if began_s <= record.arrived_s <= answered_s
    )


def require_in_time(answer: object, waited_s: tuple[float, ...], *, limit_s: float) -> None:
    """Require that no wait lasted much longer than the time limit that is configured.

    Each attempt of a client that tries again is a wait of its own.

    Raises:
        Untestable: nothing arrived at the server.
        Breach: a wait lasted longer than `most_s`.
    """
    if not waited_s:
        untestable(f"nothing arrived at the server, so no time was measured; the client reported {described(answer)}")
    longest_s = max(waited_s)
    require(
        longest_s < most_s(limit_s),
        expected=f"an end after about {limit_s:g} s, the configured time limit",
        seen=f"the client waited for {longest_s:.1f} s from what arrived at the server: {described(answer)}",
    )
