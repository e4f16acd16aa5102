"""The catalogue: every scenario, read from the decorators of the scenario modules.

The category of a requirement, the first word of its id, is the name of its module (`test_limits`) or folder
(`parse`).
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator
from functools import cache
from types import ModuleType

import oauth_gauntlet_scenarios
from oauth_gauntlet.requirement import Scenario, scenario_of


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario, sorted by id.

    Raises:
        ValueError: two scenarios have the same id.
    """
    found: dict[str, Scenario] = {}
    for module in _modules():
        for value in vars(module).values():
            scenario = scenario_of(value)
            if scenario is None:
                continue
            if scenario.requirement.id in found:
                raise ValueError(f"two scenarios have the id {scenario.requirement.id}")
            found[scenario.requirement.id] = scenario
    return tuple(found[key] for key in sorted(found))


def _modules() -> Iterator[ModuleType]:
    package = oauth_gauntlet_scenarios
    for info in pkgutil.walk_packages(package.__path__, prefix=f"{package.__name__}."):
        if info.name.rpartition(".")[2].startswith("test_"):
            yield importlib.import_module(info.name)
