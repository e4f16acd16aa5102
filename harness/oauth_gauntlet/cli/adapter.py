"""``adapter check``: is the adapter right, before the client is judged."""

from __future__ import annotations

from collections import Counter

import click

from oauth_gauntlet.adapter_check import Outcome, check_adapter
from oauth_gauntlet.client_spec import parse_spec

_COLOURS = {Outcome.OK: "green", Outcome.WARN: "yellow", Outcome.PROBLEM: "red"}


@click.group()
def adapter() -> None:
    """Look after an adapter."""


@adapter.command()
@click.argument("spec")
def check(spec: str) -> int:
    """Check that an adapter keeps the protocol and invents nothing: exit code 0 (it does, warnings or not), 3 (it does not)."""
    found: Counter[Outcome] = Counter()
    for each in check_adapter(parse_spec(spec)):
        found[each.outcome] += 1
        click.echo(f"{click.style(f'{each.outcome:<8}', fg=_COLOURS[each.outcome])} {each.title}")
        if each.advice:
            click.echo(f"         {each.advice}")
    if found[Outcome.PROBLEM]:
        click.echo(f"{found[Outcome.PROBLEM]} problem(s)")
        return 3
    warned = found[Outcome.WARN]
    click.echo("the adapter keeps the protocol" + (f"; {warned} warning(s): the adapter's or its client's" if warned else ""))
    return 0
