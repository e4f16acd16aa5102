"""``list`` and ``explain``: print the requirements, and what the scenario of each does."""

from __future__ import annotations

import difflib
import json
import shlex
import textwrap
from collections.abc import Collection, Sequence

import click
from rich.table import Table

from oauth_gauntlet.cli.console import Output
from oauth_gauntlet.cli.requirements_page import grants_text, requirements_page
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.judging.own_scenarios import all_scenarios, own_scenarios
from oauth_gauntlet.judging.profiles import known_profiles
from oauth_gauntlet.judging.requirement_sets import named_requirement_set
from oauth_gauntlet.requirement import Scenario
from oauth_gauntlet_reports.advice.peers import peers_sentence
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy
from oauth_gauntlet_reports.evidence.quotations import basis_lines
from oauth_gauntlet_reports.evidence.words import LEVEL_WORDS
from oauth_gauntlet_reports.formats.terminal_text import print_table, wraps
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.requirement_sets import EVERYTHING, requirement_sets

SCENARIOS_HELP = "the scenarios of this file or folder too (repeatable)"


@click.command("list")
@click.option("--format", "output_format", type=click.Choice(["table", "json", "markdown"]), default="table", show_default=True)
@click.option("--set", "name", metavar="NAME", default=EVERYTHING, show_default=True, help="list this set of requirements")
@click.option("--scenarios", "paths", metavar="PATH", multiple=True, help=SCENARIOS_HELP)
def list_scenarios(output_format: str, name: str, paths: tuple[str, ...]) -> None:
    """List every requirement: id, level, source, grants, statement."""
    wanted = named_requirement_set(name)
    known = tuple(
        each
        for each in all_scenarios(scenarios(), own_scenarios(paths))
        if wanted.ids is None or each.requirement.id in wanted.ids
    )
    if output_format == "markdown":
        click.echo(requirements_page(known), nl=False)
        return
    if output_format == "json":
        click.echo(json.dumps([wanted.judged(scenario.requirement).to_json() for scenario in known], indent=2))
        return
    console = Output()
    between = "\n" if wraps(console) else " "
    table = Table(show_edge=False, pad_edge=False)
    for title in ("id", "level", "source", "grants", "statement"):
        table.add_column(title, no_wrap=title in {"id", "level"}, overflow="fold")
    for scenario in known:
        requirement = wanted.judged(scenario.requirement)
        grants = grants_text(requirement, separator=" ")
        level = between.join(filter(None, (requirement.level, requirement.profile)))
        table.add_row(requirement.id, level, requirement.source, grants, requirement.statement)
    print_table(console, table)
    console.print(f"{len(known)} requirements, {sum(len(scenario.names()) for scenario in known)} scenarios")


@click.command()
@click.argument("requirement_id", metavar="ID")
@click.option("--scenarios", "paths", metavar="PATH", multiple=True, help=SCENARIOS_HELP)
def explain(requirement_id: str, paths: tuple[str, ...]) -> None:
    """Explain a requirement: statement, basis, what its scenario does and checks, how to fix a client, how to run it."""
    scenario = find_scenario(requirement_id, paths)
    requirement = scenario.requirement
    click.echo(f"{requirement.id}\n")
    click.echo(f"  {requirement.statement}\n")
    for line in basis_lines(requirement.basis) or (requirement.source,):
        click.echo(_wrapped(line, "basis    ", "         "))
    click.echo(f"level    {requirement.level} ({LEVEL_WORDS[requirement.level]}); otherwise: {requirement.level.breach}")
    if requirement.covered_by:
        click.echo(f"covered  by {', '.join(requirement.covered_by)}: if the client fails one of these, it fails here too")
    click.echo(f"grants   {', '.join(grant.short for grant in requirement.grants)}")
    if requirement.needed:
        click.echo(f"needs    {', '.join(requirement.needed)} declared by the adapter")
    if requirement.profile is not None and requirement.profile not in known_profiles():
        click.echo(f"profile  {requirement.profile}: asked where its file is named")
    elif requirement.profile is not None:
        click.echo(f"profile  {requirement.profile}: asked with --profile {requirement.profile}, or if the adapter declares it")
    else:
        sets = [each for each in requirement_sets().values() if each.everything or requirement.id in (each.ids or ())]
        click.echo(f"sets     {', '.join(each.name for each in sets)}")
        for each in sets:
            if requirement.id in each.raised:
                judged = each.judged(requirement)
                click.echo(f"raised   to {judged.level} in {each.name}: {judged.basis[0].place}")
    if scenario.variants:
        click.echo(f"variants {', '.join(variant.name for variant in scenario.variants)}")
    for kind, grants in scenario.renewals.items():
        of = ", ".join(grant.short for grant in grants)
        click.echo(f"renewal  {kind}: {kind.occasion} ({of})")
    click.echo(f"\n{scenario.description}\n")
    _explain_remedy(requirement.id)
    click.echo(f"code     {scenario.function.__module__}:{scenario.function.__name__}")
    more = "".join(f" --scenarios {shlex.quote(path)}" for path in paths)
    if requirement.profile in known_profiles():
        more += f" --profile {requirement.profile}"
    click.echo(f"run it   oauth-gauntlet run --client SPEC -k '{scenario.names()[0]}'{more}")


def _explain_remedy(requirement_id: str) -> None:
    found, peers = remedy(requirement_id), peers_sentence(requirement_id)
    if found is None and peers is None:
        return
    click.echo(f"{HEADING}:\n")
    if found is not None:
        click.echo(_wrapped(found.text, "  ", "  "))
        for each in found.examples:
            click.echo(_wrapped(f"{each.how} ({each.seen})", "  - ", "    "))
    if peers is not None:
        click.echo(_wrapped(peers, "  ", "  "))
    click.echo()


def _wrapped(text: str, first: str, further: str) -> str:
    return textwrap.fill(
        text, 100, initial_indent=first, subsequent_indent=further, break_long_words=False, break_on_hyphens=False
    )


def find_scenario(name: str, paths: Sequence[str] = ()) -> Scenario:
    """Return the scenario of a requirement id or of a scenario id.

    Raises:
        UsageError: no scenario has this name; the text contains the nearest names.
    """
    known = {scenario.requirement.id: scenario for scenario in all_scenarios(scenarios(), own_scenarios(paths))}
    bare = name.partition("[")[0]
    while bare:
        if bare in known:
            return known[bare]
        bare = bare.rpartition(".")[0]
    raise UsageError(unknown_scenario(name, known))


def why_nothing_matches(keyword: str, profiles: Collection[str], paths: Sequence[str] = ()) -> str:
    """Return the error message for a keyword that selects nothing: its profile was not asked, or no scenario has the name."""
    try:
        profile = find_scenario(keyword, paths).requirement.profile
    except UsageError as error:
        return str(error)
    if profile in known_profiles() and profile not in profiles:
        return f"{keyword!r} belongs to a profile that was not asked; add --profile {profile}"
    return f"{keyword!r} is not in the selected part of the catalogue"


def unknown_scenario(name: str, ids: Collection[str]) -> str:
    """Return the error message for a name that no scenario has, with the nearest names."""
    near = difflib.get_close_matches(name.partition("[")[0], ids, n=3, cutoff=0.3)
    hint = f"; the nearest are {', '.join(near)}" if near else ""
    return f"there is no scenario {name!r}{hint}; `oauth-gauntlet list` prints all"
