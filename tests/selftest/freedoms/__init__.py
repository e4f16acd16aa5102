"""Correct clients that differ from the reference client: each uses one freedom that RFC or practice leaves.

A freedom is a subclass of `Free` in a module of this package. Its client spec is ``py:tests.selftest.freedoms:NoJti`` (from
the root of the repository). No scenario may have a finding about it. When someone reports a false alarm, first add the
client's behaviour here.
"""

from __future__ import annotations

from enum import Enum

from tests.selftest.altered import classes_in
from tests.selftest.freedoms.free import Free

Freedom = Enum("Freedom", classes_in(__name__, Free))  # type: ignore[misc]
"""The freedoms by name; the value is the class of the client."""


def __getattr__(name: str) -> type[Free]:
    """Return the class of a freedom by its name, for client specs."""
    if name in Freedom.__members__:
        return Freedom[name].value
    raise AttributeError(name)
