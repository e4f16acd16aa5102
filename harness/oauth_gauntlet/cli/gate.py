"""``gate``: compare a finished run with the baseline, and set the exit code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.text import Text

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.settings import given_by_file
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.distinct_files import NamedFile, check_distinct
from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.files.text_files import Unreadable, not_written, read_text, write_whole
from oauth_gauntlet.model import BASELINE_FILE, Run, number
from oauth_gauntlet.results.baseline_update import updated
from oauth_gauntlet.results.expectations import Expectations, load_expectations
from oauth_gauntlet.results.gate import GateReport, evaluate, with_known
from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet.results.summary import decision, expired_lines, outdated_lines, unexpected_causes, verdict_lines
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.formats.terminal import STYLES, render_headline
from oauth_gauntlet_reports.formats.terminal_findings import render_others
from oauth_gauntlet_reports.formats.terminal_text import print_line, shown

_MOST_CAUSES = 40
"""Maximum number of causes that are printed."""


@click.command()
@click.argument("results", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {BASELINE_FILE})")
@click.option("--update", is_flag=True, help="rewrite the baseline so that it matches this run")
@click.option("--strict", is_flag=True, help="a warning counts as a failure")
def gate(results: Path, expect: Path | None, update: bool, strict: bool) -> int:
    """Compare a finished run with the baseline: exit code 0, 1 (unexpected verdicts), 3 (broken) or 4 (nothing was tested)."""
    if update:
        results_file = NamedFile(name=f"the results file {results}", path=results)
        check_distinct(written=[baseline_file(expect)], read=[results_file])
    run = read_run_file(results)
    path = expect or Path(BASELINE_FILE)
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    if update:
        if not run.complete:
            raise UsageError(f"{results}: the run is incomplete; run the scenarios to the end before you update the baseline")
        expectations = _rewritten(path, run, strict=strict, today=today)
    else:
        expectations = baseline(expect)
    report = evaluate(run, expectations, strict=strict, today=today)
    _print(run, report)
    return report.exit_code


def baseline_file(expect: Path | None) -> NamedFile:
    """Return the named baseline, or the one in the current folder, which need not exist."""
    path = expect or Path(BASELINE_FILE)
    return NamedFile(name=f"the baseline {path}", path=path)


def _print(run: Run, report: GateReport) -> None:
    """Print the decision, what the client meets, and the reasons, the worst cause first; and the decision again, below them."""
    console = Output()
    found = unexpected_causes(run, report)
    if report.exit_code:
        print_line(console, shown(decision(report)))
    render_headline(with_known(run, report), console)
    for line in expired_lines(report):
        print_line(console, shown(line))
    for cause in found[:_MOST_CAUSES]:
        for verdict, text in verdict_lines(cause):
            print_line(console, Text.assemble((str(verdict), STYLES[verdict]), f"  {shown(text)}"))
        for line in basis_lines(cause.worst.basis):
            print_line(console, shown(line), indent=2)
        render_others(cause, console)
    if len(found) > _MOST_CAUSES:
        print_line(
            console, f"... and {number(len(found) - _MOST_CAUSES, 'more cause')}; `oauth-gauntlet report` shows them all"
        )
    for line in outdated_lines(report):
        print_line(console, shown(line))
    print_line(console, shown(decision(report)))


def baseline(expect: Path | None) -> Expectations:
    """Return the named baseline, or the one in the current folder, or an empty one.

    Before `gate --update` wrote the baseline that the file of a project names, it is empty, too.

    Raises:
        UsageError: the named baseline cannot be read, or is wrong.
    """
    path = expect or Path(BASELINE_FILE)
    if not path.exists() and (expect is None or given_by_file("expect")):
        return Expectations()
    return load_expectations(path)


def _rewritten(path: Path, run: Run, *, strict: bool, today: date) -> Expectations:
    """Rewrite the baseline, print what changed, and return its entries. If writing fails, the file keeps its content."""
    try:
        old = read_text(path) if path.exists() else ""
    except Unreadable as error:
        raise UsageError(f"{path}: the baseline cannot be read: {error}") from error
    new = updated(old, str(path), run, strict=strict, today=today)
    try:
        if new.text != old:
            path.parent.mkdir(parents=True, exist_ok=True)  # as for reports and results
            write_whole(path, new.text)
    except OSError as error:
        raise not_written(f"{path}: the baseline", error) from error
    for change in new.changes:
        click.echo(escaped(change))
    return new.expectations
