"""Run the mutants, compare the survivors with their explanations, and print a report.

python -m mutation [--jobs N] [MODULE ...]
"""

from __future__ import annotations

import argparse
import os
import sys
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

from mutation.cold import cold_outcomes
from mutation.explanations import load_explanations
from mutation.forks import Done, MutantOutcome
from mutation.mutants import Mutant, mutants_of, source_of
from mutation.report import Report
from mutation.running_tests import TestsFail
from mutation.warm import warm_outcomes

HERE = Path(__file__).parent


def main() -> int:
    """Return 0 if enough mutants are killed and every survivor is explained, 1 if not, 2 if the mutants could not run."""
    tests = {name: about["tests"] for name, about in tomllib.loads((HERE / "modules.toml").read_text()).items()}
    arguments = _arguments()
    for name in arguments.modules:
        if name not in tests:
            print(f"{name} is not in {HERE.name}/modules.toml; it contains {', '.join(tests)}")
            return 2
    modules = arguments.modules or list(tests)
    started = time.monotonic()
    mutants = [mutant for module in modules for mutant in mutants_of(source_of(module))]
    try:
        explanations = load_explanations(HERE / "survivors.toml").about(modules)
        report = Report(mutants, outcomes_of(mutants, tests, arguments.jobs), explanations)
    except (TestsFail, ValueError) as failure:
        print(f"the mutants did not run: {failure}")
        return 2
    print(report.text(time.monotonic() - started))
    return 0 if report.good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m mutation", description="Change the modules in one place at a time; their tests must fail."
    )
    parser.add_argument(
        "modules",
        nargs="*",
        metavar="MODULE",
        help="run only these modules, e.g. oauth_gauntlet.results.gate (default: all of modules.toml)",
    )
    parser.add_argument(
        "--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time (default: the number of processors)"
    )
    return parser.parse_args()


def outcomes_of(mutants: list[Mutant], tests: dict[str, list[str]], jobs: int) -> list[MutantOutcome]:
    """Return the outcome of each mutant; `tests` maps a module to its test files.

    Raises:
        TestsFail: a test fails without a mutant.
    """
    found: dict[int, MutantOutcome] = {}

    def collect(all_done: Iterable[Done]) -> None:
        for count, done in enumerate(all_done, 1):
            found[done.index] = done.outcome
            if sys.stderr.isatty():
                print(f"\r{count} ", end="", file=sys.stderr, flush=True)

    collect(warm_outcomes(mutants, tests, jobs))
    collect(
        cold_outcomes(mutants, [index for index, outcome in found.items() if outcome is MutantOutcome.AT_IMPORT], tests, jobs)
    )
    return [found[index] for index in range(len(mutants))]


if __name__ == "__main__":
    raise SystemExit(main())
