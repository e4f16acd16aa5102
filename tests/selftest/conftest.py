"""The kill matrix as a fixture, measured once for all tests, and its summary at the end of the run."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.selftest import bugs, freedoms, kills
from tests.selftest.kill_matrix import SECOND, KillMatrix, compared, measured, warnings_of

_SHARED = {"matrix", "results_by_bug"}
"""Fixtures that judge many clients, six at a time and more, once for all tests that use them: these tests have one process."""

_MATRIX = pytest.StashKey[KillMatrix]()


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark the tests of this folder: `selftest` if they share what all altered clients did, and `slow` otherwise."""
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            shares = not _SHARED.isdisjoint(getattr(item, "fixturenames", ()))
            item.add_marker(pytest.mark.selftest if shares else pytest.mark.slow)


@pytest.fixture(scope="session")
def matrix(request: pytest.FixtureRequest) -> KillMatrix:
    """The verdicts of all altered clients; takes some minutes."""
    found = measured(known=kills.load())
    request.config.stash[_MATRIX] = found
    return found


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    found = config.stash.get(_MATRIX, None)
    if found is None:
        return
    known = kills.load()
    exact = sum(not compared(found, bug.name, known.get(bug.name, frozenset())) for bug in bugs.Bug)
    clean = sum(not compared(found, freedom.name, warnings_of(found, freedom)) for freedom in freedoms.Freedom)
    second = not compared(found, SECOND, frozenset())
    count, without = sum(map(len, kills.all_scenarios().values())), kills.scenarios_without_a_bug(known)
    untestable = sum(found.unfired[scenario].verdict == "untestable" for scenario in found.fault_bound)
    terminalreporter.section("self-test")
    for line in (
        f"bugs: {len(bugs.Bug)}, caught by exactly the listed scenarios: {exact}",
        f"freedoms: {len(freedoms.Freedom)}, without a finding but the warnings that they name: {clean}",
        f"second client, written from the RFCs alone: {'no finding' if second else 'has findings'}",
        f"scenarios with a fault: {len(found.fault_bound)}, untestable if it never fires: {untestable}",
        f"scenarios: {count}, without a bug: {len(without)}",
    ):
        terminalreporter.write_line(line)
