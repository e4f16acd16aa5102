"""Set up a pytest session that judges a client: read the options, create the bench, register `Judge` and `Recorder`.

With pytest-xdist each worker judges with its own server and adapter, and sends its results as JSON on the test
reports; only the controller writes the stream. Without pytest-xdist one process does both.
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
from oauth_gauntlet.judging import effort, fixtures
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.fixtures import BENCH, SEED
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.profiles import profiles_named
from oauth_gauntlet.judging.pytest_judge import Judge
from oauth_gauntlet.judging.pytest_recorder import Recorder
from oauth_gauntlet.judging.requirement_sets import named_requirement_set
from oauth_gauntlet.judging.run_options import DEFAULT_SEED, RunOptions
from oauth_gauntlet.judging.selection import Selection, grants_named
from oauth_gauntlet.judging.trouble_reporter import TroubleReporter
from oauth_gauntlet.results.expectations import Expectations, load_expectations
from oauth_gauntlet.results.trouble import TroubleKind


def activate(config: pytest.Config) -> None:
    """Read the options and register the plugins that judge.

    Raises:
        pytest.UsageError: an option, the client's spec or the baseline file is wrong.
    """
    trouble = TroubleReporter(config)
    config.pluginmanager.register(trouble, "oauth-gauntlet-trouble")
    options = RunOptions.of_pytest(config.getoption)
    try:
        spec = parse_spec(options.client)
        selection = Selection(
            requirements=named_requirement_set(options.set),
            grants=grants_named(options.grant),
            level=options.level,
            profiles=_profiles(config, options),
            keyword=config.getoption("keyword") or None,
        )
        expectations = load_expectations(Path(options.expect)) if options.expect else Expectations()
    except (GauntletError, ValueError) as error:
        trouble.send(TroubleKind.USAGE, str(error))
        raise pytest.UsageError(str(error)) from error
    scratch = config.getoption("oauth_scratch")
    if scratch is not None:
        _prepare_judging_process(scratch, worker=hasattr(config, "workerinput"))
    seed = config.stash[SEED] = _seed(config, options)
    effort.load(options.effort)
    bench = config.stash[BENCH] = Bench(spec)
    config.add_cleanup(bench.close)
    watch = ClockWatch(machine_time())
    watch.start()
    config.add_cleanup(watch.stop)
    config.pluginmanager.register(fixtures, "oauth-gauntlet-fixtures")
    judge = Judge(
        bench=bench,
        watch=watch,
        spec=spec,
        selection=selection,
        seed=seed,
        effort=options.effort,
        strict=options.strict,
    )
    config.pluginmanager.register(judge, "oauth-gauntlet-judge")
    if not hasattr(config, "workerinput"):
        recorder = Recorder(
            options=options,
            bench=bench,
            expectations=expectations,
            selection=selection,
            seed=seed,
            trouble=trouble,
            workers=bool(config.getoption("numprocesses", None)),
        )
        config.pluginmanager.register(recorder, "oauth-gauntlet-recorder")


def _profiles(config: pytest.Config, options: RunOptions) -> frozenset[str]:
    """Return the profiles that are asked: the given ones, or those of pytest-xdist's controller, which knows the adapter."""
    worker_input = getattr(config, "workerinput", None)
    return frozenset(worker_input["oauth_profiles"]) if worker_input else profiles_named(options.profile)


def _seed(config: pytest.Config, options: RunOptions) -> int:
    """Return the seed: the given one, the one of pytest-xdist's controller, or the one of the effort."""
    if options.seed is not None:
        return options.seed
    worker_input = getattr(config, "workerinput", None)
    if worker_input:
        return int(worker_input["oauth_seed"])
    return random.SystemRandom().randrange(2**32) if options.effort == "thorough" else DEFAULT_SEED


def _prepare_judging_process(scratch: str, *, worker: bool) -> None:
    """Set the folder for temporary files and the SIGINT handler when `oauth-gauntlet run` started this process."""
    tempfile.tempdir = scratch
    if not worker:  # the other workers use the same folder
        # `run` removes the folder too, unless it was killed.
        atexit.register(shutil.rmtree, scratch, ignore_errors=True)
    if threading.current_thread() is threading.main_thread():
        # A shell starts background jobs with SIGINT ignored, and `run` interrupts this process with SIGINT.
        signal.signal(signal.SIGINT, signal.default_int_handler)
