"""A clock that can be moved and frozen. The mock server reads the time of a tenant only through one of these."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LATEST_S = 253_402_300_799
"""9999-12-31T23:59:59Z: a date in a header field or a log cannot be later."""


class Clock:
    """Seconds since 1970-01-01T00:00:00Z, with an offset. After a move, time runs on from the new instant.

    A frozen clock does not run until `unfreeze` or `reset`; it can still be moved.
    """

    def __init__(self, source: Callable[[], float] = time.time) -> None:
        self._source = source
        self._offset_s = 0.0
        self._frozen_at: float | None = None
        self._lock = threading.Lock()

    def now(self) -> float:
        """Return the time of this clock, in seconds since the epoch."""
        with self._lock:
            return self._now()

    @property
    def frozen(self) -> bool:
        """Whether the clock is frozen."""
        return self._frozen_at is not None

    def advance(self, seconds: float) -> None:
        """Move forward, or back if `seconds` is negative.

        Raises:
            ValueError: the result is before 1970 or after 9999.
        """
        with self._lock:
            if self._frozen_at is not None:
                self._frozen_at = _within(self._frozen_at + seconds)
            else:
                _within(self._source() + self._offset_s + seconds)
                self._offset_s += seconds

    def set(self, epoch_s: float) -> None:
        """Move to an instant. Time runs on from there, unless the clock is frozen.

        Raises:
            ValueError: the instant is before 1970 or after 9999.
        """
        with self._lock:
            if self._frozen_at is not None:
                self._frozen_at = _within(epoch_s)
            else:
                self._offset_s = _within(epoch_s) - self._source()

    def freeze(self) -> None:
        """Stop at the present instant."""
        with self._lock:
            self._frozen_at = self._now()

    def unfreeze(self) -> None:
        """Run on from the instant at which the clock was frozen."""
        with self._lock:
            if self._frozen_at is not None:
                self._offset_s = self._frozen_at - self._source()
                self._frozen_at = None

    def reset(self) -> None:
        """Return to real time, running."""
        with self._lock:
            self._offset_s = 0.0
            self._frozen_at = None

    def _now(self) -> float:
        return self._source() + self._offset_s if self._frozen_at is None else self._frozen_at


def _within(epoch_s: float) -> float:
    if not 0 <= epoch_s <= LATEST_S:
        raise ValueError(f"the time of a clock must be between 0 and {LATEST_S} seconds since 1970, got {epoch_s}")
    return epoch_s
