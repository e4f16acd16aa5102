"""Measure how much time a run adds to the exchanges of the client: a whole run of the in-process reference client.

python benchmarks/run.py

The time inside the client's operations (reading the configuration and the key, HTTP, sockets, the mock server) is the bare
cost. Everything else is pytest, Hypothesis, recording and judging. Scenarios that wait in real time are left out of both.
"""

from __future__ import annotations

import contextlib
import io
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import oauth_gauntlet_scenarios
from oauth_gauntlet.reference.client import ReferenceClient

WAITING_S = 0.3
"""A scenario waits in real time if one of its operations takes at least this many seconds."""

FOLDER = Path(oauth_gauntlet_scenarios.__file__).parent


class Stopwatch:
    """A pytest plugin that records the time of each scenario, and of the client's operations in it."""

    def __init__(self) -> None:
        self.operations: list[float] = []
        self.busy: set[int] = set()
        self.scenarios: list[tuple[float, list[float]]] = []

    def timed(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """Return an operation of the client that records its time."""

        def call(client: ReferenceClient, *arguments: Any) -> Any:
            if id(client) in self.busy:  # one operation calls another, maybe in another thread
                return operation(client, *arguments)
            self.busy.add(id(client))
            started = time.perf_counter()
            try:
                return operation(client, *arguments)
            finally:
                self.busy.discard(id(client))
                self.operations.append(time.perf_counter() - started)

        return call

    def pytest_runtest_logstart(self) -> None:
        """Start the time of a scenario."""
        self.operations = []
        self.started = time.perf_counter()

    def pytest_runtest_logfinish(self) -> None:
        """Record the time of a scenario."""
        self.scenarios.append((time.perf_counter() - self.started, self.operations))


if __name__ == "__main__":
    stopwatch = Stopwatch()
    for name in ("configure", "get_token", "get_tokens", "refresh", "request", "requests"):
        setattr(ReferenceClient, name, stopwatch.timed(getattr(ReferenceClient, name)))
    options = ["-c", str(FOLDER / "run.ini"), "--rootdir", str(FOLDER), "-p", "oauth_gauntlet.pytest_plugin", "--noconftest"]
    options += ["-p", "no:cacheprovider", "--import-mode=importlib", "-q"]
    started = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*options, "--oauth-client", "py:oauth_gauntlet.reference:make_client", str(FOLDER)], plugins=[stopwatch])
    whole = time.perf_counter() - started
    short = [(took, sent) for took, sent in stopwatch.scenarios if not sent or max(sent) < WAITING_S]
    whole_of_short, bare = sum(took for took, _ in short), sum(sum(sent) for _, sent in short)
    count = sum(len(sent) for _, sent in short)
    waiting = len(stopwatch.scenarios) - len(short)
    print(f"{len(stopwatch.scenarios)} scenarios in {whole:.1f} s, one process; {waiting} of them wait in real time")
    print(f"the others: {whole_of_short:.1f} s, of which {count} operations of the client take {bare:.1f} s")
    print(f"{whole_of_short / bare:.2f} times the time of the bare exchanges")
