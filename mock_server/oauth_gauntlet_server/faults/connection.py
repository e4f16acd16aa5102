"""Family: the connection. Needs the socket, so only our own listener can do it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.wire_plan import CloseInstead


@register
@dataclass(frozen=True, kw_only=True)
class CloseWithoutAnswer(Fault):
    """Read the request, then close the connection without answering; the request is not processed.

    Seen: load balancers whose backend has just died; proxies that restart.
    """

    name: ClassVar[str] = "close_without_answer"

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Close in place of an answer."""
        return Answer(status=500, wire=(CloseInstead(),))
