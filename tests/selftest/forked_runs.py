"""Run the scenarios against many clients: collect them once, then fork one process for each client.

    python -m tests.selftest.forked_runs JOBS.json FOLDER PROCESSES EFFORT [--as-found] [PYTEST OPTION...]

JOBS.json maps the name of a job to an object:

    spec        the client, as in `run --client`, e.g. "py:tests.selftest.bugs:TokenScheme"
    scenarios   the ids of the scenarios to run, or null for all
    expected_s  optional: the expected duration in seconds; long jobs start first
    ends_with   optional: a verdict after which the rest of the scenarios is not run
    plugin      optional: a module with a pytest plugin `Plugin`

Each job writes NAME.json into FOLDER: for each scenario [verdict, message, seconds, notes]. If it has a plugin, it writes
what `Plugin.seen()` returns into NAME.seen.json. NAME.log contains standard output and standard error.

Importing and collecting takes longer than most clients do, so it is done once. When the parent forks, nothing runs
that a fork cannot copy, except the thread of `Watch`, which each child starts again. With --as-found, Hypothesis does not
shrink failing examples: verdicts stay the same, messages are longer.
"""

from __future__ import annotations

import gc
import importlib
import json
import os
import pkgutil
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from _pytest.main import pytest_runtestloop as run_all
from hypothesis import Phase, settings
from hypothesis.internal import charmap

import oauth_gauntlet
import oauth_gauntlet_scenarios
import oauth_gauntlet_server
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.judging.scenario_arguments import BENCH
from oauth_gauntlet.judging.scenario_item import ScenarioItem
from oauth_gauntlet.judging.selection import place_in_run
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.reference.keys import load_private_key
from oauth_gauntlet_server.application import scim

REFERENCE = "py:oauth_gauntlet.reference:make_client"

OPERATION_S = 15.0
"""Seconds after which a client that does not answer hangs: more than in a run, because the machine is busier."""


class ForkPerClient:
    """A pytest plugin that replaces the loop over the scenarios: each client gets its own loop in a forked process."""

    def __init__(self, jobs: dict[str, dict[str, Any]], folder: Path, processes: int, *, as_found: bool) -> None:
        self.jobs = jobs
        self.folder = folder
        self.processes = processes
        self.as_found = as_found

    @pytest.hookimpl(trylast=True)
    def pytest_configure(self) -> None:
        if self.as_found:
            settings.register_profile("as-found", settings(), phases=[Phase.explicit, Phase.generate])
            settings.load_profile("as-found")

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        # By requirement, whatever the order of pytest's collection: one bug keeps a token from one scenario to the next.
        session.items.sort(key=_sort_key)
        session.items = [item for item in session.items if not _waits_for_minutes(item)]
        _prepare_for_forks()
        # The adapter that said hello has a thread, which a fork does not copy.
        session.config.stash[BENCH].discard_adapter()
        # Start the longest jobs first, so that no long job runs alone at the end.
        waiting = sorted(self.jobs, key=lambda name: -self.jobs[name].get("expected_s", 0.0))
        running: dict[int, tuple[str, float, int]] = {}
        slots = list(range(self.processes))
        while waiting or running:
            while waiting and slots:
                name, slot = waiting.pop(0), slots.pop(0)
                child = os.fork()
                if child == 0:
                    _stay_on_core(slot)
                    self._run_child(session, name)
                running[child] = name, time.monotonic(), slot
            child, _, used = os.wait4(-1, 0)
            name, started, slot = running.pop(child)
            slots.append(slot)
            _print_progress(f"{name}: {time.monotonic() - started:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of a core")
        return True

    def _run_child(self, session: pytest.Session, name: str) -> None:
        """Run the scenarios of one job, write its results, and leave the process."""
        code = 1
        try:
            _redirect_output(self.folder / f"{name}.log")
            tempfile.tempdir = str(self.folder)  # os._exit skips the clean-up of the server's temporary files
            self._run_scenarios(session, name)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _run_scenarios(self, session: pytest.Session, name: str) -> None:
        job = self.jobs[name]
        bench = session.config.stash[BENCH]
        # A fork has only one thread: the parent's watching thread does not exist here.
        watch = session.config.pluginmanager.get_plugin("oauth-gauntlet-judge").watch
        watch.__init__()
        watch.start()
        bench.__init__(parse_spec(job["spec"], in_process=True), seed=bench.seed, time_limit_s=OPERATION_S)  # type: ignore[misc]
        if job["scenarios"] is not None:
            wanted = set(job["scenarios"])
            session.items = [item for item in session.items if named(item) in wanted]
        recorder = VerdictRecorder(session, job.get("ends_with"))
        session.config.pluginmanager.register(recorder, "verdict-recorder")
        plugin = importlib.import_module(job["plugin"]).Plugin() if "plugin" in job else None
        if plugin is not None:
            session.config.pluginmanager.register(plugin, "job-plugin")
        with suppress(session.Interrupted):
            run_all(session)
        (self.folder / f"{name}.json").write_text(json.dumps(recorder.found))
        if plugin is not None:
            (self.folder / f"{name}.seen.json").write_text(json.dumps(plugin.seen()))


