"""Measure the kill matrix from the command line, and print what differs from kills.toml.

    python -m tests.selftest.matrix [--everything] [--update] [NAME...]

Without names, all altered clients and the second client run, each in the scenarios within its reach. --everything runs all
scenarios for each client; it shows whether a scenario out of reach catches it nevertheless. --update writes kills.toml and
docs/kill-matrix.md.
"""

from __future__ import annotations

import argparse
import sys

from tests.selftest import bugs, freedoms, kill_page, kills
from tests.selftest.kill_matrix import SECOND, compared, measured
from tests.selftest.reach import altered_clients


def main() -> int:
    """Return 0 if the kill matrix is the one in kills.toml, 1 if it differs."""
    parser = argparse.ArgumentParser(prog="python -m tests.selftest.matrix", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--everything", action="store_true", help="run all scenarios for each client")
    parser.add_argument("--update", action="store_true", help="write kills.toml and docs/kill-matrix.md")
    parser.add_argument("names", nargs="*", metavar="NAME", help="a bug, a freedom or second_client (default: all)")
    arguments = parser.parse_args()
    known = {*altered_clients(), SECOND}
    if unknown := [name for name in arguments.names if name not in known]:
        parser.error(f"no bug and no freedom has the name {', '.join(unknown)}")
    matrix = measured(arguments.names or None, everything=arguments.everything)
    expected = kills.load() if kills.FILE.exists() else {}
    differences = [line for name in matrix.clients for line in compared(matrix, name, expected.get(name, frozenset()))]
    print("\n".join(differences))
    if arguments.update:
        found = expected | {name: matrix.found(name) for name in matrix.clients if name in bugs.Bug.__members__}
        kills.write(kills.in_order(found))
        kill_page.write()
    print(f"{len(matrix.clients)} clients ({len(freedoms.Freedom)} freedoms exist), {len(differences)} differences")
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
