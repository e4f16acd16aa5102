"""A clock that can be moved and stopped. Nothing in the mock server reads the time but through one of these."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LATEST_S = 253_402_300_799
"""9999-12-31T23:59:59Z: no date in a header or a log can be later."""


class Clock:
    """Seconds since 1970-01-01T00:00:00Z, shifted at will; time keeps running from wherever it is moved to.

    A frozen clock stands still until `unfreeze` or `reset`; it can be moved all the same.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset_s = 0.0
        self._frozen_at: float | None = None
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time that the tenant lives in, in seconds since the epoch."""
        with self._lock:
            return self._now()

    @property
    def frozen(self) -> bool:
        """Whether the clock stands still."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move forward, or back when `seconds` is negative.

        Raises:
            ValueError: that would be before 1970 or after 9999.
        """
        with self._lock:
            if self._frozen_at is not None:
                self._frozen_at = _within(self._frozen_at + seconds)
            else:
                _within(self._source() + self._offset_s + seconds)
                self._offset_s += seconds

    def set(self, epoch_s: float) -> None:
        """Move to an instant; time runs on from there, or stands still there when the clock is frozen.

        Raises:
            ValueError: the instant is before 1970 or after 9999.
        """
        with self._lock:
            if self._frozen_at is not None:
                self._frozen_at = _within(epoch_s)
            else:
                self._offset_s = _within(epoch_s) - self._source()

    def freeze(self) -> None:
        """Stand still at the present instant."""
        with self._lock:
            self._frozen_at = self._now()

    def unfreeze(self) -> None:
        """Run on from the instant at which the clock stands."""
        with self._lock:
            if self._frozen_at is not None:
                self._offset_s = self._frozen_at - self._source()
                self._frozen_at = None

    def reset(self) -> None:
        """Go back to real time, running."""
        with self._lock:
            self._offset_s = 0.0
            self._frozen_at = None

    def _now(self) -> float:
        return self._source() + self._offset_s if self._frozen_at is None else self._frozen_at


def _within(epoch_s: float) -> float:
    if not 0 <= epoch_s <= LATEST_S:
        raise ValueError(f"a clock lies between 0 and {LATEST_S} seconds since 1970, got {epoch_s}")
    return epoch_s
