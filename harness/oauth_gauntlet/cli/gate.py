"""``gate``: hold a finished run against the baseline."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.console import Console

from oauth_gauntlet.baseline_update import updated
from oauth_gauntlet.closing_words import say_gate
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.expectations import DEFAULT_FILE, Expectations, load_expectations
from oauth_gauntlet.gate import judge
from oauth_gauntlet.results import read_run_file
from oauth_gauntlet_reports.terminal import STYLES


@click.command()
@click.argument("results", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {DEFAULT_FILE})")
@click.option("--update", is_flag=True, help="rewrite the baseline so that it says what the run found")
@click.option("--strict", is_flag=True, help="a warning is a failure")
def gate(results: Path, expect: Path | None, update: bool, strict: bool) -> int:
    """Say whether a finished run may pass: exit code 0 (yes), 1 (no), 3 (broken) or 4 (nothing was tested)."""
    run = read_run_file(results)
    path = expect or Path(DEFAULT_FILE)
    expectations = baseline(expect, may_be_missing=update)
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    if update:
        if not run.complete:
            raise UsageError(f"{results}: the run is incomplete; a baseline is not rewritten from half a run")
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        _write(path, updated(text, expectations, run, strict=strict, today=today))
        expectations = load_expectations(path)
        click.echo(f"{path}: {len(expectations.entries)} entries")
    report = judge(run, expectations, strict=strict, today=today)
    console = Console()
    for result in (*report.broken, *report.unexpected):
        console.print(f"[{STYLES[result.verdict]}]{result.verdict}[/]  ", end="")
        console.print(f"{result.scenario}: {result.message}  ({result.source})", markup=False, highlight=False)
    say_gate(console, report)
    return report.exit_code


def baseline(expect: Path | None, *, may_be_missing: bool = False) -> Expectations:
    """Return the named baseline, or the one in the current folder, or an empty one.

    Raises:
        UsageError: the named one cannot be read, or is wrong.
    """
    path = expect or Path(DEFAULT_FILE)
    if not path.exists() and (expect is None or may_be_missing):
        return Expectations()
    return load_expectations(path)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise UsageError(f"{path}: the baseline cannot be written: {error.strerror}") from error
