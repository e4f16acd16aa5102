"""`ClientAdapter`: the interface through which the harness drives every client.

A Python client implements this class (see ``docs/adapters.md``). A client in another language has a program for the
adapter protocol, and `ProcessAdapter` implements this class for it. A scenario sees no difference between the two.

An adapter adds no behaviour of its own: no caching, no retries, no parsing, no validation that its client does not do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol, TypeAlias

from oauth_gauntlet.protocol import JSON, ErrorInfo, Hello, JSONObject, ResourceRequest, ResourceResponse, Token

CANCEL_LEAD_S = 0.1
"""Seconds from the start of the calls that are cancelled to the start of the others, and from there to the cancellation."""


AnswerBy: TypeAlias = Callable[[float, float], float]
"""From when an operation was asked, and its time limit in seconds: until when its answer must come.

Both moments are of the monotonic clock. The harness asks again while it waits, so the moment may move: the time of a client
counts from what the server does.
"""


def after_the_request(asked_at: float, limit_s: float) -> float:
    """Return the moment `limit_s` after an operation was asked (an `AnswerBy`)."""
    return asked_at + limit_s


class AdapterProcess(Protocol):
    """The process behind an adapter: what the harness can do with it besides the operations of the client."""

    def call(self, operation: str, arguments: Mapping[str, JSON]) -> JSONObject:
        """Send one request by the name of its operation, and return the object under ``ok``."""

    def stderr(self) -> str:
        """Return what the process has written to its standard error."""

    def abandon(self) -> None:
        """End the process at once; may be called from any thread."""


class ClientAdapter(ABC):
    """The operations of the adapter protocol as methods.

    Every method except `hello` and `close` may raise `oauth_gauntlet.errors.ClientFailure`: the error that the client
    reports. Any other exception counts as kind ``unexpected``: it is not part of the client's documented API.

    The optional operations raise `NotImplementedError` here; an adapter without one does not declare its capability.
    """

    operation_limit_s: float = 30.0
    """The time limit of one operation, in seconds. The harness enforces and changes it; a client need not know it."""

    answer_by: AnswerBy = staticmethod(after_the_request)
    """From when the time limit counts. The harness changes it; a client need not know it."""

    @property
    def adapter_process(self) -> AdapterProcess | None:
        """The process in which the client runs; None for a client in this process."""
        return None

    @abstractmethod
    def hello(self) -> Hello:
        """Return which client this is, and what it can do. Always called first."""

    @abstractmethod
    def configure(self, config: Mapping[str, JSON]) -> None:
        """Discard all state and create a new client; send no request yet.

        Ignore unknown keys of `config`; keys that are not set are absent.
        """

    @abstractmethod
    def get_token(self) -> Token:
        """Return an access token, by the call that an application makes; a cache may answer."""

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent `get_token` calls on the one configured client (capability ``parallel``).

        The first `cancel` calls (capability ``cancel``) start `CANCEL_LEAD_S` before the others, and are cancelled by the
        client's own means `CANCEL_LEAD_S` after the others have started; each then answers with kind ``cancelled``.
        """
        raise NotImplementedError

    def refresh(self) -> Token:
        """Exchange the refresh token that the client has, whatever the expiry (capability ``refresh``)."""
        raise NotImplementedError

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send an authorised request by the client's own means (capability ``resource``)."""
        raise NotImplementedError

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        """Make all `requests` concurrently on the one client (capabilities ``parallel`` and ``resource``).

        The answers have the order of the requests. The first `cancel` requests are cancelled as in `get_tokens`.
        """
        raise NotImplementedError

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client reads; `configure` resets it (capability ``clock``)."""
        raise NotImplementedError

    def now(self) -> float:
        """Return the time that the client's process reads, in seconds since the epoch (capability ``process_clock``)."""
        raise NotImplementedError

    def utc_offset(self) -> float | None:
        """Return how far the local time of the client's process is ahead of UTC, in seconds (capability ``time_zone``).

        None: the adapter does not say. For a client in this process `InProcessAdapter` implements it.
        """
        return None

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms of client and token (capability ``describe``)."""
        raise NotImplementedError

    def instance(self, name: str) -> ClientAdapter:
        """Return a further client of the same process, by its name; this one is ``a`` (capability ``instances``).

        The same name gives the same client. It shares nothing with this one but what the client's library shares, and it is
        closed with this one. `InProcessAdapter` implements this by another call of the factory.
        """
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027 - most in-process clients have nothing to release
        """Release all resources. Called once, last."""
