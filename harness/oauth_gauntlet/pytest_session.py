"""The working part of the pytest plugin: selects scenarios, turns how they end into verdicts, keeps the results.

With pytest-xdist each worker judges with a server and an adapter of its own, and ships its results as JSON on
the test reports; the controller alone writes the stream. Without it, the one process is both.
"""

from __future__ import annotations

import json
import random
import re
import shlex
import time
from collections.abc import Generator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any, TextIO, cast

import hypothesis
import pytest

from oauth_gauntlet import __version__, fixtures, profiles
from oauth_gauntlet.applicability import missing_declaration
from oauth_gauntlet.bench import Bench
from oauth_gauntlet.client_spec import ClientSpec, parse_spec
from oauth_gauntlet.errors import AdapterError, GauntletError
from oauth_gauntlet.evidence import exchanges_json, notes_on, server_failed
from oauth_gauntlet.expectations import Expectations, load_expectations
from oauth_gauntlet.fixtures import BENCH, CLIENT, PORTS, TENANT
from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import Scenario, Variant, scenario_id, scenario_of
from oauth_gauntlet.results import ResultWriter, result_from_json
from oauth_gauntlet.selection import Selection, grants_named, sanity_first_and_last
from oauth_gauntlet.verdicts import Conclusion, conclude
from oauth_gauntlet_reports.wire_text import escaped
from oauth_gauntlet_scenarios.requirement_sets import requirement_set

DEFAULT_SEED = 1

# How pytest names the run of a scenario for a grant; all that the controller of pytest-xdist learns of it beforehand.
_NAMED_BY_GRANT = re.compile(rf"[\[-]({'|'.join(grant.short for grant in GrantType)})\]$")

_STOPS = {Verdict.FAIL, Verdict.UNTESTABLE, Verdict.ERROR}


def activate(config: pytest.Config) -> None:
    """Read the options and register what judges.

    Raises:
        pytest.UsageError: an option, the client's spec or the baseline file is wrong.
    """
    try:
        spec = parse_spec(config.getoption("oauth_client"))
        selection = Selection(
            requirements=requirement_set(config.getoption("oauth_set")),
            grants=grants_named(config.getoption("oauth_grant")),
            level=config.getoption("oauth_level"),
            keyword=config.getoption("keyword") or None,
        )
        expect = config.getoption("oauth_expect")
        expectations = load_expectations(Path(expect)) if expect else Expectations()
    except (GauntletError, ValueError) as error:
        raise pytest.UsageError(str(error)) from error
    profile, seed = config.getoption("oauth_profile"), config.getoption("oauth_seed")
    if seed is None:
        worker_input = getattr(config, "workerinput", None)
        drawn = random.SystemRandom().randrange(2**32) if profile == "thorough" else DEFAULT_SEED
        seed = worker_input["oauth_seed"] if worker_input else drawn
    profiles.load(profile)
    bench = config.stash[BENCH] = Bench(spec)
    config.add_cleanup(bench.close)
    config.pluginmanager.register(fixtures, "oauth-gauntlet-fixtures")
    config.pluginmanager.register(
        Judge(bench=bench, spec=spec, selection=selection, seed=seed, profile=profile, strict=_strict(config)),
        "oauth-gauntlet-judge",
    )
    if not hasattr(config, "workerinput"):
        recorder = Recorder(config=config, bench=bench, expectations=expectations, selection=selection, seed=seed)
        config.pluginmanager.register(recorder, "oauth-gauntlet-recorder")


def _strict(config: pytest.Config) -> bool:
    return bool(config.getoption("oauth_strict"))


