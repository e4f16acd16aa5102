"""Run mutants inside functions: collect all tests once, then run each mutant in a fork of that process."""

from __future__ import annotations

import gc
import importlib
import os
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from multiprocessing.connection import Connection

import pytest

from mutation.code_change import Functions
from mutation.covering_tests import CoveringTests, covering_tests, measuring
from mutation.forks import FORK, Done, MutantOutcome, Work, outcomes
from mutation.mutants import Mutant
from mutation.running_tests import OPTIONS, Failures, Leave, TestsFail, use_fixed_examples


def warm_outcomes(mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int) -> Iterator[Done]:
    """Yield the outcome of each mutant; `tests` maps a module to its test files.

    Raises:
        TestsFail: a test fails without a mutant.
    """
    with tempfile.TemporaryFile("w+", encoding="utf-8", errors="replace") as output:
        mine, theirs = FORK.Pipe(duplex=False)
        process = FORK.Process(target=_session, args=(mutants, tests, jobs, theirs, output.fileno()))
        process.start()
        theirs.close()
        message: Done | str = ""
        while True:
            try:
                message = mine.recv()
            except EOFError:
                break
            if isinstance(message, str):
                raise TestsFail(message)
            yield message
        process.join()
        if process.exitcode:
            output.seek(0)
            raise TestsFail(f"pytest ends with exit code {process.exitcode}\n{output.read()[-4000:]}")


def _session(
    mutants: Sequence[Mutant], tests: Mapping[str, Sequence[str]], jobs: int, results: Connection, output: int
) -> None:
    os.dup2(output, 1)
    os.dup2(output, 2)
    use_fixed_examples()
    warm = _Warm(mutants, tests, jobs, results)
    wanted = sorted({entry for module in {mutant.source.module for mutant in mutants} for entry in tests[module]})
    os._exit(pytest.main([*OPTIONS, *wanted], plugins=[warm, warm.failures, Leave()]))


class _Warm:
    """A pytest plugin that runs the mutants instead of the tests."""

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
        _make_shared(session.config)
        try:
            covering = covering_tests(session.items, self.failures, self._paths)
        except TestsFail as failure:
            self._results.send(str(failure))
            return True
        functions = Functions(self._paths)
        gc.freeze()  # the forks share these objects; their garbage collector need not visit them
        for done in outcomes(self._works(session.items, covering, functions), self._jobs):
            self._results.send(done)
        return True

    def _works(self, items: Sequence[pytest.Item], covering: CoveringTests, functions: Functions) -> Iterator[Work]:
        by_name = {item.nodeid: item for item in items}
        data = self._before.get_data()
        ran = {path: set(data.lines(path) or ()) for path in self._paths}
        for index, mutant in enumerate(self._mutants):
            names = covering.of(mutant, self._entries[mutant.source.module])
            # A result of code that ran before the tests may still be in a table or a cache.
            survivor = (
                MutantOutcome.SURVIVED if ran[str(mutant.source.path)].isdisjoint(mutant.lines) else MutantOutcome.AT_IMPORT
            )
            attempt = self._attempt(mutant, functions, [by_name[name] for name in names], survivor)
            yield Work(index=index, call=attempt, tests_s=sum(covering.seconds[name] for name in names))

    def _attempt(
        self, mutant: Mutant, functions: Functions, items: Sequence[pytest.Item], survivor: MutantOutcome
    ) -> Callable[[], MutantOutcome]:
        def attempt() -> MutantOutcome:
            if not functions.has(mutant):
                return MutantOutcome.AT_IMPORT
            try:
                changed = functions.change(mutant)
            except SyntaxError:
                return MutantOutcome.NO_PYTHON
            if not changed:
                return MutantOutcome.AT_IMPORT
            return survivor if self.failures.run(items) is None else MutantOutcome.KILLED

        return attempt


def _make_shared(config: pytest.Config) -> None:
    """Create what is slow to create and is normally created on first use: the forks share it."""
    from oauth_gauntlet.key_material import public_pem

    config._tmp_path_factory.getbasetemp()  # type: ignore[attr-defined]
    for kind in ("rsa", "rsa-other", "rsa-1024", "ec", "ed25519"):
        public_pem(kind)
