"""Write to standard output and standard error, which may be closed, full, or a pipe without a reader (``| head -1``).

Only what writes to standard output knows that an error is one of standard output. So `prepare_streams` puts a stream there
that raises `OutputLost`: every other error keeps its own cause.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
from typing import TYPE_CHECKING, TextIO

import click

from oauth_gauntlet_server.commands.errors import CommandError
from oauth_gauntlet_server.http.escaping import escaped_lines

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer


class OutputLost(CommandError):
    """Standard output cannot be written. `reader_gone`: it is a pipe, and the reader has closed it."""

    def __init__(self, error: OSError) -> None:
        super().__init__(f"standard output cannot be written: {error.strerror or error}")
        self.reader_gone = isinstance(error, BrokenPipeError)


class _StandardOutput(io.FileIO):
    """Descriptor 1 without a buffer, which raises `OutputLost` if it cannot be written."""

    def write(self, octets: ReadableBuffer, /) -> int:
        try:
            return super().write(octets)
        except OSError as error:
            raise OutputLost(error) from error


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
    # The console of Windows is no FileIO: it writes UTF-16. With PYTHONUNBUFFERED the buffer itself is the FileIO.
    if sys.stdout is not None and isinstance(getattr(sys.stdout.buffer, "raw", sys.stdout.buffer), io.FileIO):
        sys.stdout = _that_raises_output_lost(sys.stdout)


def _that_raises_output_lost(stream: TextIO) -> TextIO:
    """Return a stream that writes to the same descriptor, with the same encoding."""
    raw = _StandardOutput(stream.fileno(), "wb", closefd=False)
    return io.TextIOWrapper(
        raw if isinstance(stream.buffer, io.FileIO) else io.BufferedWriter(raw),
        encoding=stream.encoding,
        errors=stream.errors,
        line_buffering=stream.isatty(),
        write_through=getattr(stream, "write_through", False),
    )


def flush_output() -> None:
    """Flush standard output, so that an error occurs before the program ends.

    Raises:
        OutputLost: standard output cannot be written.
    """
    try:
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error) from error


def print_error(text: str) -> None:
    """Print a text to standard error, if it can be written. What it quotes from a file cannot control the terminal."""
    with contextlib.suppress(OSError):
        click.echo(escaped_lines(text), err=True)


def settle_streams() -> None:
    """Flush the standard streams, or discard their content. Otherwise Python exits with code 120 if the flush fails."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            try:
                stream.flush()
            except (OSError, ValueError, OutputLost):
                _discard(stream)


def _discard(stream: TextIO) -> None:
    """Redirect a stream to the null device, so that its buffered text causes no error at the end of the program."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, stream.fileno())
        os.close(null)
