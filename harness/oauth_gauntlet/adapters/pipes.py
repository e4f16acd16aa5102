"""Read a child's streams in threads, so that neither a silent child nor a flood of output blocks the harness.

POSIX only: `poll` on pipes. `select` cannot wait for descriptors from 1024 on, and a process with many connections has them.
"""

from __future__ import annotations

import os
import queue
import select
import threading
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from typing import IO

_CHUNK = 64 * 1024

_PIPE_OCTETS = 4096
"""When poll reports a pipe as writable, it accepts at least this many octets (PIPE_BUF)."""

_MOST_READS = 32
"""Reads without a pause; together they are more than a pipe can buffer."""


class _Reader:
    """A thread that reads a pipe until its end, or until `stop`."""

    def __init__(self, stream: IO[bytes], name: str) -> None:
        self._stream = stream
        self._reading = threading.Lock()
        self._wake_read, self._wake_write = os.pipe()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the pipe, even if another process keeps the writing end open."""
        os.write(self._wake_write, b"x")
        self._thread.join()
        self._stream.close()
        os.close(self._wake_read)
        os.close(self._wake_write)

    def _run(self) -> None:
        descriptor = self._stream.fileno()
        while True:
            if descriptor not in readable(descriptor, self._wake_read):
                break
            if not self._read_available():
                break
        self.ended()

    def _read_available(self) -> bool:
        """Read what the pipe contains now, without waiting; return False at its end."""
        descriptor = self._stream.fileno()
        with self._reading:
            for _ in range(_MOST_READS):  # a child may write faster than this reads
                if not readable(descriptor, timeout_s=0):
                    break
                data = os.read(descriptor, _CHUNK)
                if not data:
                    return False
                self.take(data)
        return True

    def take(self, data: bytes) -> None:
        raise NotImplementedError

    def ended(self) -> None:
        raise NotImplementedError


class LineTooLong(Exception):
    """A line exceeded the limit without a line end."""


class LineReader(_Reader):
    """Returns the lines of a stream, in order, without their line ends; None after the last."""

    def __init__(self, stream: IO[bytes], *, most_octets: int) -> None:
        self._most = most_octets
        self._rest = bytearray()
        self._lines: queue.Queue[bytes | LineTooLong | None] = queue.Queue()
        self._kept: LineTooLong | None = None
        self._has_ended = False
        self.unfinished = b""
        super().__init__(stream, "adapter-stdout")

    def next(self, timeout_s: float) -> bytes | None:
        """Return the next line, or None at the end of the stream.

        Raises:
            queue.Empty: no line arrived in time.
            LineTooLong: a line exceeded the limit.
        """
        if self._kept is not None:
            kept, self._kept = self._kept, None
            raise kept
        if self._has_ended:
            return None
        line = self._lines.get(timeout=timeout_s)
        if isinstance(line, LineTooLong):
            raise line
        return line

    def waiting(self) -> bytes | None:
        """Return a line that has already arrived, without waiting; None if there is none."""
        try:
            line = self._lines.get_nowait()
        except queue.Empty:
            return None
        # `next` reports the end of the stream and a line that is too long.
        if isinstance(line, LineTooLong):
            self._kept = line
        elif line is None:
            self._has_ended = True
        return line if isinstance(line, bytes) else None

    def take(self, data: bytes) -> None:
        """Split the data into lines."""
        *whole, rest = data.split(b"\n")
        for part in whole:
            self._rest += part
            line = bytes(self._rest).removesuffix(b"\r")
            self._lines.put(line if len(line) <= self._most else LineTooLong())
            self._rest.clear()
        self._rest += rest
        if len(self._rest) > self._most:
            self._lines.put(LineTooLong())
            self._rest.clear()

    def ended(self) -> None:
        """Record the end of the stream."""
        self.unfinished = bytes(self._rest)
        self._lines.put(None)


class TailReader(_Reader):
    """Keeps the last octets of a stream, so that a flood does not fill the memory."""

    def __init__(self, stream: IO[bytes], *, most_octets: int) -> None:
        self._most = most_octets
        self._chunks: deque[bytes] = deque()
        self._size = 0
        self._since_mark = 0
        self._lock = threading.Lock()
        super().__init__(stream, "adapter-stderr")

    def text(self) -> str:
        """Return the kept octets as text; octets that are not UTF-8 become escapes.

        The text contains all that the child wrote before this call, also if the thread has not read it yet.
        """
        return self._kept().decode("utf-8", "backslashreplace")

    def tail(self, lines: int) -> str:
        """Return the last lines."""
        return "\n".join(self.text().splitlines()[-lines:])

    def mark(self) -> None:
        """Let `since_mark` begin here: what the child has written so far is not part of it."""
        if not self._stream.closed:
            self._read_available()
        with self._lock:
            self._since_mark = 0

    def since_mark(self, lines: int) -> str:
        """Return the last lines of what the child has written since `mark`."""
        kept = self._kept()
        with self._lock:
            begin = max(0, len(kept) - self._since_mark)
        return "\n".join(kept[begin:].decode("utf-8", "backslashreplace").splitlines()[-lines:])

    def _kept(self) -> bytes:
        if not self._stream.closed:
            self._read_available()
        with self._lock:
            return b"".join(self._chunks)

    def take(self, data: bytes) -> None:
        """Keep the data, and drop the oldest beyond the limit."""
        with self._lock:
            self._since_mark += len(data)
            self._chunks.append(data)
            self._size += len(data)
            while self._size - len(self._chunks[0]) >= self._most:
                self._size -= len(self._chunks.popleft())

    def ended(self) -> None:
        """Do nothing."""


def write_all(descriptor: int, data: bytes, *, limit_s: float) -> bool:
    """Write octets to a non-blocking pipe; return False if they could not all be written within `limit_s` seconds.

    Raises:
        OSError: the reader has closed the pipe.
    """
    deadline = time.monotonic() + limit_s
    left = memoryview(data)
    while left:
        if not _polled(select.POLLOUT, (descriptor,), max(0.0, deadline - time.monotonic())):
            return False
        with suppress(BlockingIOError):
            left = left[os.write(descriptor, left[:_PIPE_OCTETS]) :]
    return True


def readable(*descriptors: int, timeout_s: float | None = None) -> tuple[int, ...]:
    """Return which of these pipes have octets or have ended; wait for one at most `timeout_s` seconds, or without an end."""
    return _polled(select.POLLIN, descriptors, timeout_s)


def _polled(event: int, descriptors: Iterable[int], timeout_s: float | None) -> tuple[int, ...]:
    """Return which of these pipes are ready for an event, or have no other end any more."""
    poll = select.poll()
    for each in descriptors:
        poll.register(each, event)
    return tuple(descriptor for descriptor, _ in poll.poll(None if timeout_s is None else timeout_s * 1000))
