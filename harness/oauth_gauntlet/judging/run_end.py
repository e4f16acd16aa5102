"""End a run: write its reports and print its summary.

Outside `cli` this is the only module of the harness that imports the reports package: a run ends in `oauth-gauntlet
run`, or in a pytest session that the user started.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console

from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.judging.profiles import not_asked_line
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import GateReport, evaluate, with_known
from oauth_gauntlet.results.report_request import ReportRequest, parse_request, write_reports
from oauth_gauntlet.results.summary import gate_lines
from oauth_gauntlet_reports.formats.terminal import render_findings, render_headline, render_summary
from oauth_gauntlet_reports.kinds import MATRIX_KINDS, REPORT_KINDS

_WIDTH = 110
_OTHER_KINDS = {kind: "needs runs of several clients" for kind in MATRIX_KINDS if kind not in REPORT_KINDS}


def parse_run_requests(texts: Iterable[str]) -> tuple[ReportRequest, ...]:
    """Return the reports of one run that ``KIND=PATH`` texts request.

    Raises:
        UsageError: a text is not KIND=PATH, or there is no such kind.
    """
    return tuple(parse_request(text, REPORT_KINDS, elsewhere=_OTHER_KINDS) for text in texts)


def write_run_reports(run: Run, requests: Iterable[ReportRequest]) -> Sequence[GauntletError]:
    """Write reports of one run, and return an error for each that could not be written.

    Raises:
        UsageError: a report goes to standard output, and there is none.
        OSError: standard output cannot be written; the reports that are files have been.
    """
    return write_reports(requests, lambda kind: REPORT_KINDS[kind](run))


def summary_text(run: Run, expectations: Expectations, *, strict: bool, today: date) -> str:
    """Return the summary as plain text."""
    text = io.StringIO()
    # Without a colour system: with only no_color, FORCE_COLOR in the environment still makes text bold.
    console = Console(file=text, width=_WIDTH, color_system=None)
    print_summary(console, run, evaluate(run, expectations, strict=strict, today=today), verbose=False)
    return text.getvalue()


def print_summary(console: Console, run: Run, report: GateReport, *, verbose: bool) -> None:
    """Print what the client meets, findings, the table of verdicts, the gate's decision, and the profiles not asked.

    The first line is printed again below the findings, because they may fill the screen.
    """
    run = with_known(run, report)
    render_headline(run, console)
    printed = render_findings(run, console, verbose=verbose)
    console.print()
    render_summary(run, console)
    if printed:
        render_headline(run, console)
    print_gate(console, report)
    line = not_asked_line(run.options.get("profiles_not_asked", ()))
    if line is not None:
        console.print(line, markup=False)


def print_gate(console: Console, report: GateReport) -> None:
    """Print what is wrong with the baseline, and the gate's decision."""
    for line in gate_lines(report):
        console.print(line, markup=False)
