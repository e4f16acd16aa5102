"""`ScenarioItem`: the pytest item of one scenario.

It is an item of its own and no `pytest.Function`, so that a scenario judges a client in the same way in every project: fixtures
of the project, its filters of warnings, and plugins that end or repeat a test have no part in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest

from oauth_gauntlet.judging.scenario_place import line_of, place_of
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import Case, Scenario, scenario_id

_GRANTS = "|".join(grant.short for grant in GrantType)
_KINDS = "|".join(RenewalKind)

WAITS = "@waits"
"""The end of the name of a scenario's item that waits in real time."""

ENDS_LIKE_A_SCENARIO = re.compile(rf"[\[-]({_GRANTS})(\+({_KINDS}))?({WAITS})?\]$")
"""The end of a scenario's node id. The controller of pytest-xdist knows nothing else of an item before its report."""


class ScenarioItem(pytest.Item):
    """A scenario with the case that it runs with. `cleanup` is closed after it."""

    def __init__(self, *, scenario: Scenario, case: Case, run: Callable[[ScenarioItem], None], **more: Any) -> None:
        """`run` calls the scenario's function; what it raises is how the scenario ended."""
        super().__init__(**more)
        self.scenario = scenario
        self.case = case
        self.scenario_id = scenario_id(scenario.requirement, case)
        self.cleanup = ExitStack()
        self._run = run
        self.extra_keyword_matches.add(self.scenario_id)  # for -k
        marks = getattr(scenario.function, "pytestmark", ())
        self.own_markers.extend(marks)
        self.keywords.update({mark.name: mark for mark in marks})
        for mark in _marks_for_plugins(self.config):
            self.add_marker(mark)

    def runtest(self) -> None:
        """Run the scenario, and close what it opened: a further client in this process changes its environment."""
        with self.cleanup:
            self._run(self)

    def teardown(self) -> None:
        """Close what the scenario opened."""
        self.cleanup.close()

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG002
        """Return a short text: pytest would read the source of every function in the traceback, and nobody sees it."""
        return excinfo.typename

    def reportinfo(self) -> tuple[Path, int, str]:
        """Return where the scenario's function stands."""
        return self.path, line_of(self.scenario) - 1, self.name


def scenario_items(parent: pytest.Collector, scenario: Scenario, run: Callable[[ScenarioItem], None]) -> Iterator[ScenarioItem]:
    """Yield the item of each case of a scenario."""
    name = getattr(scenario.function, "__name__", scenario.requirement.id)
    end = WAITS if scenario.waits else ""
    for case in scenario.cases():
        parts = "-".join((*([case.variant.name] if case.variant else []), case.last_part))
        yield ScenarioItem.from_parent(parent, name=f"{name}[{parts}{end}]", scenario=scenario, case=case, run=run)


def refuse_equal_ids(items: Iterable[pytest.Item]) -> None:
    """Check that no two scenarios have one id: a result could not say which of them it is of.

    Raises:
        pytest.UsageError: two have; the text says where they stand.
    """
    known: dict[str, Scenario] = {}
    for item in items:
        if isinstance(item, ScenarioItem):
            other = known.setdefault(item.scenario_id, item.scenario)
            if other is not item.scenario:
                places = f"{place_of(item.scenario)} and {place_of(other)}"
                raise pytest.UsageError(f"two scenarios have the id {item.scenario_id!r}: {places}; choose another id")


def _marks_for_plugins(config: pytest.Config) -> Iterator[pytest.MarkDecorator]:
    """Yield the marks that keep pytest and its plugins from a part in the verdict."""
    if config.pluginmanager.hasplugin("warnings"):
        # A filter `error` would make an exception of each warning in client and server.
        yield pytest.mark.filterwarnings("default")
    if config.pluginmanager.hasplugin("timeout"):
        # A client has a time limit of its own, and the first scenario that waits runs all that wait.
        yield pytest.mark.timeout(0)
    if config.pluginmanager.hasplugin("rerunfailures"):
        yield pytest.mark.flaky(reruns=0)
