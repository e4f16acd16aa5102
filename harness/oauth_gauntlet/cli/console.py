"""The console of the commands: rich's, but for what it does when nobody reads any more."""

from __future__ import annotations

import errno
import os

from rich.console import Console


class Output(Console):
    """Standard output by way of rich, which by itself would end the program with exit code 1."""

    def on_broken_pipe(self) -> None:
        """Let whoever prints know.

        Raises:
            BrokenPipeError: always.
        """
        self.quiet = True
        raise BrokenPipeError(errno.EPIPE, os.strerror(errno.EPIPE))
