"""Set up a pytest session that judges a client: read the options, create the bench, register `Judge` and `Recorder`.

With pytest-xdist each worker judges with its own server and adapter, and sends its results as JSON on the test
reports; only the controller writes the stream. Without pytest-xdist one process does both.
"""

from __future__ import annotations

import atexit
import gc
import random
import shutil
import signal
import tempfile
import threading
from contextlib import ExitStack
from pathlib import Path

import pytest

from oauth_gauntlet.adapters.client_environment import fixed_process
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.adapters.process_clock import machine_time
from oauth_gauntlet.errors import GauntletError
from oauth_gauntlet.files.distinct_files import NamedFile, check_distinct
from oauth_gauntlet.judging import effort
from oauth_gauntlet.judging.again_command import AgainCommand
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.judging.distribution import Distribution
from oauth_gauntlet.judging.machine.clock_watch import ClockWatch
from oauth_gauntlet.judging.own_scenarios import added_paths, installed_folders, let_import
from oauth_gauntlet.judging.profiles import known_profiles, profiles_named
from oauth_gauntlet.judging.pytest_judge import Judge
from oauth_gauntlet.judging.pytest_recorder import Recorder
from oauth_gauntlet.judging.requirement_sets import named_requirement_set
from oauth_gauntlet.judging.run_options import DEFAULT_SEED, RunOptions
from oauth_gauntlet.judging.scenario_arguments import BENCH, SEED
from oauth_gauntlet.judging.selection import Selection, grants_named
from oauth_gauntlet.judging.trouble_reporter import TroubleReporter
from oauth_gauntlet.results.expectations import Expectations, load_expectations
from oauth_gauntlet.results.report_request import files_written
from oauth_gauntlet.results.trouble import TroubleKind


def activate(config: pytest.Config) -> None:
    """Read the options and register the plugins that judge.

    Raises:
        pytest.UsageError: an option, the client's spec or the baseline file is wrong.
    """
    trouble = TroubleReporter(config)
    config.pluginmanager.register(trouble, "oauth-gauntlet-trouble")
    options = RunOptions.of_pytest(config.getoption)
    worker, scratch = hasattr(config, "workerinput"), config.getoption("oauth_scratch")
    try:
        # `oauth-gauntlet run`, or the controller of pytest-xdist, has parsed it.
        spec = parse_spec(options.client, in_process=options.in_process, checked=worker or scratch is not None)
        time_limit_s = options.checked_time_limit_s()
        selection = Selection(
            requirements=named_requirement_set(options.set),
            grants=grants_named(options.grant),
            level=options.level,
            profiles=_profiles(config, options),
            keyword=config.getoption("keyword") or None,
        )
        read = [NamedFile(name=f"the baseline {options.expect}", path=Path(options.expect))] if options.expect else []
        check_distinct(written=files_written(options.report, options.results), read=read)
        _add_scenarios(config, options)
        expectations = load_expectations(Path(options.expect)) if options.expect else Expectations()
    except (GauntletError, ValueError) as error:
        trouble.send(TroubleKind.USAGE, str(error))
        raise pytest.UsageError(str(error)) from error
    if scratch is not None:
        _prepare_judging_process(scratch, worker=worker)
        gc.disable()
        config.pluginmanager.register(_CollectsGarbage(), "oauth-gauntlet-garbage")
    seed = config.stash[SEED] = _seed(config, options)
    effort.load(options.effort)
    if spec.in_process:
        fixed = ExitStack()
        fixed.enter_context(fixed_process())
        config.add_cleanup(fixed.close)
    bench = config.stash[BENCH] = Bench(spec, seed=seed, time_limit_s=time_limit_s)
    config.add_cleanup(bench.close)
    watch = ClockWatch(machine_time())
    watch.start()
    config.add_cleanup(watch.stop)
    judge = Judge(
        bench=bench,
        watch=watch,
        selection=selection,
        seed=seed,
        effort=options.effort,
        strict=options.strict,
        again=AgainCommand(
            client=spec.text,
            requirements=selection.requirements,
            seed=seed,
            effort=options.effort,
            time_limit_s=time_limit_s,
            in_process=spec.in_process,
            installed=installed_folders(),
            scenarios=options.scenarios,
            profiles=frozenset(known_profiles()),
        ),
        keep_going=options.keep_going,
    )
    config.pluginmanager.register(judge, "oauth-gauntlet-judge")
    if not worker:
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
        config.pluginmanager.register(Distribution(), "oauth-gauntlet-distribution")


class _CollectsGarbage:
    """Lets Python look for garbage once the scenarios are collected, and never among what exists then: it all stays."""

    def pytest_collection_finish(self) -> None:
        gc.freeze()
        gc.enable()


def _add_scenarios(config: pytest.Config, options: RunOptions) -> None:
    """Let pytest collect the scenarios of installed packages in `oauth-gauntlet run`, and those that the user names."""
    in_run = config.getoption("oauth_scratch") is not None
    for path in added_paths(options.scenarios) if in_run else map(Path, options.scenarios):
        let_import(path)
        if str(path) not in config.args:  # a worker of pytest-xdist has them from its controller
            config.args.append(str(path))


def _profiles(config: pytest.Config, options: RunOptions) -> frozenset[str]:
    """Return the profiles that are asked: the given ones, or those of pytest-xdist's controller, which knows the adapter."""
    worker_input = getattr(config, "workerinput", None)
    if worker_input:
        return frozenset(worker_input["oauth_profiles"])
    # `oauth-gauntlet run` has checked the names, also those that only the user's own scenarios declare.
    in_run = config.getoption("oauth_scratch") is not None
    return frozenset(options.profile) if in_run else profiles_named(options.profile)


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
