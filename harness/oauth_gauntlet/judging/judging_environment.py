"""The environment of the judging process: no variable of the user's shell changes how pytest and Python judge.

Python reads about 40 variables, and pytest and its plugins read more with each version. So only those stay that say where
modules are, and those that decide nothing. Adapters inherit this environment: a client of Python is judged in the same way on
every machine too.
"""

from __future__ import annotations

from collections.abc import Mapping

from oauth_gauntlet.adapters.client_environment import client_environment

_KEPT = frozenset(
    {
        "PYTHONDONTWRITEBYTECODE",
        "PYTHONEXECUTABLE",
        "PYTHONHOME",
        "PYTHONNOUSERSITE",
        "PYTHONPATH",
        "PYTHONPLATLIBDIR",
        "PYTHONPYCACHEPREFIX",
        "PYTHONUNBUFFERED",
        "PYTHONUSERBASE",
    }
)

_FIXED: Mapping[str, str] = {
    # The order of a set of texts decides nothing that a client sends differently from run to run.
    "PYTHONHASHSEED": "0",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}


def judging_environment(machine: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of the judging process on a machine with the given environment."""
    kept = {name: value for name, value in client_environment(machine).items() if not _is_removed(name)}
    return {**kept, **_FIXED}


def _is_removed(name: str) -> bool:
    return name.upper().startswith(("PYTEST", "PYTHON", "PY_COLORS", "HYPOTHESIS")) and name not in _KEPT
