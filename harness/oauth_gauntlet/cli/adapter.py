"""``adapter check``: is the adapter right, before the client is judged."""

from __future__ import annotations

import click

from oauth_gauntlet.adapter_check import check_adapter
from oauth_gauntlet.client_spec import parse_spec

_COLOURS = {"ok": "green", "warn": "yellow", "problem": "red"}


@click.group()
def adapter() -> None:
    """Look after an adapter."""


@adapter.command()
@click.argument("spec")
def check(spec: str) -> int:
    """Check that an adapter keeps the protocol: exit code 0 (it does), 3 (it does not)."""
    problems = 0
    for found in check_adapter(parse_spec(spec)):
        problems += found.outcome == "problem"
        click.echo(f"{click.style(f'{found.outcome:<8}', fg=_COLOURS[found.outcome])} {found.title}")
        if found.advice:
            click.echo(f"         {found.advice}")
    click.echo("the adapter keeps the protocol" if not problems else f"{problems} problem(s)")
    return 3 if problems else 0
