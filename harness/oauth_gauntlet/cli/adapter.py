"""``adapter check``: test an adapter. ``adapter new``: copy a starter. ``adapter docs``: print a page about adapters."""

from __future__ import annotations

import shlex
from collections import Counter
from pathlib import Path

import click

from oauth_gauntlet.adapters.adapter_pages import adapter_page, page_names
from oauth_gauntlet.adapters.adapter_starter import copy_starter, starter, starter_languages
from oauth_gauntlet.judging.machine.posix import require_posix
from oauth_gauntlet.model import number

_COLOURS = {"ok": "green", "warn": "yellow", "problem": "red"}


@click.group()
def adapter() -> None:
    """Start a new adapter, check one, or read about them."""


@adapter.command()
@click.argument("spec")
def check(spec: str) -> int:
    """Check that an adapter follows the protocol and invents nothing. Exit code 0: no problems. 3: problems."""
    require_posix()
    from oauth_gauntlet.adapter_check import CheckOutcome, check_adapter
    from oauth_gauntlet.adapters.client_spec import parse_spec
    from oauth_gauntlet_reports.formats.terminal_text import shown

    found: Counter[CheckOutcome] = Counter()
    for each in check_adapter(parse_spec(spec)):
        found[each.outcome] += 1
        click.echo(f"{click.style(f'{each.outcome:<8}', fg=_COLOURS[each.outcome])} {shown(each.title)}")
        for line in each.advice.splitlines():
            click.echo(f"         {shown(line)}")
    if found[CheckOutcome.PROBLEM]:
        click.echo(number(found[CheckOutcome.PROBLEM], "problem"))
        return 3
    warned = found[CheckOutcome.WARN]
    click.echo(
        "the adapter follows the protocol"
        + (f"; {number(warned, 'warning')}, caused by the adapter or its client" if warned else "")
    )
    return 0


@adapter.command()
@click.argument("language", required=False)
@click.argument("folder", required=False, type=click.Path(path_type=Path), default="my-adapter")
@click.option("--in-process", is_flag=True, help="Copy the starter of a client that is a Python object (py:), not a program.")
def new(language: str | None, folder: Path, *, in_process: bool) -> None:
    """Copy the starter of LANGUAGE into FOLDER (default: my-adapter), and print the next steps.

    Without LANGUAGE, list the languages. Existing files in the folder are never overwritten.
    """
    if language is None:
        click.echo("oauth-gauntlet adapter new LANGUAGE [FOLDER]; the languages are")
        for name in starter_languages():
            click.echo(f"  {name}")
        return
    chosen = starter(language, in_process=in_process)
    copy_starter(chosen, folder)
    click.echo(f"{folder}: {', '.join(chosen.files)}")
    click.echo("It runs as it is, and names what to fill in:")
    spec = shlex.quote(chosen.spec)
    steps = (f"cd {shlex.quote(str(folder))}", chosen.build, f"oauth-gauntlet adapter check {spec}")
    for step in (*filter(None, steps), f"oauth-gauntlet run --client {spec}"):
        click.echo(f"  {step}")
    click.echo(
        "`oauth-gauntlet adapter docs` prints the page about adapters, and `adapter docs protocol` the names to declare."
    )


@adapter.command()
@click.argument("name", metavar="[PAGE]", default=page_names()[0])
def docs(name: str) -> None:
    """Print a page of the documentation, as Markdown: adapters (default), protocol or clocks.

    Its address and its file are printed to standard error.
    """
    found = adapter_page(name)
    click.echo(found.text, nl=False)
    others = ", ".join(other for other in page_names() if other != name)
    click.echo(f"{found.address}\n{found.file}\nmore pages: oauth-gauntlet adapter docs PAGE, with PAGE {others}", err=True)
