"""The command ``oauth-gauntlet``.

Each subcommand has its own module, which is imported when the subcommand is called: ``--help`` is quick, and the mock
server alone does not load the harness. `main` prints every expected error as one sentence and returns its exit code;
a traceback is a bug of this program.

Apart from `judging.run_end`, only this package imports the reports and the scenarios.
"""

from __future__ import annotations

import importlib
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import cast

import click

from oauth_gauntlet import __version__
from oauth_gauntlet.errors import GauntletError, HarnessError
from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.judging.machine.termination import raise_on_termination
from oauth_gauntlet_server.commands.errors import CommandError
from oauth_gauntlet_server.commands.output import OutputLost, flush_output, prepare_streams, print_error, settle_streams

EXIT_USAGE = 2
EXIT_INTERRUPTED = 3

_COMMANDS = {
    "run": "oauth_gauntlet.cli.run:run",
    "serve": "oauth_gauntlet_server.commands.serve:serve",
    "list": "oauth_gauntlet.cli.catalogue:list_scenarios",
    "explain": "oauth_gauntlet.cli.catalogue:explain",
    "faults": "oauth_gauntlet_server.commands.faults:faults",
    "gate": "oauth_gauntlet.cli.gate:gate",
    "report": "oauth_gauntlet.cli.report:report",
    "adapter": "oauth_gauntlet.cli.adapter:adapter",
}

_WITH_SETTINGS = frozenset({"run", "serve", "list", "explain", "faults", "gate", "report"})
"""The commands that take options from the file of a project."""

_LOOKUPS = frozenset({"list", "explain", "faults"})


class _LazyGroup(click.Group):
    """A group that imports a subcommand's module when the subcommand is called."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        target = _COMMANDS.get(cmd_name)
        if target is None:
            return None
        module, _, attribute = target.partition(":")
        return cast("click.Command", getattr(importlib.import_module(module), attribute))

    def invoke(self, ctx: click.Context) -> object:
        """Run the command. click alone ends with exit code 1 after some errors of the operating system.

        Raises:
            OutputLost: standard output cannot be written.
            HarnessError: an operation of the operating system failed that nothing in the command expects to fail.
        """
        try:
            result = super().invoke(ctx)
        except OSError as error:
            raise HarnessError(_failed_operation(error)) from error
        flush_output()
        return result


@click.group(cls=_LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="oauth-gauntlet")
@click.pass_context
def cli(context: click.Context) -> None:
    """Judge an OAuth 2.0 client, gate it in CI, or serve a mock authorization server."""
    if context.invoked_subcommand in _WITH_SETTINGS:
        from oauth_gauntlet.cli.settings import nearest_settings

        context.obj = nearest_settings(Path.cwd())
        context.default_map = context.obj.default_map()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line, and return its exit code (0, 1, 2, 3 or 4; see ``README.md``, "Gate in CI")."""
    try:
        returned = cli.main(args=None if argv is None else list(argv), prog_name="oauth-gauntlet", standalone_mode=False)
    except click.exceptions.Abort:
        print_error("oauth-gauntlet: interrupted")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return EXIT_USAGE
    except OutputLost as error:
        if not (error.reader_gone and _is_lookup(argv)):
            print_error(f"oauth-gauntlet: {error}")
        return error.exit_code
    except (GauntletError, CommandError) as error:
        print_error(f"oauth-gauntlet: {error}")
        return error.exit_code
    return returned if isinstance(returned, int) else 0


def _is_lookup(argv: Sequence[str] | None) -> bool:
    """Return whether the command only prints information, so that a reader may stop early (``| head``)."""
    given = sys.argv[1:] if argv is None else argv
    return bool(given) and (given[0] in _LOOKUPS or not {"-h", "--help"}.isdisjoint(given))


def _failed_operation(error: OSError) -> str:
    """Return what failed, of which file, where in this program, and the next step."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "oauth_gauntlet" in frame.filename]
    place = f", in {Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else ""
    name = "" if error.filename is None else f" ({escaped(str(error.filename))})"
    return (
        f"an operation of the operating system failed: {error.strerror or error}{name}{place}; check the machine "
        "(free memory, disk space, open files, its clock), and run again"
    )


def run_main() -> None:
    """Run the console script: set up streams and signals, call `main`, and exit."""
    prepare_streams()
    raise_on_termination()
    code = main()
    settle_streams()
    sys.exit(code)
