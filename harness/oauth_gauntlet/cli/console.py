"""Print to standard output with rich, and report a pipe without a reader as an error."""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Output(Console):
    """A rich console for standard output, without markup: brackets and colons in a text are only that.

    rich alone ends the program with exit code 1 if the pipe has no reader.
    """

    def __init__(self) -> None:
        super().__init__(highlight=False, markup=False, emoji=False)

    def on_broken_pipe(self) -> None:
        """Raise the error to the caller that prints.

        Raises:
            BrokenPipeError: always.
        """
        self.quiet = True
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
