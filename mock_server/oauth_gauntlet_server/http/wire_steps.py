"""The wire steps: each changes when octets are sent, how many, or which others are sent before or after."""

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
"""How long a half-closed connection stays open for the client to close it, in seconds."""

READ_S = 0.1
"""How long a client has to read the octets before a reset, in seconds: a reset discards what it has not read yet."""


class WaitFirst(WireStep):
    """Wait before the first octet of the answer."""

    needs_socket = False

    def __init__(self, seconds: float) -> None:
        self.delay_s = seconds

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the wait in front."""
        return (Wait(seconds=self.delay_s), *plan)


@dataclass(frozen=True)
class WaitInBody(WireStep):
    """Wait after `octets` octets of the body (0: between head and body)."""

    seconds: float
    octets: int = 0

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the wait at that place."""
        before, after = cut(plan, self.octets, of_body=True)
        return (*before, Wait(seconds=self.seconds), *after)


@dataclass(frozen=True)
class Drip(WireStep):
    """Send the answer in pieces of `octets` octets, with a wait after each."""

    octets: int
    interval_s: float

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with each Send cut into pieces."""
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
    """Send these octets instead of the answer, and close."""

    octets: bytes

    def apply(self, plan: Plan) -> Plan:
        """Return the waits of the plan, then the octets."""
        return (*_waits(plan), Send(data=self.octets), Close())


class CloseInstead(WireStep):
    """Send nothing, and close."""

    def apply(self, plan: Plan) -> Plan:
        """Return the waits of the plan, then the close."""
        return (*_waits(plan), Close())


class ResetInstead(WireStep):
    """Send nothing, and reset."""

    def apply(self, plan: Plan) -> Plan:
        """Return the waits of the plan, then the reset."""
        return (*_waits(plan), Reset())


@dataclass(frozen=True)
class SilentInstead(WireStep):
    """Send nothing, and keep the connection open for `seconds` seconds or until the client closes it."""

    seconds: float

    def apply(self, plan: Plan) -> Plan:
        """Return the waits of the plan, then the silence."""
        return (*_waits(plan), AwaitClient(seconds=self.seconds), Close())


@dataclass(frozen=True)
class CutShort(WireStep):
    """Send only the first `octets` octets of the body (or of the whole answer), then close or reset."""

    octets: int
    of_body: bool = True
    reset: bool = False

    def apply(self, plan: Plan) -> Plan:
        """Return the plan up to the cut, then the end of the connection."""
        before, _ = cut(plan, self.octets, of_body=self.of_body)
        return (*before, Wait(seconds=READ_S), Reset()) if self.reset else (*before, Close())


class CloseAfter(WireStep):
    """Send the whole answer, and close."""

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the close at its end."""
        return (*plan, Close())


@dataclass(frozen=True)
class HalfCloseAfter(WireStep):
    """Send the whole answer, close the sending half, and wait for the client to close the connection."""

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the half-close and the wait at its end."""
        return (*plan, HalfClose(), AwaitClient(seconds=LINGER_S), Close())


@dataclass(frozen=True)
class SendBefore(WireStep):
    """Send these octets before the answer: an interim response, or octets that no server should send."""

    octets: bytes

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the octets before its first Send."""
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send)), len(plan))
        return (*plan[:at], Send(data=self.octets), *plan[at:])


@dataclass(frozen=True)
class SendAfter(WireStep):
    """Send these octets after the answer, without a request: `delay_s` seconds later, or (0) in one write with its end."""

    octets: bytes
    delay_s: float = 0.0

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the octets after its last action."""
        match plan:
            case (*before, Send() as last) if self.delay_s == 0:
                return (*before, replace(last, data=last.data + self.octets))
        return (*plan, Wait(seconds=self.delay_s), Send(data=self.octets))


@dataclass(frozen=True)
class EndlessAfter(WireStep):
    """Send these octets repeatedly after the body, up to `most` octets; then close."""

    octets: bytes
    most: int

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the repetition at its end."""
        return (*plan, Repeat(data=self.octets, most=self.most), Close())


@dataclass(frozen=True)
class EditHead(WireStep):
    """Change the octets of the status line and the header fields."""

    edit: Callable[[bytes], bytes]

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with the head edited: the first Send that is not body."""
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send) and not action.body), None)
        if at is None:
            return plan
        head = plan[at]
        assert isinstance(head, Send)
        return (*plan[:at], replace(head, data=self.edit(head.data)), *plan[at + 1 :])


@dataclass(frozen=True)
class EditBody(WireStep):
    """Change the octets of the content on the wire, such as by chunks."""

    edit: Callable[[bytes], bytes]

    def apply(self, plan: Plan) -> Plan:
        """Return the plan with its whole body edited and sent as one."""
        body = b"".join(action.data for action in plan if isinstance(action, Send) and action.body)
        at = next((place for place, action in enumerate(plan) if isinstance(action, Send) and action.body), None)
        if at is None:
            return plan
        rest = tuple(action for action in plan[at:] if not (isinstance(action, Send) and action.body))
        return (*plan[:at], Send(data=self.edit(body), body=True), *rest)


def cut(plan: Plan, octets: int, *, of_body: bool) -> tuple[Plan, Plan]:
    """Return a plan in two parts: up to `octets` octets of the body (or of the whole answer), and the rest."""
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
