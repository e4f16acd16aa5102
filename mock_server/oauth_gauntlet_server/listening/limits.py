"""The limits of a listener: how many connections, and how long each may keep its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Limits:
    """Limits of a listener. Times are in seconds.

    `connections`: at a time; a further one waits in the system's queue. `idle_s`: how long a connection may wait for its
    next request, and within a body for its next octets. A client that drips octets must not keep its connection for ever:
    a head must arrive within `head_s` from its first octet, with pauses of at most `head_idle_s`, and a body within
    `body_s`; otherwise the answer is 408, and the connection is closed. `stop_s`: how long `stop` waits for a thread.
    """

    connections: int = 512
    idle_s: float = 30.0
    head_s: float = 30.0
    head_idle_s: float = 10.0
    body_s: float = 300.0
    stop_s: float = 5.0
