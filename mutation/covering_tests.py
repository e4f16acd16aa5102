"""Which tests reach which line, and how long each takes."""

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
    """Return a measurement of some modules; it is yet to be started."""
    os.environ["COVERAGE_CORE"] = "ctrace"  # the only one that knows contexts
    return coverage.Coverage(data_file=None, config_file=False, include=list(paths), messages=False)


@dataclass(frozen=True, slots=True)
class Reach:
    """By path and line the tests that reach it, and by test the seconds of the processor that it takes."""

    tests: Mapping[str, Mapping[int, Sequence[str]]]
    seconds: Mapping[str, float]

    def of(self, mutant: Mutant, entries: Sequence[str]) -> list[str]:
        """Return those tests that reach the mutant, out of some files, the quickest first."""
        lines = self.tests[str(mutant.source.path)]
        names = {name for line in mutant.lines for name in lines.get(line, ())}
        return sorted((name for name in names if belongs(name, entries)), key=lambda name: (self.seconds[name], name))


def reach_of(items: Sequence[pytest.Item], failures: Failures, paths: Sequence[str]) -> Reach:
    """Run the tests in a fork, and return how they reach the modules.

    Raises:
        TestsFail: one fails.
    """
    mine, theirs = FORK.Pipe(duplex=False)
    to_clear = caches(paths)

    def measure() -> None:
        measured = measuring(paths)
        measured.start()
        seconds: dict[str, float] = {}
        for item in items:
            for cached in to_clear:
                cached.cache_clear()  # or the first test that asks would be the only one that is seen to ask
            measured.switch_context(item.nodeid)
            began = time.process_time()
            if failures.run([item]) is not None:
                theirs.send(item.nodeid)
                os._exit(1)
            seconds[item.nodeid] = time.process_time() - began
        measured.stop()
        data = measured.get_data()
        theirs.send(Reach({path: data.contexts_by_lineno(path) for path in paths}, seconds))
        os._exit(0)

    process = FORK.Process(target=measure)
    process.start()
    theirs.close()
    try:
        told = mine.recv()
    except EOFError:
        told = "a test ends the process, and so"
    process.join()
    if isinstance(told, str):
        raise TestsFail(f"{told} fails without any mutant")
    assert isinstance(told, Reach)
    return told
