"""Select scenarios, run them, and conclude a verdict from how each ends. Registered in every process that runs tests.

A scenario is a pytest item that does not know its verdict. It returns, or it raises `Breach`, `Untestable` or any other
exception. `Judge` passes this ending, with the faults that never fired, to `verdicts.conclude`, and attaches the result to
pytest's report as JSON text. `Recorder` reads it from the report: with pytest-xdist it runs in another process.
"""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Generator

import hypothesis
import pytest

from oauth_gauntlet.adapters.client_spec import ClientSpec
from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.files.json_values import finite
from oauth_gauntlet.judging.applicability import missing_declaration
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.concurrent_scenarios import Ending, may_run_concurrently, run_concurrently
from oauth_gauntlet.judging.evidence import exchanges_json, notes_on, server_failed, something_sent
from oauth_gauntlet.judging.fixtures import CLIENT, DURATION_S, PORTS, STARTED, TENANT
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.pytest_items import grant_of, name_of, scenario_at, variant_of
from oauth_gauntlet.judging.run_options import DEFAULT_SEED
from oauth_gauntlet.judging.selection import Selection, sanity_first_and_last
from oauth_gauntlet.judging.verdicts import Conclusion, attributed, conclude, downgraded
from oauth_gauntlet.model import Requirement, Result, Verdict
from oauth_gauntlet.requirement import Scenario, scenario_of

_STOPS = {verdict for verdict in Verdict if verdict.failing} | {Verdict.UNTESTABLE, Verdict.ERROR}
"""Verdicts with which a pytest test fails, also without the option strict."""


