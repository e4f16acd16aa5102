"""A clock that can be moved. Nothing in the mock server reads the time but through one of these."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable


class Clock:
    """Seconds since 1970-01-01T00:00:00Z, shifted at will; time keeps running from wherever it is moved to."""

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset_s = 0.0
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time that the tenant lives in, in seconds since the epoch."""
        with self._lock:
            return self._source() + self._offset_s

    def advance(self, seconds: float) -> None:
        """Move forward, or back when `seconds` is negative."""
        with self._lock:
            self._offset_s += seconds

    def set(self, epoch_s: float) -> None:
        """Move to an instant; time runs on from there."""
        with self._lock:
            self._offset_s = epoch_s - self._source()

    def reset(self) -> None:
        """Go back to real time."""
        with self._lock:
            self._offset_s = 0.0
