"""Mutants of what runs at import: each in a fork of a process that has imported nothing of ours yet."""

from __future__ import annotations

import contextlib
import importlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence

import pytest

from mutation.code_change import import_changed
from mutation.forks import Done, Outcome, Work, outcomes
from mutation.mutants import Mutant
from mutation.running_tests import OPTIONS, Leave, TestsFail, settle_hypothesis

# What ours imports of others', so that the forks need not; one that is not there is imported by nobody.
_OTHERS = (
    *("allpairspy", "anyio.pytest_plugin", "asyncio", "authlib.oauth2.rfc6749", "cryptography.x509", "flask", "httptools"),
    *("httpx2", "hypothesis.stateful", "jinja2", "joserfc.jwk", "joserfc.jws", "joserfc.jwt", "jwt", "rich.console"),
    *("rich.progress", "rich.table", "tomlkit", "trustme", "werkzeug"),
)


def cold_outcomes(
    mutants: Sequence[Mutant], indices: Sequence[int], tests: Mapping[str, Sequence[str]], jobs: int
) -> Iterator[Done]:
    """Yield what came of the mutants of those indices; `tests` holds the files with the tests of each module.

    Raises:
        TestsFail: they do not pass without a mutant.
    """
    sys.dont_write_bytecode = False  # the first fork compiles what the others read
    settle_hypothesis()
    for name in _OTHERS:
        with contextlib.suppress(ImportError):
            importlib.import_module(name)
    modules = sorted({mutants[index].source.module for index in indices})
    took_s: dict[str, float] = {}
    for done in outcomes((Work(index=place, call=_run(tests[name])) for place, name in enumerate(modules)), jobs):
        took_s[modules[done.index]] = done.seconds
        if done.outcome is not Outcome.SURVIVED:
            raise TestsFail(f"{' '.join(tests[modules[done.index]])}: {done.outcome} without any mutant")
    changed = ((index, mutants[index], mutants[index].source.module) for index in indices)
    yield from outcomes(
        (Work(index=index, call=_attempt(mutant, tests[name]), tests_s=took_s[name]) for index, mutant, name in changed), jobs
    )


def _run(entries: Sequence[str]) -> Callable[[], Outcome]:
    def run() -> Outcome:
        pytest.main([*OPTIONS, "-x", *entries], plugins=[Leave()])
        return Outcome.KILLED  # what breaks pytest itself does not come to its end

    return run


def _attempt(mutant: Mutant, entries: Sequence[str]) -> Callable[[], Outcome]:
    def attempt() -> Outcome:
        try:
            # Now, before pytest looks for modules to rewrite in its own way.
            import_changed(mutant)
        except SyntaxError:
            return Outcome.NO_PYTHON
        return _run(entries)()

    return attempt
