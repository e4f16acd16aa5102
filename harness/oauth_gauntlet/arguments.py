"""What the function of a scenario can take: the harness gives it each argument by its name.

The names are no pytest fixtures. So a scenario gets the same objects in every project, whatever fixtures the project has.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache

ARGUMENTS = {
    "tenant": "an authorization server for this scenario only: strict, and correct until a fault is armed",
    "client": "the client under test, not yet configured, for the grant that the scenario runs for",
    "another_client": (
        "a function that starts the client under test once more, as a separate process or object; it takes environment "
        "variables, and `kept=True` lets one process serve all scenarios with the same variables"
    ),
    "ports": "opens ports of the server, and closes them after the scenario",
    "grant": "the grant that the scenario runs for",
    "variant": "the variant that the scenario runs with",
    "tmp_path": "an empty folder (`pathlib.Path`), which is removed after the scenario",
    "seed": "the seed of all generated examples of the run",
}
"""Every argument by its name, with what it is."""

WHILE_OTHERS_RUN = ("tenant", "client", "ports", "grant", "variant")
"""The arguments of a scenario that waits, and therefore runs at the same time as others."""


@cache
def arguments_of(function: Callable[..., None]) -> tuple[str, ...]:
    """Return the names of the arguments that a scenario's function takes."""
    return tuple(inspect.signature(function).parameters)


def arguments_problem(function: Callable[..., None], *, waits: bool, has_variants: bool) -> str | None:
    """Return why the harness cannot call this function as a scenario, or None."""
    allowed = [name for name in (WHILE_OTHERS_RUN if waits else ARGUMENTS) if has_variants or name != "variant"]
    unknown = [name for name in arguments_of(function) if name not in allowed]
    if not unknown:
        return None
    name, reason = unknown[0], ""
    if name == "variant":
        reason = " without variants"
    elif name in ARGUMENTS:
        reason = " that waits"
    return f"{getattr(function, '__name__', 'the function')} takes {name!r}; a scenario{reason} can take {', '.join(allowed)}"
