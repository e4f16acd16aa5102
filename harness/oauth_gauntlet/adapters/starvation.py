"""Tell a program that gets no processor from one that does nothing.

On a busy machine a correct client may not answer in time only because other processes run. Linux counts how long each thread
was ready to run and did not (``/proc/PID/task/TID/schedstat``, the second number, in nanoseconds). Elsewhere nothing is known.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

GRACE_S = 1.0
"""Seconds for which a program is watched before it counts as one that does not answer."""

MOST_GRACE_S = 120.0
"""Seconds for which a program that gets no processor is waited for at most."""

_SHARE = 0.1
"""The share of the time that one thread at least waited for a processor, from which on a program counts as starved."""

_GROUP = 2
"""The place of the process group in ``/proc/PID/stat``, after the name in parentheses."""


class Grace:
    """The time that a program gets beyond its limit. It ends with a second in which the program lacked no processor."""

    def __init__(self, group: int) -> None:
        """Begin now. `group` is the program's process group."""
        self._group = group
        self._began = time.monotonic()
        self._next()

    def is_over(self) -> bool:
        """Return whether the program has had its time: it did not answer, and could have."""
        now = time.monotonic()
        if now < self._watched_from + GRACE_S:
            return False
        # A thread that has ended takes what it had waited with it: the sum of all threads may fall while others are starved.
        starved_s = sum(
            waited_s - self._waited_s.get(thread, 0.0) for thread, waited_s in waited_for_processor_s(self._group).items()
        )
        if starved_s < _SHARE * (now - self._watched_from) or now > self._began + MOST_GRACE_S:
            return True
        self._next()
        return False

    def _next(self) -> None:
        self._watched_from = time.monotonic()
        self._waited_s = waited_for_processor_s(self._group)


def waited_for_processor_s(group: int) -> dict[Path, float]:
    """Return for each thread of a group's processes how long it has been ready to run without a processor, in seconds."""
    found: dict[Path, float] = {}
    for process in _processes(group):
        for thread in process.glob("task/*/schedstat"):
            with suppress(OSError, ValueError, IndexError):
                found[thread] = int(thread.read_text().split()[1]) / 1e9
    return found


def _processes(group: int) -> Iterator[Path]:
    for each in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if int((each / "stat").read_text().rpartition(")")[2].split()[_GROUP]) == group:
                yield each
