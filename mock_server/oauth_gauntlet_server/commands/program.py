"""Run a command of the command line: each expected error is one sentence, and its class decides the exit code.

A traceback is a bug of this program.
"""

from __future__ import annotations

import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import click

from oauth_gauntlet_server.commands.errors import CommandError
from oauth_gauntlet_server.commands.output import OutputLost, flush_output, print_error
from oauth_gauntlet_server.http.escaping import escaped

EXIT_USAGE = 2
EXIT_INTERRUPTED = 3


class WithNamedErrors(click.Command):
    """A command that names the cause of an error of the operating system. click alone ends with exit code 1 after some."""

    def invoke(self, ctx: click.Context) -> object:
        """Run the command.

        Raises:
            OutputLost: standard output cannot be written.
            CommandError: an operation of the operating system failed that nothing in the command expects to fail.
        """
        try:
            result = super().invoke(ctx)
        except OSError as error:
            raise CommandError(_failed_operation(error)) from error
        flush_output()
        return result


def exit_code_of(command: WithNamedErrors, arguments: Sequence[str], *, name: str, is_lookup: bool = False) -> int:
    """Run a command, print its error if it has one, and return the exit code (0, 1, 2, 3 or 4).

    `name` is how the user calls it. `is_lookup`: it only prints information, so that a reader may stop early (``| head``).
    """
    try:
        returned = command.main(args=list(arguments), prog_name=name, standalone_mode=False)
    except click.exceptions.Abort:
        print_error("oauth-gauntlet: interrupted")
        return EXIT_INTERRUPTED
    except click.ClickException as error:
        with suppress(OSError):
            error.show()
        return EXIT_USAGE
    except OutputLost as error:
        if not (error.reader_gone and is_lookup):
            print_error(f"oauth-gauntlet: {error}")
        return error.exit_code
    except CommandError as error:
        print_error(f"oauth-gauntlet: {error}")
        return error.exit_code
    return returned if isinstance(returned, int) else 0


def _failed_operation(error: OSError) -> str:
    """Return what failed, of which file, where in this program, and the next step."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if "oauth_gauntlet" in frame.filename]
    place = f", in {Path(frames[-1].filename).stem}.{frames[-1].name}" if frames else ""
    name = "" if error.filename is None else f" ({escaped(str(error.filename))})"
    return (
        f"an operation of the operating system failed: {error.strerror or error}{name}{place}; check the machine "
        "(free memory, disk space, open files, its clock), and run again"
    )
