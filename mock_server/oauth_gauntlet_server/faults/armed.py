"""Arming: which requests a fault is for, and how often it has fired.

A trigger first filters (endpoint, grant, client), then counts what passed the filter: the nth, the first n, every n, or
by chance. Counters make it possible to prove that a fault was delivered: one that was due but had no part in the
answer, since another fault answered first or there was nothing of its kind to change, has not fired.
"""

from __future__ import annotations

import itertools
import random
import threading
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from oauth_gauntlet_server.faults.base import Fault, FaultContext
from oauth_gauntlet_server.faults.fault_json import FaultError, arguments

OWN = "own"
"""The endpoint where a fault makes sense, as it says itself."""

_MOST_WITHDRAWN = 100
"""Faults taken out of force that are remembered."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Trigger:
    """When a fault fires. `endpoint` of None means every endpoint, ``own`` the fault's own; counts begin at 1.

    `nth`: only the nth matching request. `times`: only the first so many. `every`: each so many-th. `probability`: by
    chance, drawn anew each time from a generator seeded with `seed`.
    """

    endpoint: str | None = OWN
    grant: str | None = None
    client_id: str | None = None
    nth: int | None = None
    times: int | None = None
    every: int | None = None
    probability: float | None = None
    seed: int | None = None

    def __post_init__(self) -> None:
        for name in ("nth", "times", "every"):
            value = getattr(self, name)
            if value is not None and value < 1:
                raise FaultError(f"trigger: {name} counts from 1, got {value}")
        if self.probability is not None and not 0 <= self.probability <= 1:
            raise FaultError(f"trigger: probability lies between 0 and 1, got {self.probability}")

    def concerns(self, context: FaultContext) -> bool:
        """Whether a request passes the filter."""
        return all(
            wanted is None or wanted == actual
            for wanted, actual in (
                (self.endpoint, context.endpoint),
                (self.grant, context.grant_type),
                (self.client_id, context.client_id),
            )
        )

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form: what is not as it is by default."""
        values = {field.name: (getattr(self, field.name), field.default) for field in fields(self)}
        return {name: value for name, (value, default) in values.items() if value != default}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Trigger:
        """Return the trigger of a JSON form (member ``when`` of an armed fault).

        Raises:
            FaultError: a member is unknown, of the wrong type, or out of its range.
        """
        return cls(**arguments(cls, document, what="trigger"))


class ArmedFault:
    """A fault with its trigger, in force at one tenant.

    `matched` counts requests that passed the trigger's filter, `fired` those whose answer the fault had a part in.
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
        """Count a request that passes the filter, and say whether the fault is due for it."""
        if not self.trigger.concerns(context):
            return False
        with self._lock:
            self.matched += 1
            return self._due()

    def count_fired(self) -> None:
        """Count an answer that the fault had a part in."""
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
        """Return the JSON form, with the counters."""
        return {
            "id": self.id,
            **self.fault.to_json(),
            "when": self.trigger.to_json(),
            "matched": self.matched,
            "fired": self.fired,
        }


class ArmedFaults:
    """The faults in force at one tenant, in the order in which they were armed."""

    def __init__(self) -> None:
        self._armed: tuple[ArmedFault, ...] = ()
        self._withdrawn: deque[ArmedFault] = deque(maxlen=_MOST_WITHDRAWN)
        self._ids = itertools.count(1)
        self._lock = threading.Lock()

    def arm(self, fault: Fault, trigger: Trigger) -> ArmedFault:
        """Put a fault in force."""
        with self._lock:
            armed = ArmedFault(identifier=next(self._ids), fault=fault, trigger=trigger)
            self._armed = (*self._armed, armed)
            return armed

    def remove(self, identifier: int) -> bool:
        """Take one fault out of force; say whether there was one of that id."""
        with self._lock:
            kept = tuple(armed for armed in self._armed if armed.id != identifier)
            removed = len(kept) < len(self._armed)
            self._withdrawn.extend(armed for armed in self._armed if armed.id == identifier)
            self._armed = kept
            return removed

    def clear(self) -> None:
        """Take all faults out of force."""
        with self._lock:
            self._withdrawn.extend(self._armed)
            self._armed = ()

    def forget(self) -> None:
        """Take all faults out of force, as if they had never been armed."""
        with self._lock:
            self._armed = ()
            self._withdrawn.clear()

    def list(self) -> tuple[ArmedFault, ...]:
        """Return the faults in force."""
        return self._armed

    def unfired(self) -> tuple[str, ...]:
        """Return the names of faults that never fired: each that is in force, and of those taken out of force each kind.

        Whoever arms the same fault again and again, for one example after the other, need not meet it in every one.
        """
        with self._lock:
            everything = (*self._withdrawn, *self._armed)
            met = {armed.fault.name for armed in everything if armed.fired}
            in_force = [armed.fault.name for armed in self._armed if not armed.fired]
            withdrawn = [armed.fault.name for armed in self._withdrawn if armed.fault.name not in met]
        return tuple(dict.fromkeys((*in_force, *withdrawn)))

    def match(self, context: FaultContext) -> tuple[ArmedFault, ...]:
        """Return the faults that are due for a request, in the order of arming, having counted it."""
        return tuple(armed for armed in self._armed if armed.due(context))

    def __bool__(self) -> bool:
        return bool(self._armed)
