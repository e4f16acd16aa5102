"""What this machine does to a run: its clock jumps, it stands still. Then nothing that was seen counts against a client.

A jump is a change of the clock of the machine against the monotonic clock, which no one sets. Standing still is that this
process got no time to run: it was stopped, or the machine was, or others took all of it.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

BEAT_S = 0.25
"""How often is looked."""

JUMP_S = 1.0
"""From how many seconds on a change of the clock is a jump; what corrects a clock by the network moves it by less."""

STILL_S = 2.0
"""From how many seconds on a pause counts: clients wait longer for an answer, scenarios leave them more."""

_SHARP_S = 0.05
_MOST_KEPT = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Disturbance:
    """What happened between two looks at the clocks; `at` is the later one, in seconds of the monotonic clock."""

    at: float
    jumped_s: float = 0.0
    stood_s: float = 0.0

    def __str__(self) -> str:
        if self.jumped_s:
            return f"the machine's clock jumped by {self.jumped_s:+.1f} s"
        return f"the machine stood still for {self.stood_s:.1f} s"


class ClockWatch:
    """Looks at the clocks from a thread of its own, from `start` to `stop`.

    `wall` gives the time of the machine in seconds since the epoch, whatever moves the clock of this process.
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
        self._last = self._look()
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._run, name="clock-watch", daemon=True)

    def start(self) -> None:
        """Begin to look."""
        self._thread.start()

    def stop(self) -> None:
        """Look no more."""
        self._stopping.set()
        if self._thread.is_alive():
            self._thread.join()

    def since(self, began: float) -> tuple[Disturbance, ...]:
        """Return what happened after a moment of the monotonic clock, up to now."""
        self.look()
        with self._lock:
            return tuple(each for each in self._found if each.at > began)

    def look(self) -> None:
        """Compare the clocks with the last time."""
        with self._lock:
            now, wall, cpu = self._look()
            before, wall_before, cpu_before = self._last
            self._last = now, wall, cpu
            jumped = (wall - wall_before) - (now - before)
            stood = now - before - BEAT_S - (cpu - cpu_before)
            if abs(jumped) > JUMP_S:
                self._found.append(Disturbance(at=now, jumped_s=jumped))
            if stood > STILL_S:
                self._found.append(Disturbance(at=now, stood_s=stood))

    def _look(self) -> tuple[float, float, float]:
        """Read the clocks at one moment, as far as this process is let."""
        while True:
            before, wall, now = self._monotonic(), self._wall(), self._monotonic()
            if now - before < _SHARP_S:
                return now, wall, self._cpu()

    def _run(self) -> None:
        while not self._stopping.wait(BEAT_S):
            self.look()