class VerdictRecorder:
    """A pytest plugin that records the verdict of each scenario."""

    def __init__(self, session: pytest.Session, ends_with: str | None) -> None:
        self.session = session
        self.ends_with = ends_with
        self.found: dict[str, tuple[str, str, float, list[str]]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        attached = getattr(report, "oauth_gauntlet", None)
        if attached is not None:
            result = json.loads(attached)
            self.found[result["scenario"]] = result["verdict"], result["message"], result["duration_s"], result["notes"]
            if result["verdict"] == self.ends_with:
                self.session.shouldstop = self.ends_with


def named(item: pytest.Item) -> str:
    """Return the scenario id of an item."""
    assert isinstance(item, ScenarioItem)
    return item.scenario_id


def _sort_key(item: pytest.Item) -> tuple[int, str]:
    assert isinstance(item, ScenarioItem)
    return place_in_run(item.scenario.requirement.id, waits=False), item.scenario.requirement.id


def _waits_for_minutes(item: pytest.Item) -> bool:
    return isinstance(item, ScenarioItem) and item.scenario.thorough


def _stay_on_core(slot: int) -> None:
    """Keep this process on one core: its threads take turns, and on two cores each switch costs twice as much."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[slot % len(cores)]})


def _prepare_for_forks() -> None:
    """Import and compute what every child needs, and exclude it from the children's garbage collection."""
    for package in (oauth_gauntlet, oauth_gauntlet_server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(("__main__", ".pytest_fixture")):
                importlib.import_module(module.name)
    scim.load()
    for kind in ("rsa", "ec", "ed25519"):
        load_private_key(private_pem(kind), None)
    for name in ("jwt", "trustme", "encodings.idna"):
        importlib.import_module(name)
    charmap.charmap()
    gc.collect()
    gc.freeze()
    # A child ends before reference cycles use much memory.
    gc.set_threshold(100_000, 50, 50)


def _print_progress(text: str) -> None:
    """Print a line at a terminal only: output that is piped stays short."""
    if sys.__stderr__ is not None and sys.__stderr__.isatty():
        print(text, file=sys.__stderr__, flush=True)


def _redirect_output(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def main(jobs: str, folder: str, processes: str, effort: str, *options: str) -> int:
    """Run the jobs; return pytest's exit code."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    scenarios = Path(str(oauth_gauntlet_scenarios.__file__)).parent
    arguments = [
        *("-c", str(scenarios / "run.ini"), "--rootdir", str(scenarios), "--noconftest", "--import-mode=importlib"),
        *("-p", "oauth_gauntlet.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:terminal"),
        # These plugins do work around each scenario, and here no one reads their output.
        *(
            f"-pno:{name}"
            for name in ("logging", "capture", "warnings", "unraisableexception", "threadexception", "faulthandler")
        ),
        # A bug is caught by its exact scenarios: all of them run, also where a client gets no token at all.
        *("--oauth-client", REFERENCE, "--oauth-in-process", "--oauth-effort", effort, "--oauth-keep-going"),
        *(option for option in options if option != "--as-found"),
        str(scenarios),
    ]
    plugin = ForkPerClient(json.loads(Path(jobs).read_text()), Path(folder), int(processes), as_found="--as-found" in options)
    return int(pytest.main(arguments, plugins=[plugin]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
