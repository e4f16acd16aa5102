"""``adapter check``: test an adapter before it is used to judge a client. ``adapter new``: copy a starter."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

import click

from oauth_gauntlet.adapters.adapter_starter import copy_starter, starter, starter_languages
from oauth_gauntlet.judging.machine.posix import require_posix

_COLOURS = {"ok": "green", "warn": "yellow", "problem": "red"}


@click.group()
def adapter() -> None:
    """Start a new adapter, or check one."""


@adapter.command()
@click.argument("spec")
def check(spec: str) -> int:
    """Check that an adapter follows the protocol and invents nothing. Exit code 0: no problems. 3: problems."""
    require_posix()
    from oauth_gauntlet.adapter_check import CheckOutcome, check_adapter
    from oauth_gauntlet.adapters.client_spec import parse_spec

    found: Counter[CheckOutcome] = Counter()
    for each in check_adapter(parse_spec(spec)):
        found[each.outcome] += 1
        click.echo(f"{click.style(f'{each.outcome:<8}', fg=_COLOURS[each.outcome])} {each.title}")
        if each.advice:
            click.echo(f"         {each.advice}")
    if found[CheckOutcome.PROBLEM]:
        click.echo(f"{found[CheckOutcome.PROBLEM]} problem(s)")
        return 3
    warned = found[CheckOutcome.WARN]
    click.echo(
        "the adapter follows the protocol" + (f"; {warned} warning(s), caused by the adapter or its client" if warned else "")
    )
    return 0


@adapter.command()
@click.argument("language", required=False)
@click.argument("folder", required=False, type=click.Path(path_type=Path), default="my-adapter")
def new(language: str | None, folder: Path) -> None:
    """Copy the starter of LANGUAGE into FOLDER (default: my-adapter), and print the next steps.

    Without LANGUAGE, list the languages. Existing files in the folder are never overwritten.
    """
    if language is None:
        click.echo("oauth-gauntlet adapter new LANGUAGE [FOLDER]; the languages are")
        for name in starter_languages():
            click.echo(f"  {name}")
        return
    chosen = starter(language)
    copy_starter(chosen, folder)
    click.echo(f"{folder}: {', '.join(chosen.files)}")
    click.echo("It runs as it is, and names what to fill in:")
    spec = shlex.quote(f"cmd:{chosen.start}")
    steps = (f"cd {shlex.quote(str(folder))}", chosen.build, f"oauth-gauntlet adapter check {spec}")
    for step in (*filter(None, steps), f"oauth-gauntlet run --client {spec}"):
        click.echo(f"  {step}")
