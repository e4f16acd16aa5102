"""Select scenarios, run them, and attach their results. Registered in every process that runs tests.

A scenario is a pytest item that does not know its verdict. It returns, or it raises `Breach`, `Untestable` or any other
exception. `ResultMaker` makes a result of this ending, and `Judge` attaches it to pytest's report as JSON text. `Recorder`
reads it from the report: with pytest-xdist it runs in another process.
"""

from __future__ import annotations

import json
import time
from collections.abc import Collection, Generator
from pathlib import Path

import hypothesis
import pytest

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.judging.again_command import AgainCommand
from oauth_gauntlet.judging.applicability import missing_declaration
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.concurrent_scenarios import Ending, may_run_concurrently, run_concurrently
from oauth_gauntlet.judging.first_tokens import FirstTokens
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.own_scenarios import PATTERN
from oauth_gauntlet.judging.result_of import STOPS, NotRun, ResultMaker
from oauth_gauntlet.judging.scenario_arguments import CLIENT, DURATION_S, PORTS, STARTED, TENANT, call_scenario
from oauth_gauntlet.judging.scenario_item import ScenarioItem, refuse_equal_ids, scenario_items
from oauth_gauntlet.judging.selection import Selection, place_in_run
from oauth_gauntlet.model import SANITY, Verdict
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import scenario_of

_JUDGED_GRANTS = pytest.StashKey[Collection[GrantType]]()
"""The grants whose first token this session judges."""


