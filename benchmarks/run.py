"""What judging costs beside the exchanges that it judges: the whole run against the in-process reference client.

python benchmarks/run.py

Time spent inside the client's own operations (reading its configuration and key, HTTP, the sockets, the mock server) is the
bare cost; what is above it is pytest, hypothesis, recording and judging. What waits on purpose is left out of both sides.
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
FOLDER = Path(oauth_gauntlet_scenarios.__file__).parent


class Clock:
    """Sums up what each scenario took, and what of it was the client."""

    def __init__(self) -> None:
        self.operations: list[float] = []
        self.busy = False
        self.scenarios: list[tuple[float, list[float]]] = []

    def timed(self, operation: Callable[..., Any]) -> Callable[..., Any]:
        """Return an operation of the client that notes how long it took."""

        def call(client: ReferenceClient, *arguments: Any) -> Any:
            inner, self.busy = self.busy, True
            began = time.perf_counter()
            try:
                return operation(client, *arguments)
            finally:
                self.busy = inner
                if not inner:
                    self.operations.append(time.perf_counter() - began)

        return call

    def pytest_runtest_logstart(self) -> None:
        """Begin a scenario."""
        self.operations = []
        self.began = time.perf_counter()

    def pytest_runtest_logfinish(self) -> None:
        """End it."""
        self.scenarios.append((time.perf_counter() - self.began, self.operations))


if __name__ == "__main__":
    clock = Clock()
    for name in ("configure", "get_token", "get_tokens", "refresh", "request"):
        setattr(ReferenceClient, name, clock.timed(getattr(ReferenceClient, name)))
    options = ["-c", str(FOLDER / "run.ini"), "--rootdir", str(FOLDER), "-p", "oauth_gauntlet.pytest_plugin", "--noconftest"]
    options += ["-p", "no:cacheprovider", "--import-mode=importlib", "-q"]
    began = time.perf_counter()
    with contextlib.redirect_stdout(io.StringIO()):
        pytest.main([*options, "--oauth-client", "py:oauth_gauntlet.reference:make_client", str(FOLDER)], plugins=[clock])
    whole = time.perf_counter() - began
    quick = [(took, sent) for took, sent in clock.scenarios if not sent or max(sent) < WAITING_S]
    judged, bare = sum(took for took, _ in quick), sum(sum(sent) for _, sent in quick)
    count = sum(len(sent) for _, sent in quick)
    print(f"{len(clock.scenarios)} scenarios in {whole:.1f} s, one process; {len(clock.scenarios) - len(quick)} of them wait")
    print(f"the others: {judged:.1f} s, of which {count} operations of the client {bare:.1f} s")
    print(f"{judged / bare:.2f} times the bare exchanges")
