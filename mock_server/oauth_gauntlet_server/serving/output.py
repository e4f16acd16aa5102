"""Write lines to standard output from a thread of its own, so that nobody who prints waits for the reader.

A request costs an entry in a list; the thread makes the text of many entries and writes it at once. A reader that is
too slow loses lines, and is told how many. A reader that is gone ends the printing, never the server.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sys
import threading
import time
from collections.abc import Callable

log = logging.getLogger(__name__)

MOST_LINES = 5_000
"""How many lines wait for the reader; more are dropped."""

MOST_OCTETS = 16 * 1024 * 1024
"""How many octets the values may hold from which waiting lines are made; more are dropped."""

_COLLECT_S = 0.02
"""How long the thread collects lines before it writes them, in seconds."""

_RETRY_S = 0.05
"""How long the thread waits for a descriptor that would block, in seconds."""


class Output:
    """Lines that are written in the order in which they were put; `write` writes octets and may block.

    `write` raises `OSError` if there is no reader any more.
    """

    def __init__(self, write: Callable[[bytes], None], *, encoding: str = "utf-8") -> None:
        self._write = write
        self._encoding = encoding
        self._waiting: list[Callable[[], str]] = []
        self._octets = 0
        self._dropped = 0
        self._lock = threading.Lock()
        self._wanted = threading.Event()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="output", daemon=True)
        self._thread.start()

    def say(self, text: str) -> None:
        """Put a text of one or more lines, without the last line break."""
        self.put(lambda: text)

    def put(self, made: Callable[[], str], *, octets: int = 0) -> None:
        """Put a line that `made` returns later, in another thread; meanwhile it keeps about `octets` octets in memory."""
        with self._lock:
            if len(self._waiting) >= MOST_LINES or self._octets > MOST_OCTETS:
                self._dropped += 1
                return
            self._waiting.append(made)
            self._octets += octets
        if not self._wanted.is_set():
            self._wanted.set()

    def close(self, wait_s: float = 1.0) -> None:
        """Write what is waiting, for at most `wait_s` seconds: the reader may have stopped to read."""
        self._closing.set()
        self._wanted.set()
        self._thread.join(wait_s)

    def _run(self) -> None:
        while True:
            self._wanted.wait()
            self._closing.wait(_COLLECT_S)
            self._wanted.clear()
            # Read before the lines are taken: what was put before the call of `close` is then among them.
            last = self._closing.is_set()
            text = self._taken()
            try:
                if text:
                    self._write(text.encode(self._encoding, "backslashreplace"))
            except (OSError, ValueError):
                self._give_up()
                return
            if last:
                return

    def _taken(self) -> str:
        with self._lock:
            made, self._waiting = self._waiting, []
            dropped, self._dropped = self._dropped, 0
            self._octets = 0
        lines = [_line(each) for each in made]
        if dropped:
            lines.append(f"({dropped} lines were dropped, because they were not read fast enough)\n")
        return "".join(lines)

    def _give_up(self) -> None:
        """Drop everything from here on: the reader is gone."""
        with self._lock:
            self._waiting.clear()
            self._octets = MOST_OCTETS + 1


def _line(made: Callable[[], str]) -> str:
    try:
        return f"{made()}\n"
    except Exception:
        log.exception("a line of the log could not be made")
        return ""


def standard_output() -> Output:
    """Return the output to this process's standard output as it is now; one that is closed gets nothing."""
    stream = sys.stdout
    if stream is None:
        return Output(lambda octets: None)  # noqa: ARG005 - there is no reader
    encoding = stream.encoding or "utf-8"
    with contextlib.suppress(OSError, ValueError):
        stream.flush()
    try:
        descriptor = stream.fileno()
    except (OSError, ValueError, AttributeError):
        # A stream of a test, or of a program that runs this command inside itself.
        def to_stream(octets: bytes) -> None:
            stream.write(octets.decode(encoding))
            stream.flush()

        return Output(to_stream, encoding=encoding)

    # Not through the stream: its lock would let the end of the program wait for a reader that has stopped to read.
    return Output(lambda octets: _write_all(descriptor, octets), encoding=encoding)


def _write_all(descriptor: int, octets: bytes) -> None:
    left = memoryview(octets)
    while left:
        try:
            left = left[os.write(descriptor, left) :]
        except BlockingIOError:
            time.sleep(_RETRY_S)
