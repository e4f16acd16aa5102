"""An adapter with the capability ``clock`` for a client whose process clock the harness moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from oauth_gauntlet.adapter import AdapterProcess, AnswerBy, ClientAdapter
from oauth_gauntlet.adapters.process_clock import ProcessClock
from oauth_gauntlet.protocol import JSON, Capability, ErrorInfo, Hello, ResourceRequest, ResourceResponse, Token

SELF_TEST_S = 100_000.0
"""Seconds by which the self-test moves the clock."""

_TOLERANCE_S = 60.0


class ClockedAdapter(ClientAdapter):
    """Passes every operation on to `inner`, and moves the clock itself; `configure` resets it."""

    def __init__(self, inner: ClientAdapter, clock: ProcessClock) -> None:
        self.inner = inner
        self.clock = clock

    def problem(self) -> str | None:
        """Move the clock and reset it; return what is wrong, or None if the client follows."""
        before = self.inner.now()
        self.clock.advance(SELF_TEST_S)
        moved = self.inner.now() - before
        self.clock.reset()
        returned = self.inner.now() - before
        if abs(moved - SELF_TEST_S) > _TOLERANCE_S:
            return f"moved by {SELF_TEST_S:.0f} s under {self.clock.name}, the client saw {moved:.0f} s"
        if abs(returned) > _TOLERANCE_S:
            return f"reset under {self.clock.name}, the client was {returned:.0f} s off"
        return None

    @property
    def operation_limit_s(self) -> float:
        """The time limit of one operation, in seconds."""
        return self.inner.operation_limit_s

    @operation_limit_s.setter
    def operation_limit_s(self, seconds: float) -> None:
        self.inner.operation_limit_s = seconds

    @property
    def answer_by(self) -> AnswerBy:
        """From when the time limit counts."""
        return self.inner.answer_by

    @answer_by.setter
    def answer_by(self, answer_by: AnswerBy) -> None:
        self.inner.answer_by = answer_by

    @property
    def adapter_process(self) -> AdapterProcess | None:
        """The process in which the client runs; None for a client in this process."""
        return self.inner.adapter_process

    def hello(self) -> Hello:
        """Return what the adapter declares, and the capability ``clock``."""
        hello = self.inner.hello()
        return replace(hello, capabilities=hello.capabilities | {Capability.CLOCK})

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Reset the clock, discard all state, and create a new client."""
        self.clock.reset()
        self.inner.configure(config)

    def get_token(self) -> Token:
        """Return an access token."""
        return self.inner.get_token()

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token."""
        return self.inner.get_tokens(count, cancel)

    def refresh(self) -> Token:
        """Exchange the refresh token that the client has."""
        return self.inner.refresh()

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send an authorised request, and return its response."""
        return self.inner.request(method, url, headers, body)

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        """Send authorised requests concurrently."""
        return self.inner.requests(requests, cancel)

    def advance_clock(self, seconds: float) -> None:
        """Move the clock of the client's process."""
        self.clock.advance(seconds)

    def now(self) -> float:
        """Return the time that the client reads."""
        return self.inner.now()

    def utc_offset(self) -> float | None:
        """Return how far the local time of the client's process is ahead of UTC, in seconds; None if it does not say."""
        return self.inner.utc_offset()

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms."""
        return self.inner.describe()

    def instance(self, name: str) -> ClientAdapter:
        """Return a further client of the same process; all of them have this clock."""
        return ClockedAdapter(self.inner.instance(name), self.clock)

    def close(self) -> None:
        """Release the client and the clock."""
        try:
            self.inner.close()
        finally:
            self.clock.close()
