"""Complete kills.toml: judge only the bugs and scenarios that it does not contain yet.

A bug without a table is new: it runs in every scenario within its reach. A scenario that catches no bug is new, because the
self-test allows no other: every altered client runs in it. Everything else is already recorded, and `make selftest` checks it.
"""

from __future__ import annotations

from collections.abc import Iterator

from tests.selftest import bugs, freedoms, kills
from tests.selftest.kill_matrix import KillMatrix, measured

_SANITY = ("sanity.first", "sanity.last")


def complete() -> Iterator[str]:
    """Judge new bugs and new scenarios, write kills.toml, and yield one line for each thing that a contributor should read."""
    known = kills.load()
    new_bugs = [bug.name for bug in bugs.Bug if bug.name not in known]
    new_scenarios = frozenset(kills.scenarios_without_a_bug(known))
    if new_scenarios:
        yield f"new scenarios: {len(new_scenarios)}; judging every bug and every correct variant in them"
        recorded = [bug.name for bug in bugs.Bug if bug.name in known]
        # A bug that keeps something from one scenario to the next needs one before the new ones.
        before = {name for names in _SANITY for name in kills.all_scenarios()[names]}
        matrix = measured([*recorded, *freedoms.Freedom.__members__], only=new_scenarios | before)
        known |= {name: known[name] | (matrix.found(name) & new_scenarios) for name in recorded}
        yield from _problems(matrix, [*freedoms.Freedom.__members__])
    if new_bugs:
        yield f"new bugs: {', '.join(new_bugs)}; judging them, which takes minutes"
        matrix = measured(new_bugs)
        for name in new_bugs:
            known[name] = matrix.found(name)
            yield f"{name} is caught by {', '.join(sorted(known[name])) or 'no scenario: write one'}"
    kills.write(kills.in_order(known))
    for scenario in kills.scenarios_without_a_bug(known):
        yield f"{scenario} catches no bug: add one to tests/selftest/bugs"


def _problems(matrix: KillMatrix, correct: list[str]) -> Iterator[str]:
    """Yield a line for each scenario that fails a correct client, or that broke."""
    for name, verdict in matrix.reference.items():
        if verdict.verdict != "pass":
            yield f"the reference client does not pass {name}: {verdict.verdict}: {verdict.message}"
    for client in correct:
        for scenario in sorted(matrix.found(client)):
            yield f"{scenario} fails the correct client {client}: {matrix.clients[client][scenario].message}"
    for client in matrix.clients:
        for scenario, message in matrix.broken(client).items():
            yield f"{client} broke {scenario}: {message}"
