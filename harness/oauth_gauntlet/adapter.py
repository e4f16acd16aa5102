"""`ClientAdapter`: the one interface behind which every client under test stands.

A Python client is driven by implementing this class (see ``docs/adapters.md``); a client in any other language by
a small program that speaks the adapter protocol, which `ProcessAdapter` turns into the same class. A scenario
cannot tell the two apart.

An adapter adds no behaviour of its own: no caching, no retries, no parsing, no validation that its client
does not do.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

from oauth_gauntlet.protocol import JSON, ErrorInfo, Hello, JSONObject, ResourceResponse, Token

CANCEL_LEAD_S = 0.1
"""How long the calls that are to be cancelled begin before the others, and how long these are left to begin. Seconds."""


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

    Every method but `hello` and `close` may raise `oauth_gauntlet.errors.ClientFailure`: that is the client's own
    answer. Whatever else an implementation raises counts as kind ``unexpected``: an exception that is not part of the
    client's documented API.

    The optional operations raise `NotImplementedError` here; a client that lacks one simply does not declare it.
    """

    @property
    def adapter_process(self) -> AdapterProcess | None:
        """The process in which the client runs; None for a client in this process."""
        return None

    @abstractmethod
    def hello(self) -> Hello:
        """Say which client this is and what it can do. Always called first."""

    @abstractmethod
    def configure(self, config: Mapping[str, JSON]) -> None:
        """Drop all state and build the client anew; no request may be sent yet.

        Unknown keys of `config` are ignored; keys that are not set are absent.
        """

    @abstractmethod
    def get_token(self) -> Token:
        """Do what application code does when it needs an access token; a cache may answer."""

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Do `count` concurrent `get_token` calls on the one configured client (capability ``parallel``).

        The first `cancel` of them (capability ``cancel``) begin `CANCEL_LEAD_S` before the others, and are cancelled by the
        client's own means `CANCEL_LEAD_S` after these; each then answers with kind ``cancelled``.
        """
        raise NotImplementedError

    def refresh(self) -> Token:
        """Exchange the refresh token that the client holds, whatever the expiry (capability ``refresh``)."""
        raise NotImplementedError

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Make an authorised request by the client's own means (capability ``resource``)."""
        raise NotImplementedError

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client sees; `configure` puts it back (capability ``clock``)."""
        raise NotImplementedError

    def now(self) -> float:
        """Return the time that the client's process sees, in seconds since the epoch (capability ``process_clock``)."""
        raise NotImplementedError

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms of client and token (capability ``describe``)."""
        raise NotImplementedError

    def close(self) -> None:  # noqa: B027 - most in-process clients have nothing to release
        """Release what the adapter holds. Called once, last."""
