"""Family: several faults as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, Faults, register
from oauth_gauntlet_server.http.answer import Answer


@register
@dataclass(frozen=True, kw_only=True)
class AllOf(Fault):
    """Several faults at once, such as a delay, then a 503, cut short.

    The first that answers in place of the server does; all change the answer, in order. Seen: servers in trouble, which
    are slow first, then wrong, then gone.
    """

    name: ClassVar[str] = "all_of"
    endpoint: ClassVar[str | None] = None

    faults: Faults

    def instead(self, context: FaultContext) -> Answer | None:
        """Answer as the first that does."""
        return next((answer for fault in self.faults if (answer := fault.instead(context)) is not None), None)

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Change the answer as each does, in order."""
        for fault in self.faults:
            answer = fault.transform(answer, context)
        return answer
