"""Family: timing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.wire_plan import WaitFirst


@register
@dataclass(frozen=True, kw_only=True)
class Delay(Fault):
    """Wait before the first octet of the answer, in seconds of real time.

    Seen: every server under load; cold starts of serverless token endpoints take seconds.
    """

    name: ClassVar[str] = "delay"

    seconds: float

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Wait first."""
        return answer.with_wire(WaitFirst(self.seconds))
