"""Arm faults on a tenant, decide for which requests they are due, and count how often they fired.

A trigger first filters requests by endpoint, grant and client. Then it counts the requests that passed the
filter, and selects by the count (the nth, the first n, every nth) or by chance.

The counters prove that a fault was delivered. A fault can be due without firing: another fault answered
first, or the answer contained nothing that the fault changes.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections import deque
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from typing import Any

from oauth_gauntlet_server.faults.base import Fault, FaultContext
from oauth_gauntlet_server.faults.fault_json import arguments, check_bounds
from oauth_gauntlet_server.faults.parameter_types import Count, Probability

OWN = "own"
"""As the endpoint of a trigger: the own endpoint of the fault, `Fault.endpoint`."""

SELECTING = ("nth", "times", "every", "probability")
"""The fields of `Trigger` that select among the requests that pass the filter."""

_MOST_DISARMED = 100
"""How many disarmed faults are remembered for `ArmedFaults.unfired`."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """For which requests a fault is due. Counts begin at 1.

    The filter: `endpoint` (None: every endpoint; ``own``: the fault's own), `grant`, `client_id` (None: any).
    The selection among the requests that pass the filter: `nth`: only the nth. `times`: only the first
    `times`. `every`: each request whose number is a multiple of `every`. `probability`: by chance, drawn
    again for each request from a random generator with the seed `seed`.
    """

    endpoint: str | None = OWN
    grant: str | None = None
    client_id: str | None = None
    nth: Count | None = None
    times: Count | None = None
    every: Count | None = None
    probability: Probability | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        check_bounds(self)

    def concerns(self, context: FaultContext) -> bool:
        """Check whether a request passes the filter."""
        return all(
            wanted is None or wanted == actual
            for wanted, actual in (
                (self.endpoint, context.endpoint),
                (self.grant, context.grant_type),
                (self.client_id, context.client_id),
            )
        )

    def to_json(self) -> dict[str, Any]:
        """Return the trigger as JSON, without the members that have their default."""
        values = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {name: value for name, (value, default) in values.items() if value != default}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Trigger:
        """Return the trigger of a JSON document (the member ``when`` of an armed fault).

        Raises:
            FaultError: a member is unknown, of the wrong type, or out of its range.
        """
        return cls(**arguments(cls, document, what="trigger"))


class ArmedFault:
    """A fault that is armed on a tenant, with its trigger.

    `matched` counts the requests that passed the trigger's filter, `fired` the answers that the fault gave or
    changed.
    """

    def __init__(self, *, identifier: int, fault: Fault, trigger: Trigger) -> None:
        self.id = identifier
        self.fault = fault
        self.trigger = replace(trigger, endpoint=fault.endpoint) if trigger.endpoint == OWN else trigger
        self.matched = 0
        self.fired = 0
        self._random = random.Random(trigger.seed)  # noqa: S311 - reproducible chance, no secret
        self._lock = threading.Lock()

    def due(self, context: FaultContext) -> bool:
        """Check whether the fault is due for a request; count the request if it passes the filter."""
        if not self.trigger.concerns(context):
            return False
        with self._lock:
            self.matched += 1
            return self._due()

    def count_fired(self) -> None:
        """Count an answer that the fault gave or changed."""
        with self._lock:
            self.fired += 1

    def _due(self) -> bool:
        trigger, count = self.trigger, self.matched
        return (
            (trigger.nth is None or count == trigger.nth)
            and (trigger.times is None or count <= trigger.times)
            and (trigger.every is None or count % trigger.every == 0)
            and (trigger.probability is None or self._random.random() < trigger.probability)
        )

    def to_json(self) -> dict[str, Any]:
        """Return the fault as JSON, with its trigger and the counters."""
        return {
            "id": self.id,
            **self.fault.to_json(),
            "when": self.trigger.to_json(),
            "matched": self.matched,
            "fired": self.fired,
        }


class ArmedFaults:
    """The faults that are armed on one tenant, in the order of arming."""

    def __init__(self) -> None:
        self._armed: tuple[ArmedFault, ...] = ()
        self._disarmed: deque[ArmedFault] = deque(maxlen=_MOST_DISARMED)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def arm(self, fault: Fault, trigger: Trigger) -> ArmedFault:
        """Arm a fault."""
        with self._lock:
            armed = ArmedFault(identifier=next(self._ids), fault=fault, trigger=trigger)
            self._armed = (*self._armed, armed)
            return armed

    def remove(self, identifier: int) -> bool:
        """Disarm one fault; return whether one with that id was armed."""
        with self._lock:
            kept = tuple(armed for armed in self._armed if armed.id != identifier)
            removed = len(kept) < len(self._armed)
            self._disarmed.extend(armed for armed in self._armed if armed.id == identifier)
            self._armed = kept
            return removed

    def clear(self) -> None:
        """Disarm all faults."""
        with self._lock:
            self._disarmed.extend(self._armed)
            self._armed = ()

    def forget(self) -> None:
        """Disarm all faults, and do not report them as unfired."""
        with self._lock:
            self._armed = ()
            self._disarmed.clear()

    @contextmanager
    def held_back(self) -> Iterator[None]:
        """Let none of the armed faults act or count a request meanwhile; those that are armed meanwhile do."""
        with self._lock:
            held, self._armed = self._armed, ()
        try:
            yield
        finally:
            with self._lock:
                self._armed = (*held, *self._armed)

    def list(self) -> tuple[ArmedFault, ...]:
        """Return the armed faults."""
        return self._armed

    def unfired(self) -> tuple[str, ...]:
        """Return the names of faults that never fired.

        Each armed fault counts alone. Disarmed faults count together by name: if a test arms the same fault again
        for each example, it is enough that one of them fires.
        """
        with self._lock:
            everything = (*self._disarmed, *self._armed)
            once_fired = {armed.fault.name for armed in everything if armed.fired}
            still_armed = [armed.fault.name for armed in self._armed if not armed.fired]
            disarmed = [armed.fault.name for armed in self._disarmed if armed.fault.name not in once_fired]
        return tuple(dict.fromkeys((*still_armed, *disarmed)))

    def match(self, context: FaultContext) -> tuple[ArmedFault, ...]:
        """Return the faults that are due for a request, in the order of arming; count the request."""
        return tuple(armed for armed in self._armed if armed.due(context))

    def __bool__(self) -> bool:
        return bool(self._armed)
