"""Keeps the results of all processes: the stream, the reports, the summary. Present once a run."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from oauth_gauntlet import __version__
from oauth_gauntlet.errors import GauntletError, HarnessError
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.pytest_items import scenario_at
from oauth_gauntlet.judging.selection import Selection
from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.result_json import result_from_json
from oauth_gauntlet.results.results_file import ResultsFile
from oauth_gauntlet.results.stream import ResultWriter

# How pytest names the run of a scenario for a grant; all that the controller of pytest-xdist learns of it beforehand.
_NAMED_BY_GRANT = re.compile(rf"[\[-]({'|'.join(grant.short for grant in GrantType)})\]$")


class Recorder:
    """Takes each result as it comes."""

    def __init__(
        self,
        *,
        config: pytest.Config,
        bench: Bench,
        expectations: Expectations,
        selection: Selection,
        seed: int,
        strict: bool,
    ) -> None:
        self.config = config
        self.bench = bench
        self.expectations = expectations
        self.selection = selection
        self.seed = seed
        self.strict = strict
        self.results: list[Result] = []
        self.planned = 0
        self._by_name = False
        self._with_result: set[str] = set()
        self._ordinary = 0
        self.writer: ResultWriter | None = None
        self.run: Run | None = None
        self._results_file: ResultsFile | None = None
        self._trouble: list[str] = []
        self._began = time.monotonic()

    def pytest_sessionstart(self, session: pytest.Session) -> None:  # noqa: ARG002 - pytest's signature
        """Greet the adapter, so that what is wrong with it is said before anything is judged; begin the stream."""
        try:
            hello = self.bench.hello()
            if not self.config.getoption("numprocesses", None):
                self.bench.start_server()  # the workers have their own
        except GauntletError as error:
            what = "mock server" if isinstance(error, HarnessError) else "adapter"
            pytest.exit(f"the {what} does not start: {error}", returncode=3)
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
                "strict": self.strict,
                "client": self.bench.spec.text,
                "clock": self.bench.clock,
                "selection": self.selection.to_json(),
            },
            started_at=datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
        )
        path = self.config.getoption("oauth_results")
        if path:
            self._results_file = _opened(path)
            self.writer = ResultWriter(self._results_file)
            with self._ending_where_it_cannot_write():
                self.writer.header(self.run)

    def pytest_collection_finish(self, session: pytest.Session) -> None:
        """Note how much there is to do (without pytest-xdist)."""
        self._plan(sum(1 for item in session.items if scenario_at(item)))

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
            if str(report.when) == "???":  # what pytest-xdist makes of a scenario whose worker died
                self._trouble.append(f"{str(report.longrepr).splitlines()[0]}; it has no result")
            # A test of somebody's that is named as if it were a scenario.
            stray = self._by_name and report.when == "teardown" and _NAMED_BY_GRANT.search(report.nodeid)
            if stray and report.nodeid not in self._with_result:
                self._ordinary += 1
            return
        self._with_result.add(report.nodeid)
        result = result_from_json(json.loads(attached))
        self.results.append(result)
        if self.writer is not None:
            with self._ending_where_it_cannot_write():
                self.writer.result(result)

    def pytest_report_teststatus(self, report: pytest.TestReport) -> tuple[str, str, str] | None:
        """Show a warning as one, though the test did not fail."""
        attached: str | None = getattr(report, "oauth_gauntlet", None)
        if attached is None or report.failed or json.loads(attached)["verdict"] != Verdict.WARN:
            return None
        return "warned", "w", "WARN"

    def pytest_sessionfinish(self, session: pytest.Session, exitstatus: int) -> None:
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
        try:
            if self.writer is not None:
                self.writer.footer(duration_s=self.run.duration_s, complete=self.run.complete, trouble=self._trouble)
        except OSError as error:
            self._trouble.append(_unwritten(error))
            self.run = replace(self.run, complete=False)
            session.exitstatus = 3
        if self._results_file is not None:
            self._results_file.close()
        self._write_reports(self.run)

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Show the table of verdicts, and each finding with its evidence."""
        if self.run is None:
            return
        from oauth_gauntlet.results.summary import summary_text

        terminalreporter.section("OAuth 2.0 client conformance")
        for trouble in self._trouble:
            terminalreporter.write_line(trouble)
        terminalreporter.write(
            summary_text(self.run, self.expectations, strict=self.strict, today=date.today())  # noqa: DTZ011
        )

    def _plan(self, total: int) -> None:
        if self.planned == 0 and total:
            self.planned = total
            if self.writer is not None:
                with self._ending_where_it_cannot_write():
                    self.writer.plan(total)

    @contextmanager
    def _ending_where_it_cannot_write(self) -> Iterator[None]:
        """End the session where the stream cannot be written any more, by a full disk or because nobody reads it."""
        try:
            yield
        except OSError as error:
            self.writer = None
            pytest.exit(_unwritten(error), returncode=3)

    def _write_reports(self, run: Run) -> None:
        from oauth_gauntlet.results.report_request import write_reports

        try:
            write_reports(run, self.config.getoption("oauth_report"))
        except GauntletError as error:
            raise pytest.UsageError(str(error)) from error


def _unwritten(error: OSError) -> str:
    return f"the results cannot be written any more: {error.strerror or error}; make room, and run again"


def _opened(path: str) -> ResultsFile:
    try:
        return ResultsFile(Path(path), "--oauth-results")
    except GauntletError as error:
        raise pytest.UsageError(str(error)) from error
