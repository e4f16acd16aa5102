"""Load the faults of the user: of installed packages, and of modules that the command line or a file names."""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points

from oauth_gauntlet_server.config.own_code import OwnCodeError, failure_in, import_own

GROUP = "oauth_gauntlet.faults"
"""The entry point group. An entry is a module that registers faults and presets when it is imported."""


def load_own_faults(named: Iterable[str] = ()) -> None:
    """Import the modules of the entry points, and those that are named: module names, or paths of ``.py`` files.

    Raises:
        OwnCodeError: a module cannot be imported, or the name of a fault or preset is used already.
    """
    for entry in entry_points(group=GROUP):
        try:
            entry.load()
        except Exception as error:
            raise OwnCodeError(f"entry point {entry.name!r} of {GROUP}: {failure_in(error, entry.module)}") from error
    for each in named:
        import_own(each)
