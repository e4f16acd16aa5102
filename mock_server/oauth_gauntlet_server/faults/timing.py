"""Family: timing. Times are seconds of real time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_steps import Drip as DripStep
from oauth_gauntlet_server.http.wire_steps import SilentInstead, WaitFirst, WaitInBody

_MOST_S = 86_400


@register
@dataclass(frozen=True, kw_only=True)
class Delay(Fault):
    """Wait before the first octet of the answer, between head and body, or after `octets` of the body.

    Seen: every server under load; cold starts of serverless token endpoints take seconds; proxies that send the head at
    once and the body when the backend is done.
    """

    name: ClassVar[str] = "delay"

    seconds: float
    where: Literal["first", "before-body", "in-body"] = "first"
    octets: int = 1

    def __post_init__(self) -> None:
        _bounded(self.name, "seconds", self.seconds)
        if self.octets < 0:
            raise FaultError(f"fault {self.name}: octets is at least 0, got {self.octets}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Wait there."""
        if self.where == "first":
            return answer.with_wire(WaitFirst(self.seconds))
        return answer.with_wire(WaitInBody(self.seconds, 0 if self.where == "before-body" else self.octets))


@register
@dataclass(frozen=True, kw_only=True)
class Drip(Fault):
    """Send the answer in pieces of so many octets, with a pause after each.

    A time limit for each read never strikes; only one for the whole does. Seen: bad mobile links, overloaded proxies,
    slow-read attacks the other way round.
    """

    name: ClassVar[str] = "drip"

    octets: int = 1
    interval_s: float = 0.1

    def __post_init__(self) -> None:
        _bounded(self.name, "interval_s", self.interval_s)
        if self.octets < 1:
            raise FaultError(f"fault {self.name}: octets is at least 1, got {self.octets}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Drip."""
        return answer.with_wire(DripStep(self.octets, self.interval_s))


@register
@dataclass(frozen=True, kw_only=True)
class Silence(Fault):
    """Read the request, then say nothing and keep the connection open for so long; the request is not processed.

    Seen: firewalls that drop a connection's state, backends in a deadlock.
    """

    name: ClassVar[str] = "silence"

    seconds: float = 60.0

    def __post_init__(self) -> None:
        _bounded(self.name, "seconds", self.seconds)

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Stay silent in place of an answer."""
        return Answer(status=500, wire=(SilentInstead(self.seconds),))


def _bounded(fault: str, parameter: str, seconds: float) -> None:
    if not 0 <= seconds <= _MOST_S:
        raise FaultError(f"fault {fault}: {parameter} lies between 0 and {_MOST_S}, got {seconds}")
