"""Correct clients that are not the reference client: each takes one freedom that RFC and practice leave.

A freedom is a class below `Free`; the client specs ``py:freedoms:NoJti`` and so on judge it. No scenario may find fault
with any of them: a false alarm that somebody reports becomes one of these first.
"""

from __future__ import annotations

from enum import Enum

from altered import classes_in
from freedoms.free import Free

Freedom = Enum("Freedom", classes_in("freedoms", Free))  # type: ignore[misc]
"""The freedoms by name; the value is the client."""


def __getattr__(name: str) -> type[Free]:
    """Return the client of a freedom's name, as a client spec asks for it."""
    if name in Freedom.__members__:
        return Freedom[name].value
    raise AttributeError(name)
