"""The signals of a server that runs in the foreground.

SIGINT and SIGTERM ask it to stop, the second one at once. SIGHUP asks it to read its configuration file again. The end of
the terminal sends SIGHUP too, and then the server must end: nobody could see or stop it any more.
"""

from __future__ import annotations

import os
import signal
import threading
from enum import Enum
from types import FrameType

_HUP = getattr(signal, "SIGHUP", None)

_TICK_S = 0.5
"""How long `wait` waits at a time, in seconds: on Windows a wait without a limit is not interrupted by a signal."""

_STREAMS = (0, 1, 2)


class Asked(Enum):
    """What a signal asks for."""

    STOP = "stop"
    RELOAD = "reload"


class Signals:
    """Takes over the signals of this process; only the main thread may make one.

    With `reloads`, SIGHUP asks for `Asked.RELOAD`, otherwise for `Asked.STOP`. `hurry` is set by the second signal that
    asks to stop.
    """

    def __init__(self, *, reloads: bool) -> None:
        self.hurry = threading.Event()
        self._reloads = reloads
        self._stop = False
        self._woken = threading.Event()
        self._terminals = tuple(number for number in _STREAMS if _is_terminal(number))
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, self._ask_to_stop)
        if _HUP is not None:
            ignored = signal.getsignal(_HUP) is signal.SIG_IGN
            if ignored:
                self._terminals = ()  # nohup: the end of the terminal is nothing to this process
            if reloads or not ignored:
                signal.signal(_HUP, self._hang_up)

    def wait(self) -> Asked:
        """Return what the next signal asks for."""
        while not self._woken.wait(_TICK_S):
            pass
        self._woken.clear()
        if self._stop:
            return Asked.STOP
        return Asked.RELOAD

    def _ask_to_stop(self, number: int, frame: FrameType | None) -> None:  # noqa: ARG002 - signal's signature
        if self._stop:
            self.hurry.set()
        self._stop = True
        self._woken.set()

    def _hang_up(self, number: int, frame: FrameType | None) -> None:
        terminal_is_gone = any(not _is_terminal(each) for each in self._terminals)
        if not self._reloads or terminal_is_gone:
            self._ask_to_stop(number, frame)
        else:
            self._woken.set()


def _is_terminal(descriptor: int) -> bool:
    """Return whether a descriptor is a terminal that exists; after a hang-up it is none."""
    try:
        return os.isatty(descriptor)
    except OSError:
        return False
