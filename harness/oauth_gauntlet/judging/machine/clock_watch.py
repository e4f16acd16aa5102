"""Watch this machine during a run: its clock may jump, or it may stand still. Such verdicts are unreliable.

The clock jumped if the wall clock moved otherwise than the monotonic clock, which cannot be set. The machine stood
still if this process got no time to run: the process or the machine was stopped, or other processes used all of it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BEAT_S = 0.25
"""Seconds between two readings of the clocks."""

JUMP_S = 1.0
"""A wall-clock change of more than this many seconds is a jump; NTP adjusts by less."""

STILL_S = 2.0
"""A pause of more than this many seconds counts. Clients wait longer for an answer, and scenarios allow for more."""

_SHARP_S = 0.05
"""Two clocks are read at the same moment if the readings took less than this many seconds."""

_MOST_KEPT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Disturbance:
    """A jump or a pause between two readings. `at` is the later one, in seconds of the monotonic clock."""

    at: float
    jumped_s: float = 0.0
    paused_s: float = 0.0

    def __str__(self) -> str:
        if self.jumped_s:
            return f"the machine's clock jumped by {self.jumped_s:+.1f} s"
        return f"the machine stood still for {self.paused_s:.1f} s"


class ClockWatch:
    """Reads the clocks in its own thread, from `start` to `stop`.

    `wall` returns the machine's time in seconds since the epoch, also where the clock of this process is moved.
    """

    def __init__(
        self,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        cpu: Callable[[], float] = time.process_time,
    ) -> None:
        self._wall = wall
        self._monotonic = monotonic
        self._cpu = cpu
        self._lock = threading.Lock()
        self._found: deque[Disturbance] = deque(maxlen=_MOST_KEPT)
        self._last = self._read()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-watch", daemon=True)

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop the thread."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def since(self, moment: float) -> tuple[Disturbance, ...]:
        """Return the disturbances between a moment of the monotonic clock and now."""
        self.look()
        with self._lock:
            return tuple(each for each in self._found if each.at > moment)

    def look(self) -> None:
        """Read the clocks and compare them with the previous reading."""
        with self._lock:
            now, wall, cpu = self._read()
            before, wall_before, cpu_before = self._last
            self._last = now, wall, cpu
            jumped = (wall - wall_before) - (now - before)
            paused = now - before - BEAT_S - (cpu - cpu_before)
            if abs(jumped) > JUMP_S:
                self._found.append(Disturbance(at=now, jumped_s=jumped))
            if paused > STILL_S:
                self._found.append(Disturbance(at=now, paused_s=paused))

    def _read(self) -> tuple[float, float, float]:
        """Return monotonic, wall and CPU time of one moment; read again if the process was interrupted meanwhile."""
        while True:
            before, wall, now = self._monotonic(), self._wall(), self._monotonic()
            if now - before < _SHARP_S:
                return now, wall, self._cpu()

    def _run(self) -> None:
        while not self._stopping.wait(BEAT_S):
            self.look()
