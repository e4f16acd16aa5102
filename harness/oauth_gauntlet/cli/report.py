"""``report``: make reports of a finished run."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from oauth_gauntlet.cli.gate import baseline
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.expectations import DEFAULT_FILE
from oauth_gauntlet.gate import judge, with_known
from oauth_gauntlet.report_request import write_joint_reports, write_reports
from oauth_gauntlet.results import read_run_file
from oauth_gauntlet_reports.kinds import MATRIX_KINDS, REPORT_KINDS


@click.command(
    help=f"Make reports ({', '.join(REPORT_KINDS)}) of the results stream of a run. Two files of one client are compared, "
    f"before and after; files of several clients make a matrix ({', '.join(MATRIX_KINDS)})."
)
@click.argument("files", metavar="FILE.jsonl...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--report", "requests", metavar="KIND=PATH", multiple=True, required=True, help="repeatable; - is stdout")
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {DEFAULT_FILE})")
def report(files: tuple[Path, ...], requests: tuple[str, ...], expect: Path | None) -> None:
    """Make reports of finished runs; a baseline is one client's, and counts where there is one run."""
    runs = [read_run_file(path) for path in files]
    if len(runs) > 1:
        if expect is not None:
            raise UsageError("--expect: a baseline is one client's; give one results file, or leave it out")
        write_joint_reports(runs, requests)
        return
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    judged = judge(runs[0], baseline(expect), strict=False, today=today)
    write_reports(with_known(runs[0], judged), requests)
