"""Find a set of requirements by its name.

A package of scenarios offers its sets by an entry point, so that the harness does not import the package.
"""

from __future__ import annotations

from importlib.metadata import entry_points

from oauth_gauntlet.errors import HarnessError, UsageError
from oauth_gauntlet.model import RequirementSet

GROUP = "oauth_gauntlet.requirement_sets"
"""The entry point group. An entry is a function from the name of a set to the set; it raises ValueError for another name."""


def named_requirement_set(name: str) -> RequirementSet:
    """Return the set of requirements with this name.

    Raises:
        UsageError: no set has it; the text contains the nearest name and lists all.
        HarnessError: no installed package offers sets.
    """
    problems: list[str] = []
    for entry in entry_points(group=GROUP):
        try:
            found: RequirementSet = entry.load()(name)
        except ValueError as error:
            problems.append(str(error))
        else:
            return found
    if not problems:
        raise HarnessError(f"no installed package has the entry point {GROUP}; install oauth-gauntlet again")
    raise UsageError("; ".join(problems))
