"""The kill matrix as it is measured: the verdict of each scenario for each altered client.

Three clients run all scenarios: first the watched reference client (watched_client.py), then the reference client against a
server whose faults never fire (unfired.py), and the second client. The notes of the watched client show in which scenarios
each altered client can differ (reach.py); the altered clients run only these.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from oauth_gauntlet.model import Verdict
from tests.selftest import bugs, freedoms, kills, reach

ROOT = Path(__file__).parents[2]

PROCESSES = 4 * (os.cpu_count() or 1)
"""Clients at a time: most of the time a client waits."""

ATTEMPTS = 3
"""How often a scenario runs at most if it ends in an error."""

SECOND = "second_client"
"""The name of the client that shares no code with the reference client."""

_HERE = "tests.selftest"
_CAUGHT = {str(verdict) for verdict in Verdict if verdict.against}


@dataclass(frozen=True, kw_only=True, slots=True)
class ScenarioVerdict:
    """The verdict of one scenario for one client, with its message and notes."""

    verdict: str
    message: str
    duration_s: float
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class KillMatrix:
    """The verdicts of all clients by scenario id.

    `reference` and `unfired` contain all scenarios, `clients` those within reach of each client. `seen` contains the notes
    of watched_client.py by scenario. `fault_bound` is the set of scenarios that arm a fault.
    """

    seen: dict[str, list[str]]
    reference: dict[str, ScenarioVerdict]
    unfired: dict[str, ScenarioVerdict]
    fault_bound: frozenset[str]
    clients: dict[str, dict[str, ScenarioVerdict]]

    def found(self, name: str) -> frozenset[str]:
        """Return the scenarios that caught a client."""
        return frozenset(scenario for scenario, result in self.clients[name].items() if result.verdict in _CAUGHT)

    def broken(self, name: str) -> dict[str, str]:
        """Return the scenarios that ended in an error, with verdict and message.

        `untestable` is no error here: a client with a bug may fail before the fault fires.
        """
        fine = {"pass", "not_applicable", "untestable", *_CAUGHT}
        return {
            scenario: f"{result.verdict}: {result.message}"
            for scenario, result in self.clients[name].items()
            if result.verdict not in fine
        }


def measured(
    names: Iterable[str] | None = None,
    *,
    everything: bool = False,
    only: Collection[str] | None = None,
    known: Mapping[str, Collection[str]] | None = None,
) -> KillMatrix:
    """Run the scenarios against all clients, or against the named ones.

    `everything` also runs the scenarios out of reach. `only` limits all runs to these scenarios.
    `known` has the scenarios that catch each bug: then clients that reach many scenarios run a sample (`reach.sample`).
    """
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        every = [name for names in kills.all_scenarios().values() for name in names]
        chosen = every if only is None else sorted(only)
        watched, seen = _watched(chosen, folder)
        clients = reach.altered_clients()
        whole = {"scenarios": chosen, "expected_s": sum(result.duration_s for result in watched.values())}
        jobs: dict[str, dict[str, Any]] = {
            "unfired": {"spec": "py:oauth_gauntlet.reference:make_client", "plugin": f"{_HERE}.unfired", **whole},
        }
        if names is None or SECOND in names:
            jobs[SECOND] = {"spec": f"py:{_HERE}.{SECOND}:make_client", **whole}
        for name in clients if names is None else names:
            if name != SECOND:
                scenarios = chosen if everything else reach.reached(clients[name], name, seen)
                if known is not None and not _depends_on_the_order(name):
                    freedom = freedoms.Freedom.__members__.get(name)
                    warned = [each for each in scenarios if freedom is not None and freedom.value.is_warned_by(each)]
                    scenarios = reach.sample(name, scenarios, (*known.get(name, ()), *warned))
                expected_s = sum(watched[scenario].duration_s for scenario in scenarios)
                jobs[name] = {"spec": reach.spec_of(clients[name]), "scenarios": scenarios, "expected_s": expected_s}
        found = run(jobs, folder)
        unfired = found.pop("unfired")
        bound = json.loads((folder / "unfired.seen.json").read_text())
    return KillMatrix(seen=seen, reference=watched, unfired=unfired, fault_bound=frozenset(bound), clients=found)


def _watched(scenarios: Sequence[str], folder: Path) -> tuple[dict[str, ScenarioVerdict], dict[str, list[str]]]:
    """Return the verdicts of the watched client, and its notes, by scenario; several processes run a part each."""
    spec = {"spec": f"py:{_HERE}.watched_client:make_client", "plugin": f"{_HERE}.watched_client"}
    parts = {
        f"watched-{part}": {**spec, "scenarios": scenarios[part::PROCESSES]} for part in range(min(PROCESSES, len(scenarios)))
    }
    verdicts: dict[str, ScenarioVerdict] = {}
    seen: dict[str, list[str]] = {}
    for name, results in run(parts, folder).items():
        verdicts |= results
        seen |= json.loads((folder / f"{name}.seen.json").read_text())
    return verdicts, seen


def _depends_on_the_order(name: str) -> bool:
    return name in bugs.Bug.__members__ and bugs.Bug[name].value.outlives_a_scenario


def compared(matrix: KillMatrix, name: str, expected: frozenset[str]) -> list[str]:
    """Return a line for each difference: `+` caught and not expected, `-` expected and not caught, `!` an error."""
    results = matrix.clients[name]
    by_chance = bugs.Bug[name].value.by_chance if name in bugs.Bug.__members__ else ()
    found, expected = (
        frozenset(scenario for scenario in scenarios if not scenario.startswith(by_chance))
        for scenarios in (matrix.found(name), expected)
    )
    return [
        *(f"{name} + {scenario}: {results[scenario].message}" for scenario in sorted(found - expected)),
        *(f"{name} - {scenario}" for scenario in sorted(expected - found)),
        *(f"{name} ! {scenario}: {message}" for scenario, message in matrix.broken(name).items()),
    ]


def warnings_of(matrix: KillMatrix, freedom: freedoms.Freedom) -> frozenset[str]:
    """Return the scenarios that warned about a freedom, as the class of the freedom says (`warned`)."""
    return frozenset(
        scenario
        for scenario, result in matrix.clients[freedom.name].items()
        if result.verdict == "warning" and freedom.value.is_warned_by(scenario)
    )


def run(
    jobs: Mapping[str, Mapping[str, Any]], folder: Path, effort: str = "quick", options: Sequence[str] = ("--as-found",)
) -> dict[str, dict[str, ScenarioVerdict]]:
    """Run the jobs, and return the verdict of each scenario for each job.

    Scenarios that end in an error run again, with fewer clients at a time: on a busy machine the harness may report that the
    machine was unreliable. Any other error occurs again.

    Raises:
        RuntimeError: a job did not run to its end; the message contains the end of its log.
    """
    found = _run_once(jobs, folder, PROCESSES, effort, options)
    for attempt in range(1, ATTEMPTS):
        errors = {
            name: [scenario for scenario, result in results.items() if result.verdict == "error"]
            for name, results in found.items()
        }
        again = {name: {**jobs[name], "scenarios": scenarios} for name, scenarios in errors.items() if scenarios}
        if not again:
            break
        place = folder / f"attempt-{attempt + 1}"
        place.mkdir(exist_ok=True)  # the runs of one measurement share the folder, and their jobs have different names
        for name, results in _run_once(again, place, os.cpu_count() or 1, effort, options).items():
            found[name] |= results
    return found


def _run_once(
    jobs: Mapping[str, Mapping[str, Any]], folder: Path, processes: int, effort: str, options: Sequence[str]
) -> dict[str, dict[str, ScenarioVerdict]]:
    """Run each job once by forked_runs.py."""
    listed = folder / "jobs.json"
    listed.write_text(json.dumps(jobs))
    command = [sys.executable, "-m", f"{_HERE}.forked_runs", str(listed), str(folder), str(processes), effort, *options]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, check=False)
    found: dict[str, dict[str, ScenarioVerdict]] = {}
    for name in jobs:
        results = folder / f"{name}.json"
        if not results.exists():
            log = folder / f"{name}.log"
            output = log.read_text() if log.exists() else f"exit code {done.returncode}"
            raise RuntimeError(f"{name} did not run to its end:\n{output[-3000:]}")
        found[name] = {
            scenario: ScenarioVerdict(verdict=verdict, message=message, duration_s=duration, notes=tuple(notes))
            for scenario, (verdict, message, duration, notes) in json.loads(results.read_text()).items()
        }
    return found
