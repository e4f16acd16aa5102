"""Judges every altered client in the scenarios in which it can do other than the reference client.

    python tests/selftest/matrix.py [--everything] [--update] [NAME...]

prints what differs from ``kills.toml``; ``--everything`` runs all scenarios for each client, to see that nothing out of
reach changed; ``--update`` writes ``kills.toml`` and the page of the documentation.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

import bugs  # noqa: E402
import freedoms  # noqa: E402
import kills  # noqa: E402
import reach  # noqa: E402

PROCESSES = 3 * (os.cpu_count() or 1)
"""Most of the time a client waits for something."""

SECOND = "second_client"
"""A client that shares nothing with the reference client."""

_BY_FINDING = {"fail", "warn"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """How a scenario ended for a client."""

    verdict: str
    message: str
    duration_s: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class KillMatrix:
    """How every client fared: `reference` in all scenarios, `unfired` where no fault ever fires, the others within reach.

    `seen` is what reach.py noted of each scenario, `fault_bound` the scenarios that are about a fault.
    """

    seen: dict[str, list[str]]
    reference: dict[str, Outcome]
    unfired: dict[str, Outcome]
    fault_bound: frozenset[str]
    clients: dict[str, dict[str, Outcome]]

    def found(self, name: str) -> frozenset[str]:
        """Return the scenarios that found fault with a client."""
        return frozenset(scenario for scenario, outcome in self.clients[name].items() if outcome.verdict in _BY_FINDING)

    def broken(self, name: str) -> dict[str, str]:
        """Return the scenarios in which something broke, with the message.

        That a scenario is untestable with a broken client is natural: it does not come as far as the fault.
        """
        fine = {"pass", "not_applicable", "untestable", *_BY_FINDING}
        return {
            scenario: f"{outcome.verdict}: {outcome.message}"
            for scenario, outcome in self.clients[name].items()
            if outcome.verdict not in fine
        }


def judged(names: Iterable[str] | None = None, *, everything: bool = False) -> KillMatrix:
    """Judge all clients, or the named ones."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        first: dict[str, dict[str, Any]] = {
            "probe": {"spec": "py:reach:make_client", "scenarios": None, "plugin": "reach"},
            "unfired": {"spec": "py:oauth_gauntlet.reference:make_client", "scenarios": None, "plugin": "unfired"},
        }
        if names is None or SECOND in names:
            first[SECOND] = {"spec": f"py:{SECOND}:make_client", "scenarios": None}
        outcomes = run(first, folder)
        seen = json.loads((folder / "probe.seen.json").read_text())
        bound = json.loads((folder / "unfired.seen.json").read_text())
        clients = reach.altered_clients()
        jobs: dict[str, dict[str, Any]] = {
            name: {
                "spec": f"py:{clients[name].__module__.partition('.')[0]}:{name}",
                "scenarios": None if everything else reach.reached(clients[name], name, seen),
            }
            for name in (clients if names is None else names)
            if name != SECOND
        }
        probe = outcomes["probe"]
        for job in jobs.values():
            scenarios = probe if job["scenarios"] is None else job["scenarios"]
            job["expected_s"] = sum(probe[scenario].duration_s for scenario in scenarios)
        found = run(jobs, folder) | ({SECOND: outcomes[SECOND]} if SECOND in outcomes else {})
    return KillMatrix(
        seen=seen, reference=outcomes["probe"], unfired=outcomes["unfired"], fault_bound=frozenset(bound), clients=found
    )


def compared(matrix: KillMatrix, name: str, expected: frozenset[str]) -> list[str]:
    """Return a line for each scenario that found fault with a client and ought not to have, or the other way round."""
    found, outcomes = matrix.found(name), matrix.clients[name]
    return [
        *(f"{name} + {scenario}: {outcomes[scenario].message}" for scenario in sorted(found - expected)),
        *(f"{name} - {scenario}" for scenario in sorted(expected - found)),
        *(f"{name} ! {scenario}: {message}" for scenario, message in matrix.broken(name).items()),
    ]


def run(
    jobs: Mapping[str, Mapping[str, Any]], folder: Path, profile: str = "quick", options: Iterable[str] = ("--as-found",)
) -> dict[str, dict[str, Outcome]]:
    """Do the jobs of judging.py, and return how each scenario ended for each of them."""
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs))
    command = [sys.executable, str(HERE / "judging.py"), str(listed), str(folder), str(PROCESSES), profile, *options]
    done = subprocess.run(command, cwd=HERE, env={**os.environ, "PYTHONPATH": str(HERE)}, check=False)
    found: dict[str, dict[str, Outcome]] = {}
    for name in jobs:
        kept = folder / f"{name}.json"
        if not kept.exists():
            log = folder / f"{name}.log"
            said = log.read_text() if log.exists() else f"exit code {done.returncode}"
            raise RuntimeError(f"{name} was not judged to the end:\n{said[-3000:]}")
        found[name] = {
            scenario: Outcome(verdict=verdict, message=message, duration_s=duration, notes=tuple(notes))
            for scenario, (verdict, message, duration, notes) in json.loads(kept.read_text()).items()
        }
    return found


def main() -> int:
    """Judge, compare, and update what is asked for."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--everything", action="store_true", help="run all scenarios for each client")
    parser.add_argument("--update", action="store_true", help="write kills.toml and the page")
    parser.add_argument("names", nargs="*", help="clients to judge (default: all)")
    arguments = parser.parse_args()
    matrix = judged(arguments.names or None, everything=arguments.everything)
    known = kills.load() if kills.FILE.exists() else {}
    differences = [line for name in matrix.clients for line in compared(matrix, name, known.get(name, frozenset()))]
    print("\n".join(differences))
    if arguments.update:
        merged = known | {name: matrix.found(name) for name in matrix.clients if name in bugs.Bug.__members__}
        kills.FILE.write_text(kills.dump({bug.name: merged[bug.name] for bug in bugs.Bug if bug.name in merged}))
        kills.PAGE.write_text(kills.page(kills.load()))
    print(f"{len(matrix.clients)} clients judged ({len(freedoms.Freedom)} freedoms known), {len(differences)} differences")
    return int(bool(differences))


if __name__ == "__main__":
    sys.exit(main())
