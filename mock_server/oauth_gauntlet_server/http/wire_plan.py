"""What is done on the socket to answer, as a plan: a sequence of small actions.

An answer's plan is at first just its octets, head and body. A wire step is a pure function from plan to plan (wait
first, close instead of sending, cut after n octets, drip); steps compose in order, and the listener carries the result
out. That is how a fault on the connection is a value like any other, and how a new one is an addition.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Write these octets; `body` says that they belong to the content, and not to what is before it."""

    data: bytes
    body: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """Write these octets again and again, until `most` octets are written or the client is gone."""

    data: bytes
    most: int


class ByteStream(ABC):
    """A body in pieces that are made while it is sent.

    An empty piece means that there is nothing to send now. A stream that waits yields one every second or so, so that the
    sender can check whether the client is still there and whether the server stops.
    """

    @abstractmethod
    def __iter__(self) -> Iterator[bytes]: ...

    @abstractmethod
    def close(self) -> None:
        """Release what the stream uses. May be called at any time, and twice."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Stream:
    """Write the pieces of a stream until there are no more or the client is gone."""

    pieces: ByteStream


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """Let this many seconds of real time pass."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaitClient:
    """Read, and throw away, until the client closes or this many seconds of real time have passed."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HalfClose:
    """Close the sending half of the connection (FIN), and leave the other one open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """Close the connection in an orderly way (FIN); whatever follows in the plan is not done."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """Reset the connection (RST); whatever follows in the plan is not done."""


Action: TypeAlias = Send | Repeat | Stream | Wait | AwaitClient | HalfClose | Close | Reset
Plan: TypeAlias = tuple[Action, ...]


class WireStep(ABC):
    """A change to the plan of an answer.

    `needs_socket` says whether only our own listener can do it; a step that does not may also run behind another WSGI
    server, which then waits `delay_s` before it answers.
    """

    needs_socket: ClassVar[bool] = True
    delay_s: float = 0.0

    @abstractmethod
    def apply(self, plan: Plan) -> Plan:
        """Return the changed plan."""


def answering(head: bytes, body: bytes) -> Plan:
    """Return the plan of an answer to which nothing else happens."""
    return (Send(data=head), Send(data=body, body=True))


def sent_by(plan: Plan) -> bytes:
    """Return the octets that a plan sends when nothing comes between; none at all means that it does not answer."""
    octets: list[bytes] = []
    for action in plan:
        if isinstance(action, Close | Reset | HalfClose):
            break
        if isinstance(action, Send | Repeat):
            octets.append(action.data)
    return b"".join(octets)
