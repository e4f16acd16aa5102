"""Family: timing.

Times are in seconds of real time; a tenant's clock does not change them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Count, Octets, Seconds
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_steps import Drip as DripStep
from oauth_gauntlet_server.http.wire_steps import SilentInstead, WaitFirst, WaitInBody


@register
@dataclass(frozen=True, kw_only=True)
class Delay(Fault):
    """Wait before the first octet of the answer, between head and body, or after `octets` of the body.

    Seen: every server under load; cold starts of serverless token endpoints, which take seconds; proxies that
    send the head immediately and the body when the backend has finished.
    """

    name: ClassVar[str] = "delay"

    seconds: Seconds
    where: Literal["first", "before-body", "in-body"] = "first"
    octets: Octets = 1

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the wait."""
        if self.where == "first":
            return answer.with_wire(WaitFirst(self.seconds))
        return answer.with_wire(WaitInBody(self.seconds, 0 if self.where == "before-body" else self.octets))


@register
@dataclass(frozen=True, kw_only=True)
class Drip(Fault):
    """Send the answer in pieces of `octets`, with a pause of `interval_s` seconds after each.

    A time limit for each read never expires; only a limit for the whole answer does. Seen: bad mobile
    connections, overloaded proxies, servers that attack clients as slow clients attack servers.
    """

    name: ClassVar[str] = "drip"

    octets: Count = 1
    interval_s: Seconds = 0.1

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer, which is sent in pieces."""
        return answer.with_wire(DripStep(self.octets, self.interval_s))


@register
@dataclass(frozen=True, kw_only=True)
class Silence(Fault):
    """Read the request, then send nothing and keep the connection open for `seconds`; the request is not processed.

    Seen: firewalls that drop the state of a connection, backends in a deadlock.
    """

    name: ClassVar[str] = "silence"

    seconds: Seconds = 60.0

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer of which nothing is sent."""
        return Answer(status=500, wire=(SilentInstead(self.seconds),))
