"""The steps that faults change a plan by: when octets are sent, how many of them, and which come between."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from oauth_gauntlet_server.http.wire_plan import (
    Action,
    AwaitClient,
    Close,
    HalfClose,
    Plan,
    Repeat,
    Reset,
    Send,
    Wait,
    WireStep,
)

LINGER_S = 10.0
"""How long a half-closed or silent connection is kept for the client to end it, in seconds."""

READ_S = 0.1
"""How long a client has to read what precedes a reset, in seconds: a reset takes away what it has not read yet."""


class WaitFirst(WireStep):
    """Wait before the first octet of the answer."""

    needs_socket = False

    def __init__(self, seconds: float) -> None:
        self.delay_s = seconds

    def apply(self, plan: Plan) -> Plan:
        """Put the wait in front."""
        return (Wait(seconds=self.delay_s), *plan)


@dataclass(frozen=True)
class WaitInBody(WireStep):
    """Wait once `octets` of the body are sent (0: between head and body)."""

    seconds: float
    octets: int = 0

    def apply(self, plan: Plan) -> Plan:
        """Cut the plan there, and wait between."""
        before, after = cut(plan, self.octets, of_body=True)
        return (*before, Wait(seconds=self.seconds), *after)


@dataclass(frozen=True)
class Drip(WireStep):
    """Send the answer in pieces of `octets`, with a wait between two of them."""

    octets: int
    interval_s: float

    def apply(self, plan: Plan) -> Plan:
        """Break every Send into pieces."""
        dripped: list[Action] = []
        for action in plan:
            if not isinstance(action, Send):
                dripped.append(action)
                continue
            for start in range(0, len(action.data), self.octets):
                piece = replace(action, data=action.data[start : start + self.octets])
                dripped += [piece, Wait(seconds=self.interval_s)]
        return tuple(dripped)


@dataclass(frozen=True)
class SendInstead(WireStep):
    """Send these octets in place of the answer, and close."""

    octets: bytes

    def apply(self, plan: Plan) -> Plan:
        """Keep what is waited for."""
        return (*_waits(plan), Send(data=self.octets), Close())


class CloseInstead(WireStep):
    """Send nothing, close."""

    def apply(self, plan: Plan) -> Plan:
        """Keep what is waited for, and close in place of the first octet."""
        return (*_waits(plan), Close())


class ResetInstead(WireStep):
    """Send nothing, reset."""

    def apply(self, plan: Plan) -> Plan:
        """Keep what is waited for, and reset in place of the first octet."""
        return (*_waits(plan), Reset())


@dataclass(frozen=True)
class SilentInstead(WireStep):
    """Send nothing, and keep the connection open for so many seconds, or until the client closes it."""

    seconds: float

    def apply(self, plan: Plan) -> Plan:
        """Keep what is waited for, and wait on."""
        return (*_waits(plan), AwaitClient(seconds=self.seconds), Close())


@dataclass(frozen=True)
class CutShort(WireStep):
    """Send only the first `octets` of the body (or of the whole answer), then close or reset."""

    octets: int
    of_body: bool = True
    reset: bool = False

    def apply(self, plan: Plan) -> Plan:
        """Cut, and end the connection there."""
        before, _ = cut(plan, self.octets, of_body=self.of_body)
        return (*before, Wait(seconds=READ_S), Reset()) if self.reset else (*before, Close())


@dataclass(frozen=True)
class HalfCloseAfter(WireStep):
    """Send the whole answer, close the sending half, and leave the connection to the client."""

    def apply(self, plan: Plan) -> Plan:
        """Add the half-close and the patience."""
        return (*plan, HalfClose(), AwaitClient(seconds=LINGER_S), Close())


@dataclass(frozen=True)
class SendBefore(WireStep):
    """Send these octets before the answer: an interim response, or what no server should."""

    octets: bytes

    def apply(self, plan: Plan) -> Plan:
        """Put them in front of the first octet."""
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send)), len(plan))
        return (*plan[:at], Send(data=self.octets), *plan[at:])


@dataclass(frozen=True)
class SendAfter(WireStep):
    """Send these octets after the answer, unasked: `delay_s` seconds after, or in one write with its end."""

    octets: bytes
    delay_s: float = 0.0

    def apply(self, plan: Plan) -> Plan:
        """Put them behind the last octet."""
        match plan:
            case (*before, Send() as last) if self.delay_s == 0:
                return (*before, replace(last, data=last.data + self.octets))
        return (*plan, Wait(seconds=self.delay_s), Send(data=self.octets))


@dataclass(frozen=True)
class EndlessAfter(WireStep):
    """Go on after the body with these octets, over and over, up to `most` of them; then close."""

    octets: bytes
    most: int

    def apply(self, plan: Plan) -> Plan:
        """Repeat behind the last octet."""
        return (*plan, Repeat(data=self.octets, most=self.most), Close())


@dataclass(frozen=True)
class EditHead(WireStep):
    """Change the octets of status line and header fields."""

    edit: Callable[[bytes], bytes]

    def apply(self, plan: Plan) -> Plan:
        """Edit the first Send that is no body: the head, as it is spelled."""
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send) and not action.body), None)
        if at is None:
            return plan
        head = plan[at]
        assert isinstance(head, Send)
        return (*plan[:at], replace(head, data=self.edit(head.data)), *plan[at + 1 :])


@dataclass(frozen=True)
class EditBody(WireStep):
    """Change how the content is spelled on the wire, such as by chunks."""

    edit: Callable[[bytes], bytes]

    def apply(self, plan: Plan) -> Plan:
        """Edit what there is of a body, as one."""
        body = b"".join(action.data for action in plan if isinstance(action, Send) and action.body)
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send) and action.body), None)
        if at is None:
            return plan
        rest = tuple(action for action in plan[at:] if not (isinstance(action, Send) and action.body))
        return (*plan[:at], Send(data=self.edit(body), body=True), *rest)


def cut(plan: Plan, octets: int, *, of_body: bool) -> tuple[Plan, Plan]:
    """Return a plan in two: what is done up to so many octets of the body (or of everything), and the rest."""
    left = octets
    for place, action in enumerate(plan):
        if not isinstance(action, Send) or (of_body and not action.body):
            continue
        if left <= len(action.data):
            first, second = (replace(action, data=part) for part in (action.data[:left], action.data[left:]))
            return (*plan[:place], first), (second, *plan[place + 1 :])
        left -= len(action.data)
    return plan, ()


def _waits(plan: Plan) -> Plan:
    return tuple(action for action in plan if isinstance(action, Wait))