class Judge:
    """Selects and runs scenarios, and attaches each result to pytest's report."""

    def __init__(
        self,
        *,
        bench: Bench,
        watch: ClockWatch,
        selection: Selection,
        seed: int,
        effort: str,
        strict: bool,
        again: AgainCommand,
        keep_going: bool,
    ) -> None:
        self.bench = bench
        self.watch = watch
        self.selection = selection
        self.seed = seed
        self.effort = effort
        self.strict = strict
        self.again = again
        self._keep_going = keep_going
        self._first_tokens = FirstTokens(bench)
        self._results = ResultMaker(
            bench=bench, watch=watch, requirements=selection.requirements, again=again, first_tokens=self._first_tokens
        )
        self._endings: dict[str, Ending] = {}

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect the modules of installed packages of scenarios, also where the project calls its test files otherwise."""
        ours = file_path.match(PATTERN) and any(file_path.is_relative_to(each) for each in self.again.installed)
        collected_by_pytest = parent.session.isinitpath(file_path) or any(
            file_path.match(each) for each in parent.config.getini("python_files")
        )
        if not ours or collected_by_pytest:
            return None
        return pytest.Module.from_parent(parent, path=file_path)

    def pytest_pycollect_makeitem(self, collector: pytest.Collector, name: str, obj: object) -> list[pytest.Item] | None:  # noqa: ARG002
        """Make an item of each case of a scenario: grants, variants and renewals."""
        scenario = scenario_of(obj)
        if scenario is None:
            return None
        if hypothesis.is_hypothesis_test(scenario.function):
            hypothesis.seed(self.seed)(scenario.function)
        return list(scenario_items(collector, scenario, self._run))

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> Generator[None, object, object]:
        """Deselect what was not requested, and put the rest in the order of a run.

        The order comes last: other plugins may shuffle. Ordinary tests stay as these leave them.
        """
        if not hasattr(config, "workerinput"):  # a worker of pytest-xdist knows them from its controller
            self.selection = self.selection.with_declared(self.bench.hello().profiles)
        refuse_equal_ids(items)
        chosen: list[pytest.Item] = []
        deselected: list[pytest.Item] = []
        for item in items:
            covered = not isinstance(item, ScenarioItem) or self._covers(item)
            (chosen if covered else deselected).append(item)
        if deselected:
            config.hook.pytest_deselected(items=deselected)
        items[:] = chosen
        try:
            return (yield)
        finally:
            collected = {item: number for number, item in enumerate(chosen)}
            scenarios = [item for item in items if isinstance(item, ScenarioItem)]
            in_order = iter(sorted(scenarios, key=lambda item: (_place(item), collected[item])))
            items[:] = [next(in_order) if isinstance(item, ScenarioItem) else item for item in items]

    def _covers(self, item: ScenarioItem) -> bool:
        requirement = item.scenario.requirement
        if requirement.profile is not None and requirement.profile not in self.again.profiles:
            # No package offers it, so that no option can ask it: the user named the file.
            return not self.selection.grants or item.case.grant in self.selection.grants
        return self.selection.covers(requirement, item.case.grant)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a scenario if the adapter does not declare what it needs, or the client gets no token for its grant."""
        item.stash[STARTED] = time.monotonic()
        if not isinstance(item, ScenarioItem):
            return
        missing = self._missing(item)
        if missing is not None:
            pytest.skip(missing)
        stopped = self._why_not_run(item)
        if stopped is not None:
            raise NotRun(stopped)

    def _why_not_run(self, item: ScenarioItem) -> str | None:
        if self._keep_going:
            return None
        stash = item.session.stash
        if _JUDGED_GRANTS not in stash:
            stash[_JUDGED_GRANTS] = _grants_with_sanity(item.session)
        return self._first_tokens.why_not_run(item.scenario.requirement, item.case.grant, stash[_JUDGED_GRANTS])

    def _missing(self, item: ScenarioItem) -> str | None:
        """Return what the adapter does not declare, or the effort does not include, but a scenario needs; or None."""
        if item.scenario.thorough and self.effort != "thorough":
            return "needs --effort thorough: it waits for minutes"
        return missing_declaration(
            item.scenario.requirement,
            item.case.grant,
            self.bench.hello(),
            auth_method=item.case.variant.auth_method if item.case.variant else None,
            renewal=item.case.renewal,
        )

    def _run(self, item: ScenarioItem) -> None:
        """Run a scenario. The first one that waits runs all that wait at once; for the others, take over the ending."""
        ending = self._concurrent_ending(item)
        if ending is None:
            call_scenario(item)
            return
        item.stash[TENANT] = ending.tenant
        if ending.client is not None and ending.ports is not None:
            item.stash[CLIENT] = ending.client
            item.stash[PORTS] = ending.ports
        item.stash[DURATION_S] = ending.duration_s
        item.stash[STARTED] = ending.started
        if ending.exception is not None:
            raise ending.exception

    def _concurrent_ending(self, item: ScenarioItem) -> Ending | None:
        """Return how a scenario ended that ran at the same time as others, or None if it runs alone."""
        if not item.scenario.waits:
            return None
        if item.nodeid not in self._endings:
            waiting = [
                each
                for each in item.session.items
                if isinstance(each, ScenarioItem)
                and each.scenario.waits
                and self._missing(each) is None
                and self._why_not_run(each) is None
            ]
            if len(waiting) < 2 or not may_run_concurrently(item.config, self.bench):
                return None
            self._endings |= run_concurrently(waiting, self.bench)
        return self._endings[item.nodeid]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Conclude the verdict, attach the result as JSON, and set pytest's outcome accordingly."""
        report = yield
        if not isinstance(item, ScenarioItem) or call.when == "teardown" or (call.when == "setup" and report.passed):
            return report
        result = self._results.of(item, call)
        if result.id == SANITY:
            self._first_tokens.learn(item.case.grant, result)
        # JSON text with escapes: pytest-xdist cannot transfer a lone surrogate, and a client may answer with one.
        report.oauth_gauntlet = json.dumps(result.to_json())  # type: ignore[attr-defined]
        report.oauth_gauntlet_warns = result.verdict is Verdict.WARNING  # type: ignore[attr-defined]
        client = item.stash.get(CLIENT, None)
        if result.verdict is Verdict.ERROR or result.ending is not None or (client is not None and client.spent):
            self.bench.discard_adapter()
        if result.verdict in STOPS or (result.verdict is Verdict.WARNING and self.strict):
            report.outcome = "failed"
            report.longrepr = escaped(f"{result.verdict}: {result.message}")
        elif result.verdict is Verdict.CONSEQUENCE:
            report.outcome = "skipped"
            report.longrepr = str(item.path), 0, escaped(result.message)
        elif result.verdict is not Verdict.NOT_APPLICABLE:
            report.outcome = "passed"
            report.longrepr = None
        return report


def _grants_with_sanity(session: pytest.Session) -> frozenset[GrantType]:
    return frozenset(
        item.case.grant for item in session.items if isinstance(item, ScenarioItem) and item.scenario.requirement.id == SANITY
    )


def _place(item: ScenarioItem) -> int:
    return place_in_run(item.scenario.requirement.id, waits=item.scenario.waits)
