"""Run mutants of code that runs at import: each in a fork of a process that has imported no module of ours."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from mutation.code_change import import_changed
from mutation.forks import Done, MutantOutcome, Work, outcomes
from mutation.mutants import Mutant
from mutation.running_tests import OPTIONS, Leave, TestsFail, use_fixed_examples

# Third-party modules that our modules import: imported before the forks. One that is not installed is not needed.
_OTHERS = (
    *("allpairspy", "anyio.pytest_plugin", "asyncio", "authlib.oauth2.rfc6749", "cryptography.x509", "flask", "httptools"),
    *("httpx2", "hypothesis.stateful", "jinja2", "joserfc.jwk", "joserfc.jws", "joserfc.jwt", "jwt", "rich.console"),
    *("rich.progress", "rich.table", "tomlkit", "trustme", "werkzeug"),
)


def cold_outcomes(
    mutants: Sequence[Mutant], indices: Sequence[int], tests: Mapping[str, Sequence[str]], jobs: int
) -> Iterator[Done]:
    """Yield the outcome of each mutant with one of these indices; `tests` maps a module to its test files.

    Raises:
        TestsFail: a test fails without a mutant.
    """
    sys.dont_write_bytecode = False  # the first fork writes the bytecode that the others read
    use_fixed_examples()
    for name in _OTHERS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    modules = sorted({mutants[index].source.module for index in indices})
    took_s: dict[str, float] = {}
    for done in outcomes((Work(index=place, call=_run(tests[name])) for place, name in enumerate(modules)), jobs):
        took_s[modules[done.index]] = done.seconds
        if done.outcome is not MutantOutcome.SURVIVED:
            raise TestsFail(f"{' '.join(tests[modules[done.index]])}: {done.outcome} without a mutant")
    changed = ((index, mutants[index], mutants[index].source.module) for index in indices)
    yield from outcomes(
        (Work(index=index, call=_attempt(mutant, tests[name]), tests_s=took_s[name]) for index, mutant, name in changed), jobs
    )


def _run(entries: Sequence[str]) -> Callable[[], MutantOutcome]:
    def run() -> MutantOutcome:
        pytest.main([*OPTIONS, "-x", *entries], plugins=[Leave()])
        return MutantOutcome.KILLED  # `Leave` ends the process; only a mutant that breaks pytest itself gets here

    return run


def _attempt(mutant: Mutant, entries: Sequence[str]) -> Callable[[], MutantOutcome]:
    def attempt() -> MutantOutcome:
        try:
            # Before pytest installs its own import hook, which rewrites assertions.
            import_changed(mutant)
        except SyntaxError:
            return MutantOutcome.NO_PYTHON
        return _run(entries)()

    return attempt
