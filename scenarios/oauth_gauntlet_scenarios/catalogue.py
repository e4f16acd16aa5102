"""The catalogue: every scenario there is, read from the decorators of the scenario modules."""

from __future__ import annotations

import importlib
import pkgutil
from functools import cache
from pathlib import Path

from oauth_gauntlet.requirement import Scenario, scenario_of


@cache
def scenarios() -> tuple[Scenario, ...]:
    """Return every scenario, sorted by id.

    Raises:
        ValueError: two scenarios have the same id.
    """
    found: dict[str, Scenario] = {}
    for module_info in pkgutil.iter_modules([str(Path(__file__).parent)]):
        if not module_info.name.startswith("test_"):
            continue
        module = importlib.import_module(f"oauth_gauntlet_scenarios.{module_info.name}")
        for value in vars(module).values():
            scenario = scenario_of(value)
            if scenario is None:
                continue
            if scenario.requirement.id in found:
                raise ValueError(f"two scenarios are called {scenario.requirement.id}")
            found[scenario.requirement.id] = scenario
    return tuple(found[key] for key in sorted(found))
