"""Report over the results pipe why the judging process of `oauth-gauntlet run` fails.

pytest prints such errors for a reader at the terminal; `run` reads records. In a session that the user started with
pytest itself there is no pipe, and nothing is written.
"""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.results.results_file import ResultsFile
from oauth_gauntlet.results.stream import ResultWriter
from oauth_gauntlet.results.trouble import Trouble, TroubleKind


class TroubleReporter:
    """Writes trouble records. The hooks report what no other module of the plugin sees."""

    def __init__(self, config: pytest.Config) -> None:
        has_pipe = config.getoption("oauth_scratch") is not None and not hasattr(config, "workerinput")
        self._pipe: str | None = config.getoption("oauth_results") if has_pipe else None

    def send(self, kind: TroubleKind, message: str) -> None:
        """Write a record, if there is a pipe and it has a reader."""
        if self._pipe is None:
            return
        with suppress(GauntletError, OSError), closing(ResultsFile(Path(self._pipe), "--oauth-results")) as file:
            ResultWriter(file).trouble(Trouble(kind=kind, message=message))

    @pytest.hookimpl(wrapper=True)
    def pytest_collection(self) -> Generator[None, object, object]:
        """Report a usage error that pytest finds late, such as a malformed ``-k`` expression."""
        try:
            return (yield)
        except pytest.UsageError as error:
            self.send(TroubleKind.USAGE, "\n".join(str(each) for each in error.args))
            raise

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Report a module of scenarios that cannot be imported."""
        if report.failed:
            lines = report.longreprtext.strip().splitlines()
            self.send(
                TroubleKind.HARNESS, f"{report.nodeid} cannot be collected: {lines[-1].strip() if lines else 'no reason'}"
            )

    def pytest_internalerror(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """Report an exception that no test caught."""
        self.send(TroubleKind.HARNESS, excinfo.exconly())
