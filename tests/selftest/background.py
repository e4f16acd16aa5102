"""Altered clients that renew in the background: the base class of bugs and freedoms that do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.token_keeper import Held
from tests.selftest.altered import Altered

LEAST_PAUSE_S = 0.002
"""The seconds between two requests of a renewer that makes no pause: time for the caller to get the lock."""


class InBackground(Altered):
    """A client with renewers: threads that end when the client is configured again or closed."""

    ended: threading.Event | None = None

    def configure(self, config: Any) -> None:
        super().configure(config)
        self.ended = threading.Event()

    def close(self) -> None:
        if self.ended is not None:
            self.ended.set()
        super().close()

    def start_renewer(
        self,
        first_s: float,
        *,
        after_success: Callable[[Held], float | None],
        after_failure: Callable[[int], float | None] = lambda _: None,
    ) -> None:
        """Renew after `first_s` seconds, then again and again, each time after the pause in seconds; None ends it.

        `after_failure` gets the number of failures in a row.
        """
        assert self.ended is not None
        threading.Thread(
            target=self._renew_again, args=(self.ended, first_s, after_success, after_failure), daemon=True
        ).start()

    def _renew_again(self, ended: threading.Event, first_s: float, after_success: Any, after_failure: Any) -> None:
        pause: float | None = first_s
        failures = 0
        while pause is not None and not ended.wait(max(pause, LEAST_PAUSE_S)):
            try:
                with self._lock:
                    if ended.is_set():
                        return
                    pause, failures = after_success(self.renew()), 0
            except ClientFailure:
                failures += 1
                pause = after_failure(failures)
