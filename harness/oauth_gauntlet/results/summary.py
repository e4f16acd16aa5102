"""What a run says at its end: the findings with their evidence, the table, what did not apply, and what it comes to."""

from __future__ import annotations

import io
from datetime import date

from rich.console import Console

from oauth_gauntlet.model import Run
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import GateReport, evaluate
from oauth_gauntlet_reports.formats.terminal import render_findings, render_summary

_WIDTH = 110


def summary_text(run: Run, expectations: Expectations, *, strict: bool, today: date) -> str:
    """Return the summary as plain text."""
    text = io.StringIO()
    # No colour system at all: without colours alone, FORCE_COLOR in the environment still makes things bold.
    console = Console(file=text, width=_WIDTH, color_system=None)
    print_summary(console, run, evaluate(run, expectations, strict=strict, today=today), verbose=False)
    return text.getvalue()


def print_summary(console: Console, run: Run, report: GateReport, *, verbose: bool) -> None:
    """Print the summary."""
    known = {result.scenario for result, _ in report.known}
    render_findings(run, console, known=known, verbose=verbose)
    render_summary(run, console, known=len(known))
    print_gate(console, report)


def print_gate(console: Console, report: GateReport) -> None:
    """Print what the gate found beside the verdicts, and what it comes to."""
    for result, entry in report.stale:
        console.print(
            f"stale entry: {entry.scenario} expects {entry.verdict}, but {result.scenario} came out as "
            f"{result.verdict}; remove it, or run gate --update",
            markup=False,
        )
    for entry in report.unmatched:
        console.print(f"unmatched entry: {entry.scenario} names no scenario of this run", markup=False)
    for entry in report.expired:
        console.print(f"expired entry: {entry.scenario} was to be mended until {entry.until}", markup=False)
    if not report.complete:
        console.print("the run is incomplete: not every scenario that was planned has a result")
    counted = len(report.unexpected)
    told = {
        0: "conforms" if not report.known else f"no unexpected verdict ({len(report.known)} known)",
        1: f"{counted} unexpected verdict{'s' if counted != 1 else ''}" if counted else "the baseline is not true any more",
        3: "broken: the adapter or the harness failed, or the run is incomplete",
        4: "nothing was tested",
    }
    console.print(f"{told[report.exit_code]} (exit code {report.exit_code})")
