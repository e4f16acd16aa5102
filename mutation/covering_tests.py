"""Find out which tests run which line, and how long each test takes."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import coverage
import pytest

from mutation.code_change import caches
from mutation.forks import FORK
from mutation.mutants import Mutant
from mutation.running_tests import Failures, TestsFail, belongs


def measuring(paths: Sequence[str]) -> coverage.Coverage:
    """Return a coverage measurement of some modules, not started."""
    os.environ["COVERAGE_CORE"] = "ctrace"  # the only core that records contexts
    return coverage.Coverage(data_file=None, config_file=False, include=list(paths), messages=False)


@dataclass(frozen=True, slots=True)
class CoveringTests:
    """The tests that run each line, by path and line; the processor time of each test in seconds."""

    tests: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]

    def of(self, mutant: Mutant, entries: Sequence[str]) -> list[str]:
        """Return the tests of some entries that run a line of the mutant, the fastest first."""
        lines = self.tests[str(mutant.source.path)]
        names = {name for line in mutant.lines for name in lines.get(line, ())}
        return sorted((name for name in names if belongs(name, entries)), key=lambda name: (self.seconds[name], name))


def covering_tests(items: Sequence[pytest.Item], failures: Failures, paths: Sequence[str]) -> CoveringTests:
    """Run the tests in a fork, and return which lines of the modules each test runs.

    Raises:
        TestsFail: a test fails.
    """
    mine, theirs = FORK.Pipe(duplex=False)
    to_clear = caches(paths)

    def measure() -> None:
        measurement = measuring(paths)
        measurement.start()
        seconds: dict[str, float] = {}
        for item in items:
            for cached in to_clear:
                cached.cache_clear()  # otherwise only the first test that calls it would run its lines
            measurement.switch_context(item.nodeid)
            started = time.process_time()
            if failures.run([item]) is not None:
                theirs.send(item.nodeid)
                os._exit(1)
            seconds[item.nodeid] = time.process_time() - started
        measurement.stop()
        data = measurement.get_data()
        theirs.send(CoveringTests({path: data.contexts_by_lineno(path) for path in paths}, seconds))
        os._exit(0)

    process = FORK.Process(target=measure)
    process.start()
    theirs.close()
    try:
        measured = mine.recv()
    except EOFError:
        measured = "a test that ends the process"
    process.join()
    if isinstance(measured, str):
        raise TestsFail(f"{measured} fails without a mutant")
    assert isinstance(measured, CoveringTests)
    return measured