class Judge:
    """Selects and runs scenarios, and attaches each result to pytest's report."""

    def __init__(
        self, *, bench: Bench, watch: ClockWatch, spec: ClientSpec, selection: Selection, seed: int, effort: str, strict: bool
    ) -> None:
        self.bench = bench
        self.watch = watch
        self.spec = spec
        self.selection = selection
        self.seed = seed
        self.effort = effort
        self.strict = strict
        self._endings: dict[str, Ending] = {}

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a scenario once for each grant and variant."""
        scenario = scenario_of(metafunc.function)
        if scenario is None:
            return
        if scenario.variants:
            metafunc.parametrize("variant", scenario.variants, ids=[variant.name for variant in scenario.variants])
        grants = scenario.requirement.grants
        metafunc.parametrize("grant", grants, ids=[grant.short for grant in grants])

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Make ``-k`` match the scenario id, seed Hypothesis, and suppress the traceback, which is never shown."""
        scenario = scenario_at(item)
        if scenario is None or not isinstance(item, pytest.Function):
            return
        item.extra_keyword_matches.add(name_of(item, scenario))
        item.repr_failure = _no_traceback  # type: ignore[method-assign]
        if hypothesis.is_hypothesis_test(item.obj):
            hypothesis.seed(self.seed)(item.obj)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Deselect what was not requested, and put the rest in the order of a run (the sanity exchanges first and last)."""
        if not hasattr(config, "workerinput"):  # a worker of pytest-xdist knows them from its controller
            self.selection = self.selection.with_declared(self.bench.hello().profiles)
        chosen: list[pytest.Item] = []
        deselected: list[pytest.Item] = []
        for item in items:
            scenario = scenario_at(item)
            covered = scenario is None or self.selection.covers(scenario.requirement, grant_of(item))
            (chosen if covered else deselected).append(item)
        if deselected:
            config.hook.pytest_deselected(items=deselected)
        items[:] = sorted(chosen, key=_sort_key)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip a scenario if the adapter does not declare what it needs."""
        item.stash[STARTED] = time.monotonic()
        scenario = scenario_at(item)
        if scenario is None:
            return
        missing = self._missing(item, scenario)
        if missing is not None:
            pytest.skip(missing)

    def _missing(self, item: pytest.Item, scenario: Scenario) -> str | None:
        """Return what the adapter does not declare but a scenario needs, or None."""
        variant = variant_of(item)
        return missing_declaration(
            scenario.requirement, grant_of(item), self.bench.hello(), auth_method=variant.auth_method if variant else None
        )

    @pytest.hookimpl(tryfirst=True)
    def pytest_pyfunc_call(self, pyfuncitem: pytest.Function) -> bool | None:
        """Run all scenarios that wait at once, when the first of them is called; for the others, return the ending."""
        scenario = scenario_at(pyfuncitem)
        if scenario is None or not scenario.waits or hasattr(pyfuncitem.config, "workerinput"):
            return None
        if pyfuncitem.nodeid not in self._endings:
            waiting = self._waiting_items(pyfuncitem.session)
            if len(waiting) < 2 or not may_run_concurrently(self.bench):
                return None
            self._endings |= run_concurrently(waiting, self.bench)
        ending = self._endings[pyfuncitem.nodeid]
        pyfuncitem.stash[TENANT] = ending.tenant
        pyfuncitem.stash[CLIENT] = ending.client
        pyfuncitem.stash[PORTS] = ending.ports
        pyfuncitem.stash[DURATION_S] = ending.duration_s
        pyfuncitem.stash[STARTED] = ending.started
        if ending.exception is not None:
            raise ending.exception
        return True

    def _waiting_items(self, session: pytest.Session) -> list[pytest.Function]:
        return [
            item
            for item in session.items
            if isinstance(item, pytest.Function)
            and (scenario := scenario_at(item)) is not None
            and scenario.waits
            and self._missing(item, scenario) is None
        ]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Conclude the verdict, attach the result as JSON, and set pytest's outcome accordingly."""
        report = yield
        scenario = scenario_at(item)
        if scenario is None or call.when == "teardown" or (call.when == "setup" and report.passed):
            return report
        result = self._result(item, scenario, call)
        # JSON text with escapes: pytest-xdist cannot transfer a lone surrogate, and a client may answer with one.
        report.oauth_gauntlet = json.dumps(result.to_json())  # type: ignore[attr-defined]
        report.oauth_gauntlet_warns = result.verdict is Verdict.WARNING  # type: ignore[attr-defined]
        if result.verdict is Verdict.ERROR:
            self.bench.discard_adapter()
        if result.verdict in _STOPS or (result.verdict is Verdict.WARNING and self.strict):
            report.outcome = "failed"
            report.longrepr = escaped(f"{result.verdict}: {result.message}")
        elif result.verdict is not Verdict.NOT_APPLICABLE:
            report.outcome = "passed"
            report.longrepr = None
        return report

    def _result(self, item: pytest.Item, scenario: Scenario, call: pytest.CallInfo[None]) -> Result:
        requirement = self.selection.requirements.judged(scenario.requirement)
        exception = None if call.excinfo is None else call.excinfo.value
        tenant, client = item.stash.get(TENANT, None), item.stash.get(CLIENT, None)
        platform = self.bench.hello().client.platform if requirement.platform else ""
        if isinstance(exception, pytest.skip.Exception):
            conclusion = Conclusion(verdict=Verdict.NOT_APPLICABLE, message=str(exception))
        else:
            unfired = () if tenant is None else tenant.armed.unfired()
            if PORTS in item.stash:
                unfired += item.stash[PORTS].unmet()
            conclusion = conclude(
                level=requirement.level,
                exception=exception,
                unfired=unfired,
                server_failed=tenant is not None and server_failed(tenant.journal),
                sent=tenant is None or something_sent(tenant, client, item.stash.get(PORTS, None)),
            )
            # Advice is about what the client makes of it, such as the class of its error: no HTTP stack decides that.
            platform = "" if conclusion.advised else platform
            if platform:
                conclusion = attributed(conclusion, platform)
            conclusion = self._downgraded(conclusion, item)
        name = name_of(item, scenario)
        return Result(
            id=requirement.id,
            scenario=name,
            grant=str(grant_of(item)),
            level=requirement.level,
            profile=requirement.profile,
            basis=requirement.basis,
            covered_by=requirement.covered_by,
            statement=requirement.statement,
            verdict=conclusion.verdict,
            message=conclusion.message,
            duration_s=item.stash.get(DURATION_S, call.duration),
            findings=conclusion.findings,
            answer=None if client is None else finite(client.last_answer),
            notes=notes_on(conclusion, exception, client),
            exchanges=() if tenant is None else exchanges_json(tenant.journal),
            reproduce=self._reproduce(name, requirement),
            refused_as=requirement.refused_as,
            platform=platform,
        )

    def _downgraded(self, conclusion: Conclusion, item: pytest.Item) -> Conclusion:
        """Return the conclusion, downgraded if the machine was unreliable during the scenario."""
        started = item.stash.get(STARTED, 0.0)
        disturbances = self.watch.since(started)
        jump = next((str(each) for each in disturbances if each.jumped_s), None)
        pause = next((str(each) for each in disturbances if each.paused_s), None)
        if jump or pause or conclusion.verdict not in _STOPS | {Verdict.WARNING}:
            return downgraded(conclusion, always=jump, if_adverse=pause)
        return downgraded(conclusion, if_adverse=self.bench.server_trouble(since=started))

    def _reproduce(self, name: str, requirement: Requirement) -> str:
        command = ["oauth-gauntlet", "run", "--client", self.spec.text, "-k", name]
        if requirement.profile is not None:
            command += ["--profile", requirement.profile]
        if requirement.id in self.selection.requirements.raised:
            command += ["--set", self.selection.requirements.name]
        if self.seed != DEFAULT_SEED:
            command += ["--seed", str(self.seed)]
        if self.effort != "ci":
            command += ["--effort", self.effort]
        return shlex.join(command)


def _no_traceback(excinfo: pytest.ExceptionInfo[BaseException], style: object = None) -> str:  # noqa: ARG001
    # pytest would read the source of every function in the traceback; the verdict's message replaces it.
    return excinfo.typename


def _sort_key(item: pytest.Item) -> int:
    scenario = scenario_at(item)
    return sanity_first_and_last(scenario.requirement.id) if scenario else 1
