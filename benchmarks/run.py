"""What judging costs beside the exchanges that it judges: the whole run against the in-process reference client.

python benchmarks/run.py

Time spent inside the client's exchanges (its HTTP library, the sockets, the mock server) is the bare cost; what is above
it is pytest, hypothesis, configuration, recording and judging. Exchanges that wait on purpose are left out of both sides.
"""

from __future__ import annotations

import contextlib
import io
import time
from pathlib import Path
from typing import Any

import pytest

import oauth_gauntlet_scenarios
from oauth_gauntlet.reference.transport import Transport

WAITING_S = 0.3
FOLDER = Path(oauth_gauntlet_scenarios.__file__).parent


class Clock:
    """Sums up what each scenario took, and what of it was exchanges."""

    def __init__(self) -> None:
        self.exchanges: list[float] = []
        self.scenarios: list[tuple[float, list[float]]] = []

    def pytest_runtest_logstart(self) -> None:
        """Begin a scenario."""
        self.exchanges = []
        self.began = time.perf_counter()

    def pytest_runtest_logfinish(self) -> None:
        """End it."""
        self.scenarios.append((time.perf_counter() - self.began, self.exchanges))


if __name__ == "__main__":
    clock, send = Clock(), Transport.send

    def timed(self: Transport, *arguments: Any) -> Any:
        """Make an exchange, and note how long it took."""
        began = time.perf_counter()
        try:
            return send(self, *arguments)
        finally:
            clock.exchanges.append(time.perf_counter() - began)

    Transport.send = timed  # type: ignore[method-assign]
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
    print(f"the others: {judged:.1f} s, of which {count} exchanges {bare:.1f} s: {judged / bare:.2f} times the bare exchanges")
