"""``run``: judge a client in a separate process, keep finished results whatever happens, print the summary."""

from __future__ import annotations

import importlib.util
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

import click

from oauth_gauntlet.cli.catalogue import why_nothing_matches
from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.gate import baseline
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging.machine.posix import require_posix
from oauth_gauntlet.judging.profiles import profiles_named
from oauth_gauntlet.judging.requirement_sets import named_requirement_set
from oauth_gauntlet.judging.run_end import parse_run_requests, print_summary, write_run_reports
from oauth_gauntlet.judging.run_options import RunOptions, declarations
from oauth_gauntlet.judging.selection import grants_named
from oauth_gauntlet.results.gate import evaluate, with_known
from oauth_gauntlet_reports.formats.terminal import render_headline

_Command = TypeVar("_Command", bound=Callable[..., Any])


def _run_options(command: _Command) -> _Command:
    """Add the options that `run` shares with the pytest plugin."""
    for name, declaration, default in reversed(list(declarations())):
        flag, repeatable = default is False, default == ()
        # An explicit default of None would make click treat a required option as given.
        fallback: dict[str, Any] = {} if declaration.required or repeatable else {"default": default}
        option = click.option(
            f"--{name}",
            name,
            help=declaration.help,
            metavar=declaration.metavar,
            required=declaration.required,
            is_flag=flag,
            multiple=repeatable,
            type=None if flag else click.Choice(declaration.choices) if declaration.choices else declaration.type,
            show_default=isinstance(default, str),
            **fallback,
        )
        command = option(command)
    return command


@click.command()
@_run_options
@click.option("-k", "keyword", metavar="EXPR", help="judge scenarios whose id matches (pytest's -k)")
@click.option("-n", "workers", metavar="WORKERS", type=click.IntRange(0), default=0, help="judge in this many processes")
@click.option("-q", "--quiet", is_flag=True, help="print only what the client meets")
@click.option("-v", "--verbose", is_flag=True, help="show every finding, also equal ones, and how to fix it")
def run(keyword: str | None, workers: int, quiet: bool, verbose: bool, **shared: Any) -> int:
    """Judge a client, and print its findings with the evidence.

    Exit code 0: no failure, or known ones only. 1: unexpected verdicts. 2: usage. 3: adapter or harness
    failed. 4: nothing was tested.
    """
    require_posix()
    from oauth_gauntlet.adapters.client_spec import parse_spec
    from oauth_gauntlet.cli.run_scenarios import run_scenarios

    options = RunOptions(**shared)
    reports = parse_run_requests(options.report)
    expectations = baseline(None if options.expect is None else Path(options.expect))
    try:
        grants_named(options.grant)
    except ValueError as error:
        raise UsageError(str(error)) from error
    named_requirement_set(options.set)
    profiles_named(options.profile)
    if workers and importlib.util.find_spec("xdist") is None:
        raise UsageError("-n needs pytest-xdist: pip install 'oauth-gauntlet[parallel]'")
    parse_spec(options.client)
    arguments = options.pytest_arguments()
    if keyword is not None:
        arguments += ["-k", keyword]
    if workers:
        arguments += ["-p", "xdist.plugin", "-n", str(workers)]
    console = Output(highlight=False)
    results = None if options.results is None else Path(options.results)
    finished = run_scenarios(arguments, results, console, quiet=quiet)
    nothing = finished.complete and not finished.results
    if nothing and keyword and keyword.replace("-", "").isidentifier() is False and " " not in keyword:
        raise UsageError(why_nothing_matches(keyword, finished.options.get("profiles", ())))
    report = evaluate(finished, expectations, strict=options.strict, today=date.today())  # noqa: DTZ011 - the user's day
    unwritten = write_run_reports(with_known(finished, report), reports)
    if quiet:
        render_headline(with_known(finished, report), console)
    else:
        print_summary(console, finished, report, verbose=verbose)
    if unwritten:
        raise unwritten[0]
    return report.exit_code
