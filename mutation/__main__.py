"""Run the mutants, hold the survivors against their explanations, and say what came of it.

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
from mutation.forks import Done, Outcome
from mutation.mutants import Mutant, mutants_of, source_of
from mutation.running_tests import TestsFail
from mutation.verdict import Found
from mutation.warm import warm_outcomes

HERE = Path(__file__).parent


def main() -> int:
    """Return 0 if enough is killed and every survivor explained, 1 if not, 2 if nothing could be found out."""
    tests = {name: about["tests"] for name, about in tomllib.loads((HERE / "modules.toml").read_text()).items()}
    arguments = _arguments()
    for name in arguments.modules:
        if name not in tests:
            print(f"{name} is not in {HERE.name}/modules.toml; there are {', '.join(tests)}")
            return 2
    modules = arguments.modules or list(tests)
    began = time.monotonic()
    mutants = [mutant for module in modules for mutant in mutants_of(source_of(module))]
    try:
        explanations = load_explanations(HERE / "survivors.toml").about(modules)
        found = Found(mutants, outcomes_of(mutants, tests, arguments.jobs), explanations)
    except (TestsFail, ValueError) as failure:
        print(f"nothing found out: {failure}")
        return 2
    print(found.text(time.monotonic() - began))
    return 0 if found.good else 1


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m mutation", description="Change the modules; the tests have to notice.")
    parser.add_argument("modules", nargs="*", metavar="MODULE", help="only these, as in oauth_gauntlet.results.gate")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="mutants at a time (default: one a processor)")
    return parser.parse_args()


def outcomes_of(mutants: list[Mutant], tests: dict[str, list[str]], jobs: int) -> list[Outcome]:
    """Return what came of each mutant; `tests` holds the files with the tests of each module.

    Raises:
        TestsFail: they do not pass without a mutant.
    """
    found: dict[int, Outcome] = {}

    def take(all_done: Iterable[Done]) -> None:
        for count, done in enumerate(all_done, 1):
            found[done.index] = done.outcome
            if sys.stderr.isatty():
                print(f"\r{count} ", end="", file=sys.stderr, flush=True)

    take(warm_outcomes(mutants, tests, jobs))
    take(cold_outcomes(mutants, [index for index, outcome in found.items() if outcome is Outcome.AT_IMPORT], tests, jobs))
    return [found[index] for index in range(len(mutants))]


if __name__ == "__main__":
    raise SystemExit(main())
