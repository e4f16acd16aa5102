"""Handle the signals that ask this process to end: Ctrl-C, a cancelled CI job, a closed terminal.

A signal that the parent process set to be ignored stays ignored, such as SIGHUP under ``nohup``.
"""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Callable, Iterator
from types import FrameType
from typing import Any

# Windows has no SIGHUP.
_SIGNALS: tuple[signal.Signals, ...] = tuple(
    getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)
)


def raise_on_termination() -> None:
    """Make SIGTERM and SIGHUP raise KeyboardInterrupt, as SIGINT does, so that clean-up runs."""
    for number in _SIGNALS:
        if number is not signal.SIGINT and signal.getsignal(number) is not signal.SIG_IGN:
            signal.signal(number, signal.default_int_handler)


@contextlib.contextmanager
def on_termination(act: Callable[[], None]) -> Iterator[None]:
    """Call `act`, and raise nothing, when this process is asked to end inside the context."""

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
