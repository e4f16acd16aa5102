"""The command ``oauth-gauntlet``.

Each subcommand has its own module, which is imported when the subcommand is called: ``--help`` is quick, and the mock
server alone does not load the harness. `serve` and `faults` belong to the server. The others need the extra ``judge``
(`judging.needed_packages`); without it they say how to install it.

Apart from `judging.run_end`, only this package imports the reports and the scenarios.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import click

from oauth_gauntlet import __version__
from oauth_gauntlet.judging.machine.termination import raise_on_termination
from oauth_gauntlet.judging.needed_packages import COMMAND, are_missing, what_is_missing
from oauth_gauntlet_server.commands.errors import UsageError
from oauth_gauntlet_server.commands.output import prepare_streams, settle_streams
from oauth_gauntlet_server.commands.program import WithNamedErrors, exit_code_of


@dataclass(frozen=True, kw_only=True, slots=True)
class Subcommand:
    """A subcommand. `place` is ``module:function``; `summary` is the first sentence of its help.

    `judges`: it needs the extra ``judge``. `has_settings`: it takes options from the file of a project. `is_lookup`: it only
    prints information.
    """

    place: str
    summary: str
    judges: bool = True
    has_settings: bool = True
    is_lookup: bool = False

    def load(self) -> click.Command:
        """Return the command; its module is imported."""
        module, _, attribute = self.place.partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))


SUBCOMMANDS = {
    "run": Subcommand(
        place="oauth_gauntlet.cli.run:run",
        summary="Judge a client, and print its findings with the evidence.",
    ),
    "serve": Subcommand(
        place="oauth_gauntlet_server.commands.serve:serve",
        summary="Serve a mock authorization server until Ctrl-C.",
        judges=False,
    ),
    "list": Subcommand(
        place="oauth_gauntlet.cli.catalogue:list_scenarios",
        summary="List every requirement.",
        is_lookup=True,
    ),
    "explain": Subcommand(
        place="oauth_gauntlet.cli.catalogue:explain",
        summary="Explain a requirement: why, how it is checked, how to fix a client.",
        is_lookup=True,
    ),
    "faults": Subcommand(
        place="oauth_gauntlet_server.commands.faults:faults",
        summary="List every fault, and a curl line for each preset.",
        judges=False,
        is_lookup=True,
    ),
    "gate": Subcommand(
        place="oauth_gauntlet.cli.gate:gate",
        summary="Compare a finished run with the baseline.",
    ),
    "report": Subcommand(
        place="oauth_gauntlet.cli.report:report",
        summary="Write reports of a finished run, or compare several.",
    ),
    "adapter": Subcommand(
        place="oauth_gauntlet.cli.adapter:adapter",
        summary="Start a new adapter, check one, or read about them.",
        has_settings=False,
    ),
}


class _LazyGroup(WithNamedErrors, click.Group):
    """A group that imports a subcommand's module when the subcommand is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(SUBCOMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        subcommand = SUBCOMMANDS.get(cmd_name)
        if subcommand is None:
            return None
        problem = what_is_missing(f"oauth-gauntlet {cmd_name}") if subcommand.judges else None
        return subcommand.load() if problem is None else _only_says(cmd_name, subcommand.summary, problem)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the subcommands; those that need what is not installed come last, below the command that installs it."""
        missing = are_missing()
        for judges, title in ((False, "Commands"), (True, f"Commands that need {COMMAND}")):
            rows = [(name, each.summary) for name, each in SUBCOMMANDS.items() if (each.judges and missing) is judges]
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)


def _only_says(name: str, summary: str, problem: str) -> click.Command:
    """Return a command that takes every argument, `--help` too, and raises a UsageError."""

    def refuse() -> None:
        raise UsageError(problem)

    every_argument = {"ignore_unknown_options": True, "allow_extra_args": True}
    return click.Command(name, callback=refuse, short_help=summary, add_help_option=False, context_settings=every_argument)


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="oauth-gauntlet")
@click.pass_context
def cli(context: click.Context) -> None:
    """Judge an OAuth 2.0 client, gate it in CI, or serve a mock authorization server."""
    if context.invoked_subcommand in SUBCOMMANDS and SUBCOMMANDS[context.invoked_subcommand].has_settings:
        from oauth_gauntlet.cli.settings import nearest_settings

        context.obj = nearest_settings(Path.cwd())
        context.default_map = context.obj.default_map()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code (0, 1, 2, 3 or 4; see ``README.md``, "Gate in CI")."""
    arguments = sys.argv[1:] if argv is None else argv
    return exit_code_of(cli, arguments, name="oauth-gauntlet", is_lookup=_is_lookup(arguments))


def _is_lookup(arguments: Sequence[str]) -> bool:
    """Return whether the command only prints information, so that a reader may stop early (``| head``)."""
    named = SUBCOMMANDS.get(arguments[0]) if arguments else None
    return (named is not None and named.is_lookup) or not {"-h", "--help"}.isdisjoint(arguments)


def run_main() -> None:
    """Run the console script: set up streams and signals, call `main`, and exit."""
    prepare_streams()
    raise_on_termination()
    code = main()
    settle_streams()
    sys.exit(code)
