"""``gate``: compare a finished run with the baseline, and set the exit code."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.files.text_files import Unreadable, not_written, read_text, write_whole
from oauth_gauntlet.judging.run_end import print_gate
from oauth_gauntlet.model import Run
from oauth_gauntlet.results.baseline_update import updated
from oauth_gauntlet.results.expectations import DEFAULT_FILE, Expectations, load_expectations
from oauth_gauntlet.results.gate import evaluate, with_known
from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.formats.terminal import STYLES, render_headline


@click.command()
@click.argument("results", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {DEFAULT_FILE})")
@click.option("--update", is_flag=True, help="rewrite the baseline so that it matches this run")
@click.option("--strict", is_flag=True, help="a warning counts as a failure")
def gate(results: Path, expect: Path | None, update: bool, strict: bool) -> int:
    """Compare a finished run with the baseline: exit code 0, 1 (unexpected verdicts), 3 (broken) or 4 (nothing was tested)."""
    run = read_run_file(results)
    path = expect or Path(DEFAULT_FILE)
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    if update:
        if not run.complete:
            raise UsageError(f"{results}: the run is incomplete; run the scenarios to the end before you update the baseline")
        expectations = _rewritten(path, run, strict=strict, today=today)
    else:
        expectations = baseline(expect)
    report = evaluate(run, expectations, strict=strict, today=today)
    console = Output()
    render_headline(with_known(run, report), console)
    for result in (*report.broken, *report.unexpected):
        console.print(f"[{STYLES[result.verdict]}]{result.verdict}[/]  ", end="")
        console.print(escaped(f"{result.scenario}: {result.message}"), markup=False, highlight=False)
        for line in basis_lines(result.basis):
            console.print(f"  {escaped(line)}", markup=False, highlight=False)
    print_gate(console, report)
    return report.exit_code


def baseline(expect: Path | None) -> Expectations:
    """Return the named baseline, or the one in the current folder, or an empty one.

    Raises:
        UsageError: the named baseline cannot be read, or is wrong.
    """
    path = expect or Path(DEFAULT_FILE)
    if not path.exists() and expect is None:
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
        write_whole(path, new.text)
    except OSError as error:
        raise not_written(f"{path}: the baseline", error) from error
    for change in new.changes:
        click.echo(escaped(change))
    click.echo(f"{path}: {len(new.expectations.entries)} entries")
    return new.expectations
