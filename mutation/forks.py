"""Run functions in forked children, several at a time, each with limits of time and memory."""

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


class MutantOutcome(enum.StrEnum):
    """What the tests did with a mutant."""

    KILLED = "killed"
    SURVIVED = "survived"
    TIMED_OUT = "timed out"
    AT_IMPORT = "at import"
    """Not decided: the changed code ran before the tests, so the mutant needs a fresh process (cold.py)."""
    NO_PYTHON = "no Python"
    """The mutant does not compile: an operator has a bug."""


_EXIT_CODES = {MutantOutcome.SURVIVED: 0, MutantOutcome.KILLED: 1, MutantOutcome.AT_IMPORT: 3, MutantOutcome.NO_PYTHON: 4}
_OUTCOMES = {code: outcome for outcome, code in _EXIT_CODES.items()} | {-signal.SIGXCPU: MutantOutcome.TIMED_OUT}

PATIENCE_S = 2
MOST_WAITING_S = 20
MOST_MEMORY = 4 * 1024**3
"""Octets of address space: it stops a mutant that reads an endless device."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Work:
    """The work of one child: `call` returns the outcome of the mutant with this index.

    `tests_s` is the processor time of the tests without a mutant in seconds, 0 if it is not known. The child may use five
    times as much processor time, plus `PATIENCE_S`. It may take twenty times as much wall time, plus `MOST_WAITING_S`: wall
    time also passes while tests wait and other processes run.
    """

    index: int
    call: Callable[[], MutantOutcome]
    tests_s: float = 0.0


@dataclass(frozen=True, slots=True)
class Done:
    """The outcome of one work, and its wall time in seconds."""

    index: int
    outcome: MutantOutcome
    seconds: float


def outcomes(works: Iterable[Work], jobs: int) -> Iterator[Done]:
    """Run the works, `jobs` of them at a time, and yield the outcome of each."""
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
            for process, (work, started) in list(running.items()):
                seconds = time.monotonic() - started
                still_runs = process.is_alive()
                if still_runs and seconds < MOST_WAITING_S + 20 * work.tests_s:
                    continue
                if still_runs:
                    _kill(process)
                process.join()
                del running[process]
                # If a child ends in any other way, its mutant broke it: that counts as killed.
                ended = _OUTCOMES.get(process.exitcode or 0, MutantOutcome.KILLED)
                yield Done(work.index, MutantOutcome.TIMED_OUT if still_runs else ended, seconds)
    finally:
        for process in running:
            _kill(process)
            process.join()


def _child(call: Callable[[], MutantOutcome], processor_s: int) -> None:
    """Run a call in its own session without output, and exit without clean-up: threads of tests may still run."""
    os.setsid()
    resource.setrlimit(resource.RLIMIT_CPU, (processor_s, processor_s + 5))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
    outcome = MutantOutcome.KILLED
    try:
        outcome = call()
    finally:
        os._exit(_EXIT_CODES[outcome])


def _kill(process: BaseProcess) -> None:
    """Kill a child and its process group."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid or os.getpid(), signal.SIGKILL)
    process.kill()
