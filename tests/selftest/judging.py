"""Judges many clients with one collection of the scenarios: a process is forked for each client.

    python judging.py JOBS.json FOLDER PROCESSES PROFILE [--as-found] [OPTION OF PYTEST'S...]

reads jobs by name, ``{"spec": "py:bugs:TokenScheme", "scenarios": [...] or null for all}``, and leaves ``NAME.json`` in the
folder: the outcome of each scenario as [verdict, message, seconds, notes]. A job may say ``expected_s``, how long it is going
to take, ``ends_with``, a verdict after which the rest of its scenarios need not be run, and a ``plugin``, a module with one
of pytest's; ``NAME.seen.json`` keeps what that saw. To collect and to import costs more than most clients do, so it is done
once; nothing has been started then that a fork could not take along. With ``--as-found``, generated examples that find fault
are not made smaller: the verdict is the same, only what is told about it is longer.
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
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from _pytest.main import pytest_runtestloop as run_all
from hypothesis import Phase, settings
from hypothesis.internal import charmap

import oauth_gauntlet
import oauth_gauntlet_scenarios
import oauth_gauntlet_server
from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_spec import ClientSpec, parse_spec
from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.judging.fixtures import BENCH
from oauth_gauntlet.judging.machine.disturbance import Watch
from oauth_gauntlet.judging.pytest_items import name_of, scenario_at
from oauth_gauntlet.key_material import private_pem
from oauth_gauntlet.reference.keys import load_private_key
from oauth_gauntlet_server.application import scim

REFERENCE = "py:oauth_gauntlet.reference:make_client"

OPERATION_S = 15.0
"""A client that takes longer for one operation hangs."""


class Forge:
    """In place of pytest's loop over the scenarios: one such loop for each client, in a process of its own."""

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
        _warm()
        # The longest first, so that none is left alone at the end.
        waiting = sorted(self.jobs, key=lambda name: -self.jobs[name].get("expected_s", 0.0))
        running: dict[int, tuple[str, float, int]] = {}
        places = list(range(self.processes))
        while waiting or running:
            while waiting and places:
                name, place = waiting.pop(0), places.pop(0)
                child = os.fork()
                if child == 0:
                    _stay_on_core(place)
                    self._judge(session, name)
                running[child] = name, time.monotonic(), place
            child, _, used = os.wait4(-1, 0)
            name, began, place = running.pop(child)
            places.append(place)
            self._say(f"{name}: {time.monotonic() - began:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of a core")
        return True

    def _say(self, text: str) -> None:
        print(text, file=sys.__stderr__, flush=True)

    def _judge(self, session: pytest.Session, name: str) -> None:
        """Judge one client, write what came of it, and leave the process."""
        code = 1
        try:
            _silence(self.folder / f"{name}.log")
            tempfile.tempdir = str(self.folder)  # the process ends at once, and leaves what its server wrote
            self._loop(session, name)
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(code)

    def _loop(self, session: pytest.Session, name: str) -> None:
        job = self.jobs[name]
        bench = session.config.stash[BENCH]
        # The thread of the parent's did not come along.
        watch = session.config.pluginmanager.get_plugin("oauth-gauntlet-judge").watch = Watch()
        watch.start()
        bench.discard_adapter()
        bench.__init__(_impatient(parse_spec(job["spec"])))  # type: ignore[misc]
        if job["scenarios"] is not None:
            wanted = set(job["scenarios"])
            session.items = [item for item in session.items if named(item) in wanted]
        kept = Outcomes(session, job.get("ends_with"))
        session.config.pluginmanager.register(kept, "outcomes")
        watching = importlib.import_module(job["plugin"]).Plugin() if "plugin" in job else None
        if watching is not None:
            session.config.pluginmanager.register(watching, "watching")
        with suppress(session.Interrupted):
            run_all(session)
        (self.folder / f"{name}.json").write_text(json.dumps(kept.found))
        if watching is not None:
            (self.folder / f"{name}.seen.json").write_text(json.dumps(watching.seen()))


class Outcomes:
    """Keeps how each scenario ended."""

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


def _impatient(spec: ClientSpec) -> ClientSpec:
    """Return the spec with adapters that are given up sooner."""

    def opened(environment: Mapping[str, str]) -> ClientAdapter:
        adapter = spec.open(environment)
        assert isinstance(adapter, InProcessAdapter)
        adapter.operation_limit_s = OPERATION_S
        return adapter

    return replace(spec, open=opened)


def named(item: pytest.Item) -> str:
    """Return the scenario id of an item."""
    scenario = scenario_at(item)
    assert scenario is not None
    return name_of(item, scenario)


def _stay_on_core(place: int) -> None:
    """Keep this process on one core: its threads take turns, and on two cores each turn costs twice as much."""
    if hasattr(os, "sched_setaffinity"):
        cores = sorted(os.sched_getaffinity(0))
        os.sched_setaffinity(0, {cores[place % len(cores)]})


def _warm() -> None:
    """Import what every client's process would import, and leave what there is by now to itself."""
    for package in (oauth_gauntlet, oauth_gauntlet_server):
        for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
            if not module.name.endswith(("__main__", ".pytest_fixture")):
                importlib.import_module(module.name)
    scim.load()
    for kind in ("rsa", "ec", "ed25519"):
        load_private_key(private_pem(kind), None)
    for name in ("trustme", "encodings.idna"):
        importlib.import_module(name)
    charmap.charmap()
    charmap.intervals_from_codec("utf-8")
    gc.collect()
    gc.freeze()
    # A child does not live long enough for cycles to matter.
    gc.set_threshold(100_000, 50, 50)


def _silence(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)


def main(jobs: str, folder: str, processes: str, profile: str, *options: str) -> int:
    """Judge the clients of the jobs; return pytest's exit code."""
    os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"
    place = Path(str(oauth_gauntlet_scenarios.__file__)).parent
    arguments = [
        *("-c", str(place / "run.ini"), "--rootdir", str(place), "--noconftest", "--import-mode=importlib"),
        *("-p", "oauth_gauntlet.pytest_plugin", "-p", "no:cacheprovider", "-p", "no:terminal"),
        # What pytest looks after around each scenario, and nobody reads.
        *(
            f"-pno:{name}"
            for name in ("logging", "capture", "warnings", "unraisableexception", "threadexception", "faulthandler")
        ),
        *("--oauth-client", REFERENCE, "--oauth-profile", profile),
        *(option for option in options if option != "--as-found"),
        str(place),
    ]
    forge = Forge(json.loads(Path(jobs).read_text()), Path(folder), int(processes), as_found="--as-found" in options)
    return int(pytest.main(arguments, plugins=[forge]))


if __name__ == "__main__":
    main(*sys.argv[1:])
