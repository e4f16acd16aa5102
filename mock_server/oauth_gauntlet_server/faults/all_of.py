"""Family: several faults as one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, Faults, register
from oauth_gauntlet_server.http.answer import Answer


@register
@dataclass(frozen=True, kw_only=True)
class AllOf(Fault):
    """Combine several faults in one, such as a delay, a 503 and a truncated body.

    The first fault that answers in place of the server provides the answer; then all faults change it, in
    order. Seen: overloaded servers, which are slow first, then answer with errors, then do not answer at all.
    """

    name: ClassVar[str] = "all_of"
    endpoint: ClassVar[str | None] = None

    faults: Faults

    def instead(self, context: FaultContext) -> Answer | None:
        """Return the answer of the first fault that has one."""
        return next((answer for fault in self.faults if (answer := fault.instead(context)) is not None), None)

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Return the answer changed by each fault in order."""
        for fault in self.faults:
            answer = fault.transform(answer, context)
        return answer
