"""One judgement of all altered clients, for every test that looks at it, and the numbers that sum it up."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
import bugs
import freedoms
import kills
import matrix as judging

_MATRIX = pytest.StashKey[judging.KillMatrix]()


@pytest.fixture(scope="session")
def matrix(request: pytest.FixtureRequest) -> judging.KillMatrix:
    """How every altered client fares; takes minutes, once."""
    found = judging.judged()
    request.config.stash[_MATRIX] = found
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_MATRIX, None)
    if found is None:
        return
    known = kills.load()
    exact = sum(found.found(bug.name) == known.get(bug.name) and not found.broken(bug.name) for bug in bugs.Bug)
    clean = sum(not found.found(freedom.name) and not found.broken(freedom.name) for freedom in freedoms.Freedom)
    second = not found.found(judging.SECOND) and not found.broken(judging.SECOND)
    count, without = sum(map(len, kills.all_scenarios().values())), kills.scenarios_without_a_bug(known)
    untestable = sum(found.unfired[scenario].verdict == "untestable" for scenario in found.fault_bound)
    terminalreporter.section("who judges the judge")
    for line in (
        f"bugs: {len(bugs.Bug)}, caught by exactly the right scenarios: {exact}",
        f"variants: {len(freedoms.Freedom)}, clean: {clean}",
        f"second client, written from the RFCs alone: {'clean' if second else 'not clean'}",
        f"scenarios about a fault: {len(found.fault_bound)}, untestable where it never fires: {untestable}",
        f"scenarios: {count}, without a bug: {len(without)}",
    ):
        terminalreporter.write_line(line)
