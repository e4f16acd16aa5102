"""Load the faults that the user wrote."""

from __future__ import annotations

from collections.abc import Iterable

from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.config.own_code import OwnCodeError
from oauth_gauntlet_server.config.own_faults import load_own_faults

FAULTS_HELP = "load faults of your own: a module name, or the path of a .py file (repeatable)"


def load_faults(named: Iterable[str]) -> None:
    """Load the faults of installed packages, and of the named modules.

    Raises:
        UsageError: a module cannot be imported, or a name is used already; the text names file and line.
    """
    try:
        load_own_faults(named)
    except OwnCodeError as error:
        raise UsageError(f"--faults: {error}") from error
