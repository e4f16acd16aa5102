"""Mutants within functions: all tests are collected once, and each mutant is tried in a fork of that process."""

from __future__ import annotations

import gc
import importlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection

import pytest

from mutation.code_change import Functions
from mutation.forks import FORK, Done, Outcome, Work, outcomes
from mutation.mutants import Mutant
from mutation.reach import Reach, measuring, reach_of
from mutation.running_tests import OPTIONS, Failures, Leave, TestsFail, settle_hypothesis


def warm_outcomes(mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int) -> Iterator[Done]:
    """Yield what came of each mutant; `tests` holds the files with the tests of each module.

    Raises:
        TestsFail: they do not pass without a mutant.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as said:
        mine, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_session, args=(mutants, tests, jobs, theirs, said.fileno()))
        process.start()
        theirs.close()
        told: Done | str = ""
        while True:
            try:
                told = mine.recv()
            except EOFError:
                break
            if isinstance(told, str):
                raise TestsFail(told)
            yield told
        process.join()
        if process.exitcode:
            said.seek(0)
            raise TestsFail(f"pytest ends with exit code {process.exitcode}\n{said.read()[-4000:]}")


def _session(mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int, results: Connection, said: int) -> None:
    os.dup2(said, 1)
    os.dup2(said, 2)
    settle_hypothesis()
    warm = _Warm(mutants, tests, jobs, results)
    wanted = sorted({entry for module in {mutant.source.module for mutant in mutants} for entry in tests[module]})
    os._exit(pytest.main([*OPTIONS, *wanted], plugins=[warm, warm.failures, Leave()]))


class _Warm:
    """A plugin of pytest that runs the mutants in place of the tests."""

    def __init__(self, mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int, results: Connection) -> None:
        self._mutants = mutants
        self._entries = tests
        self._jobs = jobs
        self._results = results
        self._paths = sorted({str(mutant.source.path) for mutant in mutants})
        self._before = measuring(self._paths)
        self._before.start()
        self.failures = Failures()

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        """Run the mutants."""
        if session.testsfailed:
            raise session.Failed(f"{session.testsfailed} errors during collection")
        for module in {mutant.source.module for mutant in self._mutants}:
            importlib.import_module(module)
        self._before.stop()
        _make_once(session.config)
        try:
            reach = reach_of(session.items, self.failures, self._paths)
        except TestsFail as failure:
            self._results.send(str(failure))
            return True
        functions = Functions(self._paths)
        gc.freeze()  # the forks share it: no collection of theirs needs to look at it
        for done in outcomes(self._works(session.items, reach, functions), self._jobs):
            self._results.send(done)
        return True

    def _works(self, items: Sequence[pytest.Item], reach: Reach, functions: Functions) -> Iterator[Work]:
        by_name = {item.nodeid: item for item in items}
        data = self._before.get_data()
        ran = {path: set(data.lines(path) or ()) for path in self._paths}
        for index, mutant in enumerate(self._mutants):
            names = reach.of(mutant, self._entries[mutant.source.module])
            # What ran before the tests did may live on in a table or a cache.
            survivor = Outcome.SURVIVED if ran[str(mutant.source.path)].isdisjoint(mutant.lines) else Outcome.AT_IMPORT
            attempt = self._attempt(mutant, functions, [by_name[name] for name in names], survivor)
            yield Work(index=index, call=attempt, tests_s=sum(reach.seconds[name] for name in names))

    def _attempt(
        self, mutant: Mutant, functions: Functions, items: Sequence[pytest.Item], survivor: Outcome
    ) -> Callable[[], Outcome]:
        def attempt() -> Outcome:
            if not functions.has(mutant):
                return Outcome.AT_IMPORT
            try:
                changed = functions.change(mutant)
            except SyntaxError:
                return Outcome.NO_PYTHON
            if not changed:
                return Outcome.AT_IMPORT
            return survivor if self.failures.run(items) is None else Outcome.KILLED

        return attempt


def _make_once(config: pytest.Config) -> None:
    """Make what is long in the making and whoever asks first makes: the forks share it."""
    from oauth_gauntlet.key_material import public_pem

    config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    for kind in ("rsa", "rsa-other", "rsa-1024", "ec", "ed25519"):
        public_pem(kind)
