"""Family: timing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.json_form import FaultError
from oauth_gauntlet_server.wire_plan import WaitFirst

_MOST_S = 86_400


@register
@dataclass(frozen=True, kw_only=True)
class Delay(Fault):
    """Wait before the first octet of the answer, in seconds of real time.

    Seen: every server under load; cold starts of serverless token endpoints take seconds.
    """

    name: ClassVar[str] = "delay"

    seconds: float

    def __post_init__(self) -> None:
        if not 0 <= self.seconds <= _MOST_S:
            raise FaultError(f"fault {self.name}: seconds lie between 0 and {_MOST_S}, got {self.seconds}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Wait first."""
        return answer.with_wire(WaitFirst(self.seconds))
