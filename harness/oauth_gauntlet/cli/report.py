"""``report``: make reports of a finished run."""

from __future__ import annotations

from pathlib import Path

import click

from oauth_gauntlet.report_request import write_reports
from oauth_gauntlet.results import read_run_file


@click.command()
@click.argument("results", metavar="FILE.jsonl", type=click.Path(path_type=Path))
@click.option("--report", "requests", metavar="KIND=PATH", multiple=True, required=True, help="repeatable; - is stdout")
def report(results: Path, requests: tuple[str, ...]) -> None:
    """Make reports (json, junit) of the results stream of a run."""
    write_reports(read_run_file(results), requests)
