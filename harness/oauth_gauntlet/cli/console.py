"""Print to standard output with rich, and report a pipe without a reader as an error."""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Output(Console):
    """A rich console for standard output. rich alone ends the program with exit code 1 if the pipe has no reader."""

    def on_broken_pipe(self) -> None:
        """Raise the error to the caller that prints.

        Raises:
            BrokenPipeError: always.
        """
        self.quiet = True
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
