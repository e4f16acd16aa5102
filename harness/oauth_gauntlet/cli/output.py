"""Standard output, which may be closed, full, or read by somebody who has seen enough (``| head -1``)."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from oauth_gauntlet.errors import HarnessError


class OutputLost(HarnessError):
    """Standard output cannot be written; `reader_gone` where that is because nobody reads it any more."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"standard output cannot be written: {error.strerror or error}")
        self.reader_gone = isinstance(error, BrokenPipeError)


def prepare_streams() -> None:
    """Make the standard streams safe: whatever text goes into them, and though a descriptor of theirs may be closed.

    A file that is opened later would get the number of one that is closed, and be taken for it.
    """
    for descriptor in range(3):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDONLY)
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


@contextlib.contextmanager
def output_lost() -> Iterator[None]:
    """Tell trouble with standard output from all other, and see it before the program ends.

    Raises:
        OutputLost: it cannot be written.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise
        raise OutputLost(error) from error


def say(text: str) -> None:
    """Write a line to standard error, if anybody reads it."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def settle_streams() -> None:
    """See to it that the end of the program has nothing left to write: Python would make exit code 120 of a failure then."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                _give_up(stream)


def _give_up(stream: TextIO) -> None:
    """Let what a stream still holds go nowhere, so that the end of the program is quiet."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, stream.fileno())
        os.close(nowhere)
