"""What is done on the socket to answer, as a plan: a sequence of small actions.

An answer's plan is at first just its octets. A wire step is a pure function from plan to plan (wait first, close
instead of sending, cut after n octets, drip); steps compose in order, and the listener carries the result out. That is
how a fault on the connection is a value like any other, and how a new one is an addition.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import ClassVar, TypeAlias


@dataclass(frozen=True, kw_only=True, slots=True)
class Send:
    """Write these octets."""

    data: bytes


@dataclass(frozen=True, kw_only=True, slots=True)
class Wait:
    """Let this many seconds of real time pass."""

    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Close:
    """Close the connection in an orderly way (FIN); whatever follows in the plan is not done."""


Action: TypeAlias = Send | Wait | Close
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


class WaitFirst(WireStep):
    """Wait before the first octet of the answer."""

    needs_socket = False

    def __init__(self, seconds: float) -> None:
        self.delay_s = seconds

    def apply(self, plan: Plan) -> Plan:
        """Put the wait in front."""
        return (Wait(seconds=self.delay_s), *plan)


class CloseInstead(WireStep):
    """Send nothing, close."""

    def apply(self, plan: Plan) -> Plan:
        """Keep what is waited for, and close in place of the first octet."""
        waits = tuple(action for action in plan if isinstance(action, Wait))
        return (*waits, Close())


def sent_by(plan: Plan) -> bytes:
    """Return the octets that a plan sends when nothing comes between; none at all means that it does not answer."""
    octets: list[bytes] = []
    for action in plan:
        if isinstance(action, Close):
            break
        if isinstance(action, Send):
            octets.append(action.data)
    return b"".join(octets)
