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
from oauth_gauntlet.model import FINDINGS, Run
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import GateReport, evaluate, with_known
from oauth_gauntlet.results.report_request import ReportRequest, parse_request, write_reports
from oauth_gauntlet.results.summary import gate_lines
from oauth_gauntlet_reports.evidence.bounded import bounded
from oauth_gauntlet_reports.formats.terminal import render_details, render_headline, render_not_asked, render_summary
from oauth_gauntlet_reports.formats.terminal_causes import render_causes
from oauth_gauntlet_reports.formats.terminal_findings import render_findings
from oauth_gauntlet_reports.formats.terminal_text import print_line, shown
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
        OutputLost: standard output cannot be written; the reports that are files have been.
    """
    return write_reports(requests, lambda kind: REPORT_KINDS[kind](run))


def summary_text(run: Run, expectations: Expectations, *, strict: bool, today: date) -> str:
    """Return the summary as plain text."""
    text = io.StringIO()
    # Without a colour system: with only no_color, FORCE_COLOR in the environment still makes text bold.
    console = Console(file=text, width=_WIDTH, color_system=None, markup=False, emoji=False)
    print_summary(console, run, evaluate(run, expectations, strict=strict, today=today), verbose=False)
    return text.getvalue()


def print_summary(
    console: Console, run: Run, report: GateReport, *, verbose: bool, written: Iterable[ReportRequest] = ()
) -> None:
    """Print findings with their evidence, the table of verdicts, and last what matters most.

    The end is for a reader who sees only the last screen: what the client meets, the worst causes with their commands, where
    the reports are (`written`), what was not asked, and the gate's decision.
    """
    run = bounded(with_known(run, report))
    if any(result.verdict in FINDINGS and result.expected is None for result in run.results):
        render_headline(run, console)
        render_findings(run, console, verbose=verbose)
        console.print()
    render_summary(run, console)
    console.print()
    render_headline(run, console)
    render_details(run, console)
    render_causes(run, console)
    for line in report_lines(written, run):
        print_line(console, shown(line))
    render_not_asked(run, console)
    profiles = not_asked_line(run.options.get("profiles_not_asked", ()))
    if profiles is not None:
        print_line(console, shown(profiles))
    print_gate(console, report)


def print_shortly(console: Console, run: Run, report: GateReport) -> None:
    """Print what the client meets, and the worst causes with their commands."""
    run = bounded(with_known(run, report))
    render_headline(run, console)
    render_causes(run, console)


def report_lines(written: Iterable[ReportRequest], run: Run) -> tuple[str, ...]:
    """Return a line that names the reports in files; without any, how to write one, if there is a finding."""
    paths = [f"{each.kind} {each.path}" for each in written if each.path != "-"]
    if paths:
        return (f"reports: {', '.join(paths)}",)
    if not any(result.verdict in FINDINGS for result in run.results):
        return ()
    return ("no report was written; for one page with all evidence: --report html=report.html",)


def print_gate(console: Console, report: GateReport) -> None:
    """Print what is wrong with the baseline, and the gate's decision."""
    for line in gate_lines(report):
        print_line(console, shown(line))
