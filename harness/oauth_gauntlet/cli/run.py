"""``run``: judge a client in a separate process, keep finished results whatever happens, print the summary."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Callable, Iterable
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.gate import baseline, baseline_file
from oauth_gauntlet.cli.options_of_run import options_of_run
from oauth_gauntlet.cli.settings import NO_SETTINGS, Settings, given_by_file
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.distinct_files import check_distinct
from oauth_gauntlet.judging.machine.posix import require_posix
from oauth_gauntlet.judging.own_scenarios import all_scenarios, own_profiles, own_scenarios
from oauth_gauntlet.judging.profiles import profiles_named
from oauth_gauntlet.judging.requirement_sets import named_requirement_set
from oauth_gauntlet.judging.run_end import parse_run_requests, print_shortly, print_summary, write_run_reports
from oauth_gauntlet.judging.run_options import RunOptions
from oauth_gauntlet.judging.selection import grants_named
from oauth_gauntlet.results.failure_limit import FailureLimit
from oauth_gauntlet.results.gate import evaluate, with_known
from oauth_gauntlet.results.report_request import files_written

if TYPE_CHECKING:
    from oauth_gauntlet.requirement import Scenario

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _all_options(command: _Command) -> _Command:
    for each in reversed(options_of_run()):
        flag, repeatable = each.default is False, each.default == ()
        declaration = each.declaration
        number = declaration.type if each.least is None else click.IntRange(each.least)
        # An explicit default of None would make click treat a required option as given.
        fallback: dict[str, Any] = {} if declaration.required or repeatable else {"default": each.default}
        option = click.option(
            *each.spellings,
            each.parameter,
            help=declaration.help,
            metavar=declaration.metavar,
            required=declaration.required,
            is_flag=flag,
            multiple=repeatable,
            type=None if flag else click.Choice(declaration.choices) if declaration.choices else number,
            show_default=isinstance(each.default, str),
            **fallback,
        )
        command = option(command)
    return command


@click.command()
@_all_options
def run(
    keyword: str | None, workers: int, first: bool, max_failures: int | None, quiet: bool, verbose: bool, **shared: Any
) -> int:
    """Judge a client, and print its findings with the evidence.

    Exit code 0: no failure, or known ones only. 1: unexpected verdicts. 2: usage. 3: adapter or harness
    failed. 4: nothing was tested.
    """
    require_posix()
    from oauth_gauntlet.adapters.client_spec import parse_spec
    from oauth_gauntlet.cli.run_scenarios import run_scenarios

    settings, options = _in_the_folder_of_the_client(RunOptions(**shared))
    _check_values(options, settings)
    reports = parse_run_requests(options.report)
    baseline_path = None if options.expect is None else Path(options.expect)
    check_distinct(written=files_written(options.report, options.results), read=[baseline_file(baseline_path)])
    expectations = baseline(baseline_path)
    if workers and importlib.util.find_spec("xdist") is None:
        raise UsageError("-n needs pytest-xdist: pip install 'oauth-gauntlet[parallel]'")
    parse_spec(options.client, in_process=options.in_process)
    arguments = options.pytest_arguments()
    if keyword is not None:
        arguments += ["-k", keyword]
    if workers:
        arguments += ["-p", "xdist.plugin", "-n", str(workers)]
    console = Output()
    if settings.path is not None and not quiet:
        console.print(f"options from {settings.path}", markup=False, soft_wrap=True)
    results = None if options.results is None else Path(options.results)
    today = date.today()  # noqa: DTZ011 - the user's day
    limit = None
    if first or max_failures is not None:
        most, option = (1, "-x") if first else (max_failures or 1, f"--max-failures {max_failures}")
        limit = FailureLimit(most, option, expectations, strict=options.strict, today=today)
    finished = run_scenarios(arguments, results, console, quiet=quiet, limit=limit)
    nothing = finished.complete and not finished.results
    if nothing and keyword and keyword.replace("-", "").isidentifier() is False and " " not in keyword:
        from oauth_gauntlet.cli.catalogue import why_nothing_matches

        raise UsageError(why_nothing_matches(keyword, finished.options.get("profiles", ()), options.scenarios))
    report = evaluate(finished, expectations, strict=options.strict, today=today)
    unwritten = write_run_reports(with_known(finished, report), reports)
    if quiet:
        print_shortly(console, finished, report)
    else:
        print_summary(console, finished, report, verbose=verbose, written=reports)
    if unwritten:
        raise unwritten[0]
    return report.exit_code


def _check_values(options: RunOptions, settings: Settings) -> None:
    """Check what each option names.

    Raises:
        UsageError: there is no such thing. The text begins with file and line if the file of the project has the value.
    """
    own = cache(partial(_own_scenarios, options.scenarios))
    checks: tuple[tuple[str, Callable[[], object]], ...] = (
        ("report", lambda: parse_run_requests(options.report)),
        ("grant", lambda: grants_named(options.grant)),
        ("time_limit", options.checked_time_limit_s),
        ("set", lambda: named_requirement_set(options.set)),
        ("scenarios", own),
        ("profile", lambda: profiles_named(options.profile, own_profiles(own()))),
    )
    for name, check in checks:
        try:
            check()
        except (UsageError, ValueError) as error:
            raise UsageError(f"{settings.place_of(name)}{error}") from error


def _own_scenarios(named: Iterable[str]) -> tuple[Scenario, ...]:
    """Return the scenarios beside the catalogue, checked. Without any, the catalogue is not imported in this process."""
    own = own_scenarios(named)
    if own:
        from oauth_gauntlet_scenarios.catalogue import scenarios

        all_scenarios(scenarios(), own)
    return own


def _in_the_folder_of_the_client(options: RunOptions) -> tuple[Settings, RunOptions]:
    """Return the settings, and the options. A client that a file names is started in the folder of the file."""
    context = click.get_current_context()
    settings = context.find_object(Settings) or NO_SETTINGS
    if not given_by_file("client") or settings.path is None or settings.path.parent == Path.cwd():
        return settings, options
    options = options.from_folder(Path.cwd())
    os.chdir(settings.path.parent)
    return settings, options
