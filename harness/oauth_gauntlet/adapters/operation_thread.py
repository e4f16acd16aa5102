"""Run an operation of a client in a thread of its own, and wait for it as long as its time limit allows."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

_A = TypeVar("_A")

_STEP_S = 0.2
"""Seconds of one step of waiting: the moment until when the operation must end may move."""


class OperationThread(Generic[_A]):
    """An operation that runs in a new thread. Python cannot end a thread: one that never ends is left behind."""

    def __init__(self, operation: str, ask: Callable[[], _A]) -> None:
        """Start the thread, and call `ask` in it."""
        self._ask = ask
        self._results: list[_A] = []
        self.exception: BaseException | None = None
        """What the operation raised, or None."""
        self._thread = threading.Thread(target=self._work, name=f"client-{operation}", daemon=True)
        self._thread.start()

    def _work(self) -> None:
        try:
            self._results.append(self._ask())
        except BaseException as error:
            self.exception = error

    @property
    def running(self) -> bool:
        """Whether the operation has not ended yet."""
        return self._thread.is_alive()

    def wait_until(self, deadline: Callable[[], float]) -> None:
        """Wait for the end of the operation, at most until `deadline`, a moment of the monotonic clock that may move."""
        while self.running and (left_s := deadline() - time.monotonic()) > 0:
            self._thread.join(min(left_s, _STEP_S))

    def result(self) -> _A:
        """Return what the operation returned; it has ended without an exception."""
        return self._results[0]
