"""Write to standard output and standard error, which may be closed, full, or a pipe without a reader (``| head -1``)."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import TextIO

import click

from oauth_gauntlet.errors import HarnessError


class OutputLost(HarnessError):
    """Standard output cannot be written. `reader_gone`: it is a pipe, and the reader has closed it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"standard output cannot be written: {error.strerror or error}")
        self.reader_gone = isinstance(error, BrokenPipeError)


def prepare_streams() -> None:
    """Make the standard streams accept every text, and open those descriptors that are closed.

    A file that is opened later would get the number of a closed descriptor, and the program would write into it.
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
    """Convert an error of standard output to `OutputLost`, and flush, so that the error occurs before the program ends.

    Raises:
        OutputLost: standard output cannot be written.
    """
    try:
        yield
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        if error.filename is not None:
            raise
        raise OutputLost(error) from error


def print_error(text: str) -> None:
    """Print a line to standard error, if it can be written."""
    with contextlib.suppress(OSError):
        click.echo(text, err=True)


def settle_streams() -> None:
    """Flush the standard streams, or discard their content. Otherwise Python exits with code 120 if the flush fails."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError):
                _discard(stream)


def _discard(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that its buffered text causes no error at the end of the program."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
