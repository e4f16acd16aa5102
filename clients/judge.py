"""Sets up the published clients, judges them, and writes the matrix of their results: ``make clients``.

A client that cannot be set up, or takes too long, is reported and does not stop the others. Exit code 0; 1 if a findings.toml
has an entry that the client's run does not confirm; 3 if a client was set up but its run is incomplete.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

from client_runs import ClientRuns
from matrix_pages import read_run_without_folder, write_pages, write_peers, write_published_table

from oauth_gauntlet.cli.findings_toml import findings_of, stale_entries
from oauth_gauntlet.errors import GauntletError, UsageError
from oauth_gauntlet.judging.machine.termination import raise_on_termination
from oauth_gauntlet_reports.comparing.matrix import matrix

CLIENTS = Path(__file__).resolve().parent


def main() -> int:
    """Run the command line and return the exit code."""
    options = _parser().parse_args()
    client_runs = ClientRuns(
        clients=CLIENTS,
        out=options.out.resolve(),
        limit_s=options.limit,
        check=options.check,
        options=["-n", str(options.workers), *(["-k", options.k] if options.k else [])],
    )
    names = client_runs.names(options.names)
    started = time.monotonic()
    runs = [] if options.only_render else client_runs.run_all(names, max(1, options.at_once))
    print()
    for run in runs:
        times = f"set up {run.setup_s:6.1f} s   judged {run.run_s:6.1f} s"
        print(f"{run.name:<44} {times}   {run.problem or run.counts}")
    missing = [run.name for run in runs if not run.is_set_up]
    incomplete = [run.name for run in runs if run.is_set_up and run.problem]
    stale = _write_all(client_runs, missing, options.pages, options.publish, options.peers)
    for line in stale:
        print(line)
    for problem, those in (("could not be set up", missing), ("could not be judged completely", incomplete)):
        if those:
            print(f"{len(those)} {problem}: {', '.join(those)}")
    print(f"{len(runs)} clients in {time.monotonic() - started:.0f} s")
    return 3 if incomplete else 1 if stale else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Judge the published clients and write the matrix of their results.")
    parser.add_argument("names", nargs="*", metavar="NAME", help="LANGUAGE/NAME, or NAME if it is unique (default: all)")
    parser.add_argument(
        "-n",
        type=int,
        default=max(1, (os.cpu_count() or 1) // 2),
        dest="at_once",
        help="number of clients judged at the same time (default: half the number of cores)",
    )
    # Many clients wait more than they compute: google-auth pauses for two minutes before a retry.
    parser.add_argument("--workers", type=int, default=4, metavar="N", help="processes for each client (default: 4)")
    parser.add_argument("--limit", type=float, default=300, metavar="SECONDS", help="time limit of one run (default: 300)")
    parser.add_argument(
        "--out", type=Path, default=Path(".oauth-gauntlet/clients"), metavar="FOLDER", help="results (default: %(default)s)"
    )
    parser.add_argument(
        "--pages",
        type=Path,
        default=Path("docs/_build/clients"),
        metavar="FOLDER",
        help="matrix.html, matrix.md and findings.md (default: %(default)s)",
    )
    parser.add_argument("--publish", type=Path, metavar="FOLDER", help="also write the matrix as README.md to this folder")
    parser.add_argument("--peers", type=Path, metavar="FILE", help="also write which clients pass which requirement, as JSON")
    parser.add_argument("--check", action="store_true", help="run `oauth-gauntlet adapter check` before each run")
    parser.add_argument("--only-render", action="store_true", help="judge no client; write the matrix of existing results")
    parser.add_argument("-k", metavar="EXPR", help="select scenarios whose id matches")
    return parser


def _write_all(client_runs: ClientRuns, missing: list[str], pages: Path, publish: Path | None, peers: Path | None) -> list[str]:
    """Write the matrix of all existing results; return one message per stale entry of a findings.toml."""
    files = [path for name in client_runs.names([]) if (path := client_runs.out / f"{name}.jsonl").exists()]
    runs = [read_run_without_folder(path, CLIENTS.parent) for path in files]
    made = matrix(runs, [findings_of(path, CLIENTS) for path in files])
    write_pages(made, pages, missing)
    print(f"{len(runs)} clients: {pages / 'matrix.html'}, matrix.md, findings.md")
    if publish is not None:
        write_published_table(made, publish, missing)
        print(f"{len(runs)} clients: {publish / 'README.md'}")
    if peers is not None:
        complete = [run for run in runs if run.complete]
        try:
            write_peers(complete, peers)
        except ValueError as error:
            raise UsageError(f"--peers {peers}: {error}") from error
        print(f"{len(complete)} clients: {peers}")
    return stale_entries(made)


if __name__ == "__main__":
    raise_on_termination()
    try:
        sys.exit(main())
    except GauntletError as error:
        sys.exit(f"judge.py: {error}")
    except KeyboardInterrupt:
        sys.exit("judge.py: interrupted; results of completed runs are kept")
