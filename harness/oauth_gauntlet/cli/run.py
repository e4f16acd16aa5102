"""``run``: judge a client in a process of its own, keep what is finished whatever happens, and say what it comes to."""

from __future__ import annotations

import importlib.util
from datetime import date
from pathlib import Path

import click

from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.cli.catalogue import unknown_scenario
from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.gate import baseline
from oauth_gauntlet.cli.run_scenarios import run_scenarios
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging.selection import grants_named
from oauth_gauntlet.pytest_plugin import PROFILES
from oauth_gauntlet.results.gate import evaluate, with_known
from oauth_gauntlet.results.report_request import parse_request, unwritten_reports
from oauth_gauntlet.results.summary import print_summary
from oauth_gauntlet_scenarios.requirement_sets import requirement_set as named_set


@click.command()
@click.option("--client", "spec", metavar="SPEC", required=True, help="py:module:factory, or an adapter's command line")
@click.option("--grant", "grants", metavar="G", multiple=True, help="judge this grant only (repeatable)")
@click.option("-k", "keyword", metavar="EXPR", help="judge scenarios whose id matches (pytest's -k)")
@click.option("--set", "requirement_set", metavar="NAME", default="all", show_default=True, help="set of requirements")
@click.option("--level", type=click.Choice(["must", "should"]), help="judge requirements of this level and above")
@click.option("--strict", is_flag=True, help="a warning is a failure")
@click.option("--expect", type=click.Path(path_type=Path), help="baseline of known verdicts")
@click.option("--profile", type=click.Choice(PROFILES), default="ci", show_default=True, help="how much is generated")
@click.option("--seed", type=int, help="seed of everything generated (default: 1)")
@click.option("-n", "workers", metavar="WORKERS", type=click.IntRange(0), default=0, help="judge in parallel")
@click.option("--report", "reports", metavar="KIND=PATH", multiple=True, help="write a report (repeatable)")
@click.option("--results", type=click.Path(path_type=Path), help="keep the results stream (JSON Lines)")
@click.option("-q", "--quiet", is_flag=True, help="say only what it comes to")
@click.option("-v", "--verbose", is_flag=True, help="show every finding, alike ones too, and how to get it right")
def run(
    spec: str,
    grants: tuple[str, ...],
    keyword: str | None,
    requirement_set: str,
    level: str | None,
    strict: bool,
    expect: Path | None,
    profile: str,
    seed: int | None,
    workers: int,
    reports: tuple[str, ...],
    results: Path | None,
    quiet: bool,
    verbose: bool,
) -> int:
    """Judge a client, and say what it gets wrong, with the evidence.

    Exit code 0: it conforms, or has known failures only. 1: unexpected verdicts. 2: usage. 3: adapter or harness
    failed. 4: nothing was tested.
    """
    for request in reports:
        parse_request(request)
    expectations = baseline(expect)
    try:
        grants_named(grants)
        named_set(requirement_set)
    except ValueError as error:
        raise UsageError(str(error)) from error
    if workers and importlib.util.find_spec("xdist") is None:
        raise UsageError("-n needs pytest-xdist: pip install 'oauth-gauntlet[parallel]'")
    parse_spec(spec)
    arguments = ["--oauth-client", spec, "--oauth-profile", profile]
    for grant in grants:
        arguments += ["--oauth-grant", grant]
    for option, value in (("--oauth-set", requirement_set), ("--oauth-level", level), ("--oauth-seed", seed), ("-k", keyword)):
        if value is not None:
            arguments += [option, str(value)]
    if strict:
        arguments.append("--oauth-strict")
    if workers:
        arguments += ["-p", "xdist.plugin", "-n", str(workers)]
    console = Output(highlight=False)
    finished = run_scenarios(arguments, results, console, quiet=quiet)
    nothing = finished.complete and not finished.results
    if nothing and keyword and keyword.replace("-", "").isidentifier() is False and " " not in keyword:
        raise UsageError(unknown_scenario(keyword))
    report = evaluate(finished, expectations, strict=strict, today=date.today())  # noqa: DTZ011 - the user's own day
    unwritten = unwritten_reports(with_known(finished, report), reports)
    if quiet:
        counts = ", ".join(f"{count} {name}" for name, count in finished.summary().items() if count)
        console.print(f"{finished.client.get('name')}: {counts or 'nothing'}", markup=False)
    else:
        print_summary(console, finished, report, verbose=verbose)
    if unwritten:
        raise unwritten[0]
    return report.exit_code
