"""What a named client turns the pytest plugin into: options read, a bench set up, a judge and a recorder registered.

With pytest-xdist each worker judges with a server and an adapter of its own, and ships its results as JSON on the test
reports; the controller alone writes the stream. Without it, the one process is both.
"""

from __future__ import annotations

import atexit
import random
import shutil
import signal
import tempfile
import threading
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.adapters.process_clock import machine_time
from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.judging import fixtures, hypothesis_profiles
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.fixtures import BENCH, SEED
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.pytest_judge import DEFAULT_SEED, Judge
from oauth_gauntlet.judging.pytest_recorder import Recorder
from oauth_gauntlet.judging.selection import Selection, grants_named
from oauth_gauntlet.results.expectations import Expectations, load_expectations
from oauth_gauntlet_scenarios.requirement_sets import requirement_set


def activate(config: pytest.Config) -> None:
    """Read the options and register what judges.

    Raises:
        pytest.UsageError: an option, the client's spec or the baseline file is wrong.
    """
    try:
        spec = parse_spec(config.getoption("oauth_client"))
        selection = Selection(
            requirements=requirement_set(config.getoption("oauth_set")),
            grants=grants_named(config.getoption("oauth_grant")),
            level=config.getoption("oauth_level"),
            keyword=config.getoption("keyword") or None,
        )
        expect = config.getoption("oauth_expect")
        expectations = load_expectations(Path(expect)) if expect else Expectations()
    except (GauntletError, ValueError) as error:
        raise pytest.UsageError(str(error)) from error
    scratch = config.getoption("oauth_scratch")
    if scratch is not None:
        _looked_after(scratch, worker=hasattr(config, "workerinput"))
    strict = bool(config.getoption("oauth_strict"))
    profile, seed = config.getoption("oauth_profile"), config.getoption("oauth_seed")
    if seed is None:
        worker_input = getattr(config, "workerinput", None)
        drawn = random.SystemRandom().randrange(2**32) if profile == "thorough" else DEFAULT_SEED
        seed = worker_input["oauth_seed"] if worker_input else drawn
    config.stash[SEED] = seed
    hypothesis_profiles.load(profile)
    bench = config.stash[BENCH] = Bench(spec)
    config.add_cleanup(bench.close)
    watch = ClockWatch(machine_time())
    watch.start()
    config.add_cleanup(watch.stop)
    config.pluginmanager.register(fixtures, "oauth-gauntlet-fixtures")
    config.pluginmanager.register(
        Judge(bench=bench, watch=watch, spec=spec, selection=selection, seed=seed, profile=profile, strict=strict),
        "oauth-gauntlet-judge",
    )
    if not hasattr(config, "workerinput"):
        recorder = Recorder(
            config=config, bench=bench, expectations=expectations, selection=selection, seed=seed, strict=strict
        )
        config.pluginmanager.register(recorder, "oauth-gauntlet-recorder")


def _looked_after(scratch: str, *, worker: bool) -> None:
    """Be the judging process of `oauth-gauntlet run`, or a worker of it, which ends us by SIGINT."""
    tempfile.tempdir = scratch
    if not worker:  # whose siblings have their files there too
        # Also where whoever looks after us was killed.
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    if threading.current_thread() is threading.main_thread():
        # A shell has its background jobs ignore it.
        signal.signal(signal.SIGINT, signal.default_int_handler)
