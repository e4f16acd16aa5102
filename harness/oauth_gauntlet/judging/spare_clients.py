"""Keep programs of the client that no scenario uses: one process serves many scenarios, one after the other.

Starting a program takes up to some seconds. It serves only scenarios that want the environment variables with which it was
started. `configure` discards what the client kept from the scenario before.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import NO_CHANGES
from oauth_gauntlet.adapters.closing import close_quietly
from oauth_gauntlet.protocol import Hello

MOST_SPARE = 8
"""How many programs are kept. When there are more, the one that has waited longest is closed."""


class SpareClients:
    """The programs that can serve another scenario. May be used from any thread; all can be ended at once."""

    def __init__(self, start: Callable[[Mapping[str, str]], tuple[ClientAdapter, Hello]]) -> None:
        """`start` starts a client with environment variables in addition to those of every client."""
        self._start = start
        self._lock = threading.Lock()
        self._started: list[ClientAdapter] = []
        self._spare: list[tuple[dict[str, str], ClientAdapter, Hello]] = []
        self._abandoned = False

    def take(self, environment: Mapping[str, str] = NO_CHANGES) -> tuple[ClientAdapter, Hello]:
        """Return a client with these environment variables that no scenario uses, or start another one.

        Raises:
            AdapterError: it does not start.
        """
        wanted = dict(environment)
        with self._lock:
            for position, (variables, adapter, hello) in enumerate(self._spare):
                if variables == wanted:
                    del self._spare[position]
                    return adapter, hello
        adapter, hello = self._start(wanted)
        with self._lock:
            self._started.append(adapter)
            abandoned = self._abandoned
        if abandoned:
            _abandon(adapter)
        return adapter, hello

    def give_back(self, adapter: ClientAdapter, hello: Hello, environment: Mapping[str, str] = NO_CHANGES) -> None:
        """Keep a program for the next scenario. A client in this process is closed: a new one costs nothing."""
        if adapter.adapter_process is None:
            close_quietly(adapter)
            return
        with self._lock:
            self._spare.append((dict(environment), adapter, hello))
            surplus = [] if len(self._spare) <= MOST_SPARE else [self._spare.pop(0)]
        for _, oldest, _ in surplus:
            close_quietly(oldest)

    def close(self) -> None:
        """Close the clients that no scenario uses."""
        with self._lock:
            spare, self._spare = self._spare, []
        for _, adapter, _ in spare:
            close_quietly(adapter)

    def abandon(self) -> None:
        """End all clients, and those that start later."""
        with self._lock:
            self._abandoned = True
            started = list(self._started)
        for adapter in started:
            _abandon(adapter)


def _abandon(adapter: ClientAdapter) -> None:
    if adapter.adapter_process is not None:
        adapter.adapter_process.abandon()
