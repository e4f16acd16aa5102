"""``report``: make reports of a finished run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from oauth_gauntlet.cli.gate import baseline
from oauth_gauntlet.expectations import DEFAULT_FILE
from oauth_gauntlet.gate import judge, with_known
from oauth_gauntlet.report_request import write_reports
from oauth_gauntlet.results import read_run_file
from oauth_gauntlet_reports.kinds import REPORT_KINDS


@click.command(help=f"Make reports ({', '.join(REPORT_KINDS)}) of the results stream of a run.")
@click.argument("results", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--report", "requests", metavar="KIND=PATH", multiple=True, required=True, help="repeatable; - is stdout")
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {DEFAULT_FILE})")
def report(results: Path, requests: tuple[str, ...], expect: Path | None) -> None:
    """Make reports of a finished run."""
    run = read_run_file(results)
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    write_reports(with_known(run, judge(run, baseline(expect), strict=False, today=today)), requests)
