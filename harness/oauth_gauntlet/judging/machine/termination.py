"""Being told to end: Ctrl-C, a CI system that cancels a job, a terminal that is closed."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def raise_on_termination() -> None:
    """Have all that tell a process to end do what Ctrl-C does, so that what was begun is put away."""
    for number in _SIGNALS[1:]:
        if signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@contextlib.contextmanager
def on_termination(act: Callable[[], None]) -> Iterator[None]:
    """Have `act` called, and nothing raised, whenever this process is told to end meanwhile.

    What whoever started this process has it ignore (``nohup``) stays ignored.
    """

    def handle(number: int, frame: FrameType | None) -> None:  # noqa: ARG001 - signal's signature
        act()

    before: dict[signal.Signals, Any] = {}
    try:
        for number in _SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                before[number] = signal.signal(number, handle)
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
