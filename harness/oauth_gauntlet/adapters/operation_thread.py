"""Run the operations of a client in a thread beside the caller's, and wait for each as long as its time limit allows.

All operations of a client have the same thread, as in an application: what the client keeps for each thread stays. Python
cannot end a thread, so one whose operation never ends is left behind, and the client with it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from queue import SimpleQueue
from typing import Any, Generic, TypeVar

_A = TypeVar("_A")

_STEP_S = 0.2
"""Seconds of one step of waiting: the moment until when the operation must end may move."""


class Operation(Generic[_A]):
    """An operation that an `OperationThread` runs."""

    def __init__(self, ask: Callable[[], _A]) -> None:
        """`ask` is called in the thread."""
        self._ask = ask
        self._results: list[_A] = []
        self._ended = threading.Event()
        self.exception: BaseException | None = None
        """What the operation raised, or None."""

    def run(self) -> None:
        """Call `ask`, and keep what it returns or raises."""
        try:
            self._results.append(self._ask())
        except BaseException as error:
            self.exception = error
        self._ended.set()

    @property
    def running(self) -> bool:
        """Whether the operation has not ended yet."""
        return not self._ended.is_set()

    def wait_until(self, deadline: Callable[[], float]) -> None:
        """Wait for the end of the operation, at most until `deadline`, a moment of the monotonic clock that may move."""
        while self.running and (left_s := deadline() - time.monotonic()) > 0:
            self._ended.wait(min(left_s, _STEP_S))

    def result(self) -> _A:
        """Return what the operation returned; it has ended without an exception."""
        return self._results[0]


class OperationThread:
    """A thread that runs operations, one after the other."""

    def __init__(self) -> None:
        """Start nothing yet."""
        self._asked: SimpleQueue[Operation[Any] | None] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def start(self, ask: Callable[[], _A]) -> Operation[_A]:
        """Call `ask` in the thread, after the operations before."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="client", daemon=True)
            self._thread.start()
        operation = Operation(ask)
        self._asked.put(operation)
        return operation

    def end(self) -> None:
        """Let the thread end, after the operation that it runs. A later operation starts another one."""
        if self._thread is not None:
            self._asked.put(None)
            self._thread = None
            self._asked = SimpleQueue()

    def _work(self) -> None:
        asked = self._asked
        while (operation := asked.get()) is not None:
            operation.run()
            del operation  # it may keep the client alive
