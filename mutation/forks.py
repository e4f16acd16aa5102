"""Work in forked children, a few side by side, each with a time limit."""

from __future__ import annotations

import contextlib
import enum
import math
import multiprocessing
import os
import resource
import signal
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import wait
from multiprocessing.process import BaseProcess

FORK = multiprocessing.get_context("fork")


class Outcome(enum.StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    AT_IMPORT = "at import"
    """Nothing yet: what it changes ran before the tests did."""
    NO_PYTHON = "no Python"
    """It does not compile: an operator is wrong."""


_EXIT_CODES = {Outcome.SURVIVED: 0, Outcome.KILLED: 1, Outcome.AT_IMPORT: 3, Outcome.NO_PYTHON: 4}
_OUTCOMES = {code: outcome for outcome, code in _EXIT_CODES.items()} | {-signal.SIGXCPU: Outcome.TIMED_OUT}

PATIENCE_S = 2
MOST_WAITING_S = 20
MOST_MEMORY = 4 * 1024**3
"""Octets of address space: a mutant that reads a device without end has to end all the same."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """What a child does: `call` returns what came of it. `index` is the mutant's.

    `tests_s` is how many seconds of the processor the tests take without a mutant, as far as that is known: the child may
    use five times as many and `PATIENCE_S` more, and twenty times as many and `MOST_WAITING_S` more by the clock on the wall,
    which goes on while tests wait and other processes run.
    """

    index: int
    call: Callable[[], Outcome]
    tests_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """What came of a work, and how many seconds it took."""

    index: int
    outcome: Outcome
    seconds: float


def outcomes(works: Iterable[Work], jobs: int) -> Iterator[Done]:
    """Do the works, `jobs` of them at a time, and yield what came of each."""
    to_do = iter(works)
    running: dict[BaseProcess, tuple[Work, float]] = {}
    try:
        while True:
            while len(running) < jobs and (work := next(to_do, None)) is not None:
                process: BaseProcess = FORK.Process(target=_child, args=(work.call, PATIENCE_S + math.ceil(5 * work.tests_s)))
                process.start()
                running[process] = (work, time.monotonic())
            if not running:
                return
            wait([process.sentinel for process in running], timeout=1)
            for process, (work, began) in list(running.items()):
                seconds = time.monotonic() - began
                waits_still = process.is_alive()
                if waits_still and seconds < MOST_WAITING_S + 20 * work.tests_s:
                    continue
                if waits_still:
                    _kill(process)
                process.join()
                del running[process]
                # A child that ends in any other way has been killed by its mutant, too.
                ended = _OUTCOMES.get(process.exitcode or 0, Outcome.KILLED)
                yield Done(work.index, Outcome.TIMED_OUT if waits_still else ended, seconds)
    finally:
        for process in running:
            _kill(process)
            process.join()


def _child(call: Callable[[], Outcome], processor_s: int) -> None:
    """Run a call in a session of its own, silently, and leave without any clean-up: threads of tests may still run."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    outcome = Outcome.KILLED
    try:
        outcome = call()
    finally:
        os._exit(_EXIT_CODES[outcome])


def _kill(process: BaseProcess) -> None:
    """Kill a child and what it started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid or os.getpid(), signal.SIGKILL)
    process.kill()
