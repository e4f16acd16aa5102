"""Find a set of requirements by its name. The only module outside `cli` that imports the scenarios package."""

from __future__ import annotations

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import RequirementSet


def named_requirement_set(name: str) -> RequirementSet:
    """Return the set of requirements with this name.

    Raises:
        UsageError: no set has it; the text contains the nearest name and lists all.
    """
    from oauth_gauntlet_scenarios.requirement_sets import requirement_set

    try:
        return requirement_set(name)
    except ValueError as error:
        raise UsageError(str(error)) from error
