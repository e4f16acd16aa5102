"""How the server fails in a story: at the next token request, for some steps, and at the resource."""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet_scenarios.story.refusals import Refusal
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.faults import Fault, without_token_member
from oauth_gauntlet_server.faults.armed import ArmedFault


class FailingServer:
    """The faults that are armed in a story, and what the client has met of them in the current step."""

    def __init__(self, tenant: Tenant) -> None:
        self._tenant = tenant
        self._faults: list[ArmedFault] = []
        self._refusals: list[tuple[Refusal, ArmedFault]] = []
        self._fired_before: dict[int, int] = {}
        self._trouble: ArmedFault | None = None
        self._steps_left = 0
        self._omission: ArmedFault | None = None

    @property
    def met_fault(self) -> bool:
        """Whether a token request of this step has met a fault."""
        return any(self._fired(fault) for fault in self._faults)

    @property
    def refusals(self) -> list[Refusal]:
        """The refusals of this step at the resource: each as often as the client has met it."""
        return [refusal for refusal, fault in self._refusals for _ in range(self._fired(fault))]

    @property
    def omits_lifetime(self) -> bool:
        """Whether token responses have no expires_in."""
        return self._omission is not None

    def fail_next(self, fault: Fault) -> None:
        """Let the next token request meet this fault."""
        self._faults.append(self._tenant.arm(fault, times=1))

    def begin_trouble(self, fault: Fault, steps: int) -> None:
        """Let each token request meet this fault for so many steps; a fault that stayed before ends."""
        self._end_trouble()
        self._trouble, self._steps_left = self._tenant.arm(fault), steps
        self._faults.append(self._trouble)

    def refuse(self, refusal: Refusal, times: int) -> None:
        """Let the resource refuse the next requests."""
        self._refusals.append((refusal, self._tenant.arm(refusal.fault, endpoint="resource", times=times)))

    def omit_lifetime(self, *, omitted: bool) -> None:
        """Leave expires_in out of token responses from now on, or no more."""
        if self._omission is not None:
            self._tenant.armed.remove(self._omission.id)
        self._omission = self._tenant.arm(without_token_member("expires_in")) if omitted else None

    def end_step(self) -> bool:
        """End a step: its faults excuse nothing in the next. Return whether a fault that stayed has ended with it."""
        self._fired_before = {fault.id: fault.fired for fault in self._all()}
        self._steps_left -= 1
        return self._steps_left == 0 and self._end_trouble()

    def recover(self) -> None:
        """Disarm all faults but the one that leaves the lifetime out."""
        for fault in self._all():
            self._tenant.armed.remove(fault.id)
        self._trouble = None

    def _end_trouble(self) -> bool:
        trouble, self._trouble = self._trouble, None
        return trouble is not None and self._tenant.armed.remove(trouble.id)

    def _all(self) -> Iterable[ArmedFault]:
        yield from self._faults
        yield from (fault for _, fault in self._refusals)

    def _fired(self, fault: ArmedFault) -> int:
        return fault.fired - self._fired_before.get(fault.id, 0)
