"""Wire plans: what is done on the socket to send an answer, as a sequence of small actions.

The plan of a normal answer is two actions: send the head, send the body. A fault on the connection does not write to the
socket itself. It adds a wire step, which is a pure function from plan to plan: wait first, close instead of sending, cut
after n octets, send in small pieces. Steps are applied in order, and the listener carries out the result
(`plan_runner`). Such a fault is therefore a value like every other fault: faults compose, a test needs no socket, and a new
fault needs no change of the listener.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Write these octets. `body`: they belong to the content, not to the head."""

    data: bytes
    body: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeat:
    """Write these octets repeatedly, until `most` octets are written or the client is gone."""

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
    """Wait for this many seconds of real time."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class AwaitClient:
    """Read and discard octets until the client closes, at most for this many seconds of real time."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class HalfClose:
    """Close the sending half of the connection (FIN), and leave the receiving half open."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """Close the connection in an orderly way (FIN). The rest of the plan is ignored."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Reset:
    """Reset the connection (RST). The rest of the plan is ignored."""


Action: TypeAlias = Send | Repeat | Stream | Wait | AwaitClient | HalfClose | Close | Reset
Plan: TypeAlias = tuple[Action, ...]


class WireStep(ABC):
    """A change to the plan of an answer.

    `needs_socket`: only our own listener can carry it out. Behind another WSGI server a step that does not need the
    socket is replaced by a wait of `delay_s` seconds before the answer.
    """

    needs_socket: ClassVar[bool] = True
    delay_s: float = 0.0

    @abstractmethod
    def apply(self, plan: Plan) -> Plan:
        """Return the changed plan."""


def answering(head: bytes, body: bytes) -> Plan:
    """Return the plan of an answer without wire steps."""
    return (Send(data=head), Send(data=body, body=True))


def sent_by(plan: Plan) -> bytes:
    """Return the octets that a plan sends if the client stays; empty if the plan sends no answer at all.

    Repeated octets count once: `Repeat` can send gigabytes.
    """
    octets: list[bytes] = []
    for action in plan:
        if isinstance(action, Close | Reset | HalfClose):
            break
        if isinstance(action, Send | Repeat):
            octets.append(action.data)
    return b"".join(octets)
