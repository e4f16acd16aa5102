"""``report``: write reports of a finished run, or of several."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

import click

from oauth_gauntlet.cli.findings_toml import FILE, findings_of, stale_entries
from oauth_gauntlet.cli.gate import baseline, baseline_file
from oauth_gauntlet.cli.several_runs import is_one_client, write_comparison, write_matrix
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.distinct_files import NamedFile, check_distinct
from oauth_gauntlet.judging.run_end import parse_run_requests, write_run_reports
from oauth_gauntlet.model import BASELINE_FILE
from oauth_gauntlet.results.gate import evaluate, with_known
from oauth_gauntlet.results.report_request import files_written
from oauth_gauntlet.results.stream import read_run_file
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.kinds import MATRIX_KINDS, REPORT_KINDS
from oauth_gauntlet_server.commands.output import print_error


@click.command(
    help=f"Write reports ({', '.join(REPORT_KINDS)}) of the results stream of a run. Two files of one client are compared, "
    f"before and after a change; files of several clients make a matrix ({', '.join(MATRIX_KINDS)}). "
    "Exit code 1: an entry of --findings is stale (its requirement passes now)."
)
@click.argument("files", metavar="FILE.jsonl...", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--report", "requests", metavar="KIND=PATH", multiple=True, required=True, help="repeatable; - is stdout")
@click.option("--expect", type=click.Path(path_type=Path), help=f"baseline of known verdicts (default: {BASELINE_FILE})")
@click.option(
    "--findings",
    metavar="FOLDER",
    type=click.Path(path_type=Path),
    help="for a matrix: folder with LANGUAGE/NAME/findings.toml, the findings of LANGUAGE/NAME.jsonl checked by hand",
)
def report(files: tuple[Path, ...], requests: tuple[str, ...], expect: Path | None, findings: Path | None) -> int:
    """Write reports of finished runs. A baseline belongs to one client, so it applies to a single run only."""
    _check_files(files, requests, expect, findings)
    runs = [read_run_file(path) for path in files]
    if len(runs) > 1 and expect is not None:
        raise UsageError("--expect: a baseline belongs to one client; give one results file, or omit --expect")
    if findings is not None and (len(runs) == 1 or is_one_client(runs)):
        raise UsageError("--findings: is for a matrix; give the results files of several clients, or omit --findings")
    if is_one_client(runs):
        write_comparison(runs[0], runs[1], requests)
        return 0
    if len(runs) > 1:
        made = matrix(runs, [() if findings is None else findings_of(path, findings) for path in files])
        write_matrix(made, requests)
        stale = stale_entries(made)
        for message in stale:
            print_error(message)
        return 1 if stale else 0
    today = date.today()  # noqa: DTZ011 - an expiry date means the user's own day
    known = evaluate(runs[0], baseline(expect), strict=False, today=today)
    problems = write_run_reports(with_known(runs[0], known), parse_run_requests(requests))
    if problems:
        raise problems[0]
    return 0


def _check_files(files: Iterable[Path], requests: Iterable[str], expect: Path | None, findings: Path | None) -> None:
    """Check that no report is written to a file that this command reads.

    Raises:
        UsageError: one is.
    """
    read = [NamedFile(name=f"the results file {path}", path=path) for path in files]
    read.append(baseline_file(expect))
    if findings is not None:
        read += (NamedFile(name=f"the checked findings {path}", path=path) for path in findings.glob(f"*/*/{FILE}"))
    check_distinct(written=files_written(requests), read=read)
