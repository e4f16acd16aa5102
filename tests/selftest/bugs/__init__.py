"""All bugs that the scenarios must catch: one altered reference client for each.

A bug is a subclass of `Broken` in a module of this package. Its client spec is ``py:tests.selftest.bugs:TokenScheme`` (from
the root of the repository). kills.toml lists exactly the scenarios that catch it.
"""

from __future__ import annotations

from enum import Enum

from tests.selftest.altered import classes_in
from tests.selftest.bugs.broken import Broken

Bug = Enum("Bug", classes_in(__name__, Broken))  # type: ignore[misc]
"""The bugs by name; the value is the class of the client."""


def __getattr__(name: str) -> type[Broken]:
    """Return the class of a bug by its name, for client specs."""
    if name in Bug.__members__:
        return Bug[name].value
    raise AttributeError(name)
