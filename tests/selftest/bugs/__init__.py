"""Every bug that the scenarios have to catch, as data: one broken client each.

A bug is a class below `Broken`; the client specs ``py:bugs:TokenScheme`` and so on judge it (with this folder's parent on
the path). Which scenarios catch it, to the last one, is in ``kills.toml``.
"""

from __future__ import annotations

from enum import Enum

from altered import classes_in
from bugs.broken import Broken

Bug = Enum("Bug", classes_in("bugs", Broken))  # type: ignore[misc]
"""The bugs by name; the value is the client."""


def __getattr__(name: str) -> type[Broken]:
    """Return the client of a bug's name, as a client spec asks for it."""
    if name in Bug.__members__:
        return Bug[name].value
    raise AttributeError(name)