class Judge:
    """Selects and runs scenarios, and concludes. Present in every process that runs tests."""

    def __init__(self, *, bench: Bench, spec: ClientSpec, selection: Selection, seed: int, profile: str, strict: bool) -> None:
        self.bench = bench
        self.spec = spec
        self.selection = selection
        self.seed = seed
        self.profile = profile
        self.strict = strict

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        """Run a scenario once a grant, and once a variant."""
        scenario = scenario_of(metafunc.function)
        if scenario is None:
            return
        if scenario.variants:
            metafunc.parametrize("variant", scenario.variants, ids=[variant.name for variant in scenario.variants])
        grants = scenario.requirement.grants
        metafunc.parametrize("grant", grants, ids=[grant.short for grant in grants])

    def pytest_itemcollected(self, item: pytest.Item) -> None:
        """Let ``-k`` find a scenario by its id, and seed what it generates."""
        scenario = _scenario(item)
        if scenario is None or not isinstance(item, pytest.Function):
            return
        item.extra_keyword_matches.add(_name(item, scenario))
        if hypothesis.is_hypothesis_test(item.obj):
            hypothesis.seed(self.seed)(item.obj)

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out what was not asked for, and put the sanity exchanges at both ends."""
        chosen: list[pytest.Item] = []
        left_out: list[pytest.Item] = []
        for item in items:
            scenario = _scenario(item)
            covered = scenario is None or self.selection.covers(scenario.requirement, _grant(item))
            (chosen if covered else left_out).append(item)
        if left_out:
            config.hook.pytest_deselected(items=left_out)
        items[:] = sorted(chosen, key=_place)

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """Skip what the adapter does not declare."""
        scenario = _scenario(item)
        if scenario is None:
            return
        missing = missing_declaration(scenario.requirement, _grant(item), self.bench.hello())
        if missing is not None:
            pytest.skip(missing)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_makereport(
        self, item: pytest.Item, call: pytest.CallInfo[None]
    ) -> Generator[None, pytest.TestReport, pytest.TestReport]:
        """Conclude, attach the result as JSON, and say to pytest what it means."""
        report = yield
        scenario = _scenario(item)
        if scenario is None or call.when == "teardown" or (call.when == "setup" and report.passed):
            return report
        result = self._result(item, scenario, call)
        # Text with escapes: pytest-xdist cannot carry half a surrogate pair, and a client may well answer with one.
        report.oauth_gauntlet = json.dumps(result.to_json())  # type: ignore[attr-defined]
        if result.verdict is Verdict.ERROR:
            self.bench.discard_adapter()
        if result.verdict in _STOPS or (result.verdict is Verdict.WARN and self.strict):
            report.outcome = "failed"
            report.longrepr = escaped(f"{result.verdict}: {result.message}")
        elif result.verdict is not Verdict.NOT_APPLICABLE:
            report.outcome = "passed"
            report.longrepr = None
        return report

    def _result(self, item: pytest.Item, scenario: Scenario, call: pytest.CallInfo[None]) -> Result:
        requirement = scenario.requirement
        exception = None if call.excinfo is None else call.excinfo.value
        tenant, client = item.stash.get(TENANT, None), item.stash.get(CLIENT, None)
        if isinstance(exception, pytest.skip.Exception):
            conclusion = Conclusion(verdict=Verdict.NOT_APPLICABLE, message=str(exception))
        else:
            unfired = () if tenant is None else tuple(a.fault.name for a in tenant.armed.list() if not a.fired)
            if PORTS in item.stash:
                unfired += item.stash[PORTS].unmet()
            conclusion = conclude(
                level=requirement.level,
                exception=exception,
                unfired=unfired,
                server_failed=tenant is not None and server_failed(tenant.journal),
            )
        name = _name(item, scenario)
        return Result(
            id=requirement.id,
            scenario=name,
            grant=str(_grant(item)),
            level=requirement.level,
            source=requirement.source,
            statement=requirement.statement,
            verdict=conclusion.verdict,
            message=conclusion.message,
            duration_s=call.duration,
            findings=conclusion.findings,
            answer=None if client is None else client.last_answer,
            notes=notes_on(conclusion, exception, client),
            exchanges=() if tenant is None else exchanges_json(tenant.journal),
            reproduce=self._reproduce(name),
        )

    def _reproduce(self, name: str) -> str:
        command = ["oauth-gauntlet", "run", "--client", self.spec.text, "-k", name]
        if self.seed != DEFAULT_SEED:
            command += ["--seed", str(self.seed)]
        if self.profile != "ci":
            command += ["--profile", self.profile]
        return shlex.join(command)


class Recorder:
    """Keeps the results of all processes: the stream, the reports, the closing words. Present once a run."""

    def __init__(
        self,
        *,
        config: pytest.Config,
        bench: Bench,
        expectations: Expectations,
        selection: Selection,
        seed: int,
    ) -> None:
        self.config = config
        self.bench = bench
        self.expectations = expectations
        self.selection = selection
        self.seed = seed
        self.results: list[Result] = []
        self.planned = 0
        self._by_name = False
        self._with_result: set[str] = set()
        self._ordinary = 0
        self.writer: ResultWriter | None = None
        self.run: Run | None = None
        self._results_file: TextIO | None = None
        self._began = time.monotonic()

    def pytest_sessionstart(self, session: pytest.Session) -> None:  # noqa: ARG002 - pytest's signature
        """Greet the adapter, so that what is wrong with it is said before anything is judged; begin the stream."""
        try:
            hello = self.bench.hello()
        except AdapterError as error:
            pytest.exit(f"the adapter does not start: {error}", returncode=3)
        if self.config.getoption("numprocesses", None):
            self.bench.discard_adapter()  # the workers have their own
        client = hello.client
        self.run = Run(
            tool_version=__version__,
            client={
                "name": client.name,
                "version": client.version,
                "language": client.language,
                "runtime": client.runtime,
                "url": client.url,
            },
            declared=hello.declared(),
            options={
                "seed": self.seed,
                "profile": self.config.getoption("oauth_profile"),
                "set": self.selection.requirements.to_json(),
                "strict": _strict(self.config),
                "client": self.bench.spec.text,
                "selection": self.selection.to_json(),
            },
            started_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )
        path = self.config.getoption("oauth_results")
        if path:
            self._results_file = _opened(path)
            self.writer = ResultWriter(self._results_file)
            self.writer.header(self.run)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how much there is to do (without pytest-xdist)."""
        self._plan(sum(1 for item in session.items if _scenario(item)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ARG002
        """Note how much there is to do (with pytest-xdist, whose workers name ordinary tests too)."""
        self._by_name = True
        self._plan(sum(1 for each in ids if _NAMED_BY_GRANT.search(each)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each worker of pytest-xdist the seed that was drawn here."""
        node.workerinput["oauth_seed"] = self.seed

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Take the result that a worker attached."""
        attached: str | None = getattr(report, "oauth_gauntlet", None)
        if attached is None:
            # A test of somebody's that is named as if it were a scenario.
            stray = self._by_name and report.when == "teardown" and _NAMED_BY_GRANT.search(report.nodeid)
            if stray and report.nodeid not in self._with_result:
                self._ordinary += 1
            return
        self._with_result.add(report.nodeid)
        result = result_from_json(json.loads(attached))
        self.results.append(result)
        if self.writer is not None:
            self.writer.result(result)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show a warning as one, though the test did not fail."""
        attached: str | None = getattr(report, "oauth_gauntlet", None)
        if attached is None or report.failed or json.loads(attached)["verdict"] != Verdict.WARN:
            return None
        return "warned", "w", "WARN"

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:  # noqa: ARG002
        """End the stream, so that a complete run can be told from one that was cut."""
        if self.run is None:
            return
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
        self.run = replace(
            self.run,
            duration_s=time.monotonic() - self._began,
            complete=ended and len(self.results) >= self.planned - self._ordinary,
            planned=self.planned - self._ordinary,
            results=tuple(self.results),
        )
        if self.writer is not None:
            self.writer.footer(duration_s=self.run.duration_s, complete=self.run.complete)
        if self._results_file is not None:
            self._results_file.close()
        self._write_reports(self.run)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show the table of verdicts, and each finding with its evidence."""
        if self.run is None:
            return
        from oauth_gauntlet.closing_words import closing_words

        terminalreporter.section("OAuth 2.0 client conformance")
        terminalreporter.write(
            closing_words(self.run, self.expectations, strict=_strict(self.config), today=date.today())  # noqa: DTZ011
        )

    def _plan(self, total: int) -> None:
        if self.planned == 0 and total:
            self.planned = total
            if self.writer is not None:
                self.writer.plan(total)

    def _write_reports(self, run: Run) -> None:
        from oauth_gauntlet.report_request import write_reports

        try:
            write_reports(run, self.config.getoption("oauth_report"))
        except GauntletError as error:
            raise pytest.UsageError(str(error)) from error


def _opened(path: str) -> TextIO:
    try:
        return Path(path).open("w", encoding="utf-8")
    except OSError as error:
        raise pytest.UsageError(f"--oauth-results {path}: cannot be written: {error.strerror}") from error


def _scenario(item: pytest.Item) -> Scenario | None:
    return scenario_of(item.function) if isinstance(item, pytest.Function) else None


def _grant(item: pytest.Item) -> GrantType:
    assert isinstance(item, pytest.Function)
    return cast("GrantType", item.callspec.params["grant"])


def _name(item: pytest.Item, scenario: Scenario) -> str:
    assert isinstance(item, pytest.Function)
    variant = cast("Variant | None", item.callspec.params.get("variant"))
    return scenario_id(scenario.requirement, _grant(item), variant)


def _place(item: pytest.Item) -> int:
    scenario = _scenario(item)
    return sanity_first_and_last(scenario.requirement.id) if scenario else 1
