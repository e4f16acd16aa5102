"""Collect the results of all processes: write the stream, the reports and the summary. Registered once per run."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oauth_gauntlet import __version__
from oauth_gauntlet.adapters.client_environment import described_environment
from oauth_gauntlet.errors import GauntletError, HarnessError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.profiles import known_profiles
from oauth_gauntlet.judging.run_options import RunOptions
from oauth_gauntlet.judging.scenario_item import ENDS_LIKE_A_SCENARIO, ScenarioItem
from oauth_gauntlet.judging.selection import Selection
from oauth_gauntlet.judging.trouble_reporter import TroubleReporter
from oauth_gauntlet.model import Result, Run, with_consequences
from oauth_gauntlet.protocol import Hello
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.result_json import result_from_json
from oauth_gauntlet.results.results_file import ResultsFile
from oauth_gauntlet.results.stream import ResultWriter
from oauth_gauntlet.results.trouble import TroubleKind


class Recorder:
    """Records each result when its report arrives. `workers`: pytest-xdist runs the scenarios in other processes."""

    def __init__(
        self,
        *,
        options: RunOptions,
        bench: Bench,
        expectations: Expectations,
        selection: Selection,
        seed: int,
        trouble: TroubleReporter,
        workers: bool,
    ) -> None:
        self.options = options
        self.bench = bench
        self.expectations = expectations
        self.selection = selection
        self.seed = seed
        self.trouble = trouble
        self.workers = workers
        self.results: list[Result] = []
        self.planned = 0
        self._planned_by_name = False
        self._with_result: set[str] = set()
        self._ordinary = 0
        self.writer: ResultWriter | None = None
        self.run: Run | None = None
        self._results_file: ResultsFile | None = None
        self._lost: list[str] = []
        self._started = time.monotonic()

    def pytest_sessionstart(self, session: pytest.Session) -> None:  # noqa: ARG002 - pytest's signature
        """Start adapter and server before anything is judged, so that their errors come first; write the header."""
        try:
            hello = self.bench.hello()
            if not self.workers:
                self.bench.start_server()
        except GauntletError as error:
            server_failed = isinstance(error, HarnessError)
            message = f"the {'mock server' if server_failed else 'adapter'} does not start: {error}"
            self.trouble.send(TroubleKind.HARNESS if server_failed else TroubleKind.ADAPTER, message)
            pytest.exit(message, returncode=3)
        if self.workers:
            self.bench.discard_adapter()  # each worker starts its own adapter and server
        self.selection = self.selection.with_declared(hello.profiles & known_profiles().keys())
        self.run = self._header(hello)
        if self.options.results:
            self._results_file = _opened(self.options.results)
            self.writer = ResultWriter(self._results_file)
            with self._exit_if_unwritable():
                self.writer.header(self.run)

    def _header(self, hello: Hello) -> Run:
        return Run(
            tool_version=__version__,
            client=asdict(hello.client),
            declared=hello.declared(),
            options={
                "seed": self.seed,
                "effort": self.options.effort,
                "set": self.selection.requirements.to_json(),
                "profiles": sorted(self.selection.profiles),
                "profiles_not_asked": sorted(known_profiles().keys() - self.selection.profiles),
                "strict": self.options.strict,
                "client": self.bench.spec.text,
                "clock": self.bench.described_clock(),
                "environment": described_environment(),
                "selection": self.selection.to_json(),
            },
            started_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Write the plan (without pytest-xdist)."""
        self._plan(sum(isinstance(item, ScenarioItem) for item in session.items))

    @pytest.hookimpl(optionalhook=True)
    def pytest_xdist_node_collection_finished(self, node: Any, ids: list[str]) -> None:  # noqa: ARG002
        """Write the plan (with pytest-xdist). Its workers name all tests, also those that are not scenarios."""
        self._planned_by_name = True
        self._plan(sum(1 for each in ids if ENDS_LIKE_A_SCENARIO.search(each)))

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """Give each worker of pytest-xdist the seed and the profiles of this process."""
        node.workerinput["oauth_seed"] = self.seed
        node.workerinput["oauth_profiles"] = sorted(self.selection.profiles)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Record the result that `Judge` attached to a report."""
        if str(report.outcome) == "rerun":  # pytest-rerunfailures with --force-reruns: the last report counts
            return
        attached: str | None = getattr(report, "oauth_gauntlet", None)
        if attached is None:
            if str(report.when) == "???":  # pytest-xdist reports this for a scenario if its worker died
                self._lost.append(f"{str(report.longrepr).splitlines()[0]}; it has no result")
            # An ordinary test with a name like a scenario's: the plan counted it.
            counted = self._planned_by_name and report.when == "teardown" and ENDS_LIKE_A_SCENARIO.search(report.nodeid)
            if counted and report.nodeid not in self._with_result:
                self._ordinary += 1
            return
        self._with_result.add(report.nodeid)
        result = result_from_json(json.loads(attached))
        self.results.append(result)
        if self.writer is not None:
            with self._exit_if_unwritable():
                self.writer.result(result)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show a scenario with the verdict `warning` as a warning, although its test passed."""
        if report.failed or not getattr(report, "oauth_gauntlet_warns", False):
            return None
        return "warned", "w", "WARNING"

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
        """Write the footer, which distinguishes a complete run from one that was cut short; write the reports."""
        if self.run is None:
            return
        ended = exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED, pytest.ExitCode.NO_TESTS_COLLECTED}
        self.run = replace(
            self.run,
            duration_s=time.monotonic() - self._started,
            complete=ended and len(self.results) >= self.planned - self._ordinary,
            planned=self.planned - self._ordinary,
            results=with_consequences(self.results),
        )
        try:
            if self.writer is not None:
                self.writer.footer(duration_s=self.run.duration_s, complete=self.run.complete, trouble=self._lost)
        except OSError as error:
            self._lost.append(_unwritten(error))
            self.run = replace(self.run, complete=False)
            session.exitstatus = 3
        if self._results_file is not None:
            self._results_file.close()
        self._write_reports(self.run)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Print each finding with its evidence, and the table of verdicts."""
        if self.run is None:
            return
        from oauth_gauntlet.judging.run_end import summary_text

        terminalreporter.section("OAuth 2.0 client conformance")
        for sentence in self._lost:
            terminalreporter.write_line(sentence)
        terminalreporter.write(
            summary_text(self.run, self.expectations, strict=self.options.strict, today=date.today())  # noqa: DTZ011
        )

    def _plan(self, total: int) -> None:
        if self.planned == 0 and total:
            self.planned = total
            if self.writer is not None:
                with self._exit_if_unwritable():
                    self.writer.plan(total)

    @contextmanager
    def _exit_if_unwritable(self) -> Iterator[None]:
        """End the session if the stream can no longer be written: the disk is full, or the pipe has no reader."""
        try:
            yield
        except OSError as error:
            self.writer = None
            pytest.exit(_unwritten(error), returncode=3)

    def _write_reports(self, run: Run) -> None:
        if not self.options.report:
            return
        from oauth_gauntlet.judging.run_end import parse_run_requests, write_run_reports

        try:
            problems = write_run_reports(run, parse_run_requests(self.options.report))
        except GauntletError as error:
            raise pytest.UsageError(str(error)) from error
        if problems:
            raise pytest.UsageError(str(problems[0])) from problems[0]


def _unwritten(error: OSError) -> str:
    return f"the results cannot be written any more: {error.strerror or error}; free some space, and run again"


def _opened(path: str) -> ResultsFile:
    try:
        return ResultsFile(Path(path), "--oauth-results")
    except GauntletError as error:
        raise pytest.UsageError(str(error)) from error
