"""Drive a Python client in this process, under the same rules as a client in its own process.

Each operation runs in a thread with a time limit, and each answer passes through its JSON representation. An exception
that is not a `ClientFailure` counts as kind ``unexpected``, unless it ends a process.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from typing import TypeVar

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters.client_environment import NO_CHANGES, changed_environment
from oauth_gauntlet.adapters.operation_thread import OperationThread
from oauth_gauntlet.adapters.python_answers import ENDS_A_PROCESS, OF_EVERY_CLIENT, failure_of, through_json
from oauth_gauntlet.errors import AdapterError, AdapterTimeout, ClientFailure
from oauth_gauntlet.protocol import (
    JSON,
    ErrorInfo,
    ErrorKind,
    Hello,
    ProtocolViolation,
    ResourceRequest,
    ResourceResponse,
    Token,
    error_from_json,
    response_from_json,
    response_outcome_from_json,
    texts_from_json,
    token_from_json,
    token_outcome_from_json,
)

_A = TypeVar("_A")

OPERATION_LIMIT_S = 30.0


class InProcessAdapter(ClientAdapter):
    """A client whose `ClientAdapter` is an object in this process."""

    def __init__(
        self,
        factory: Callable[[], ClientAdapter],
        *,
        operation_limit_s: float = OPERATION_LIMIT_S,
        environment: Mapping[str, str] = NO_CHANGES,
    ) -> None:
        """Create the client. The variables of `environment` are set in this process until `close`."""
        self.operation_limit_s = operation_limit_s
        self._factory = factory
        self._environment = ExitStack()
        if environment:
            self._environment.enter_context(changed_environment(environment))
        self._thread = OperationThread()
        self._client = self._created()
        self._instances: dict[str, InProcessAdapter] = {"a": self}
        self._configured = False
        self._closed: str | None = None

    def _created(self) -> ClientAdapter:
        try:
            return self._factory()
        except BaseException:
            self._environment.close()
            raise

    def hello(self) -> Hello:
        """Return what the adapter declares, and the capabilities that every Python client has (`OF_EVERY_CLIENT`).

        Raises:
            AdapterError: hello raised an exception, or did not return a `Hello`.
        """
        try:
            hello = self._run("hello", self._client.hello)
        except ClientFailure as failure:
            raise self._broken(f"hello failed with {failure}; answer it from constants") from failure
        if not isinstance(hello, Hello):
            raise self._broken(f"hello returned a {type(hello).__name__}; return a protocol.Hello")
        return replace(hello, capabilities=hello.capabilities | OF_EVERY_CLIENT)

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Discard all state and create a new client; after an error there is no client."""
        self._configured = False
        # A deep copy through JSON: the client gets what a process would get, and cannot change our object.
        given = json.loads(json.dumps(dict(config)))
        self._run("configure", lambda: self._client.configure(given))
        self._configured = True

    def get_token(self) -> Token:
        """Return an access token."""
        return self._token("get_token", self._client.get_token)

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token."""
        # A client that does not declare `cancel` need not have this parameter.
        arguments = (cancel,) if cancel else ()
        return self._together(
            "get_tokens", lambda: self._client.get_tokens(count, *arguments), count, "token", token_outcome_from_json
        )

    def refresh(self) -> Token:
        """Exchange the refresh token that the client has."""
        return self._token("refresh", self._client.refresh)

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send an authorised request, and return its response."""
        self._needs_client()
        response = self._run("request", lambda: self._client.request(method, url, headers, body))
        return self._checked("request", lambda: response_from_json(through_json(response)))

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        """Send authorised requests concurrently, and return their responses."""
        arguments = (cancel,) if cancel else ()
        count = len(requests)
        return self._together(
            "requests", lambda: self._client.requests(requests, *arguments), count, "response", response_outcome_from_json
        )

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client reads."""
        self._needs_client()
        self._run("advance_clock", lambda: self._client.advance_clock(seconds))

    def now(self) -> float:
        """Return the time that the client reads."""
        return self._run("now", self._client.now)

    def utc_offset(self) -> float | None:
        """Return how far the local time of this process is ahead of UTC, in seconds."""
        return time.localtime().tm_gmtoff

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms."""
        self._needs_client()
        texts = self._run("describe", self._client.describe)
        return self._checked("describe", lambda: texts_from_json({"texts": list(texts)}))

    def instance(self, name: str) -> ClientAdapter:
        """Return a further client of this process, made by the factory."""
        if name not in self._instances:
            self._instances[name] = InProcessAdapter(self._factory, operation_limit_s=self.operation_limit_s)
        return self._instances[name]

    def close(self) -> None:
        """Release the client and its further instances, and restore the environment."""
        with self._environment:
            self._close()

    def _close(self) -> None:
        for name, other in self._instances.items():
            if name != "a":
                other.close()
        if self._closed is None:
            try:
                self._run("close", self._client.close)
            except ClientFailure as failure:
                raise AdapterError(f"the adapter: close failed with {failure}") from failure
            finally:
                self._closed = "it was closed"
                self._thread.end()

    def _together(
        self, operation: str, ask: Callable[[], Sequence[object]], count: int, member: str, read: Callable[[JSON, str], _A]
    ) -> tuple[_A, ...]:
        """Return the `count` results of concurrent calls, each of them read and checked as if a process had sent it."""
        self._needs_client()
        results = self._run(operation, ask)

        def convert() -> tuple[_A, ...]:
            if len(results) != count:
                raise ProtocolViolation(f"expected {count} results, got {len(results)}")
            return tuple(
                read({"error" if isinstance(each, ErrorInfo) else member: through_json(each)}, f"results[{place}]")
                for place, each in enumerate(results)
            )

        return self._checked(operation, convert)

    def _token(self, operation: str, ask: Callable[[], Token]) -> Token:
        self._needs_client()
        token = self._run(operation, ask)
        return self._checked(operation, lambda: token_from_json(through_json(token), "token"))

    def _needs_client(self) -> None:
        if not self._configured and self._closed is None:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message="the client is not configured"))

    def _run(self, operation: str, ask: Callable[[], _A]) -> _A:
        """Run an operation in the thread of the client, and return its result.

        Raises:
            ClientFailure: the client reported an error.
            AdapterError: the operation did not return in time, or raised what ends a process.
        """
        if self._closed is not None:
            raise AdapterError(f"the adapter cannot be asked for {operation}: {self._closed}")
        asked_at = time.monotonic()
        asked = self._thread.start(ask)
        asked.wait_until(lambda: self.answer_by(asked_at, self.operation_limit_s))
        if asked.running:
            raise self._broken(
                f"the adapter did not answer {operation} within {time.monotonic() - asked_at:.1f} s; if the client waits for "
                "something, give it a time limit",
                AdapterTimeout,
            )
        if asked.exception is not None:
            told = self._error_of(operation, asked.exception)
            if told is asked.exception:
                raise told  # an exception must not be its own cause
            raise told from asked.exception
        return asked.result()

    def _error_of(self, operation: str, error: BaseException) -> Exception:
        if isinstance(error, ENDS_A_PROCESS):
            # Ctrl-C of the user arrives in another thread.
            return self._broken(f"the client raised {error!r} during {operation}")
        failure = failure_of(operation, error)
        try:
            error_from_json(through_json(failure.error))
        except ProtocolViolation as violation:
            return self._broken(f"the adapter broke the protocol on {operation}: {violation}")
        return failure

    def _checked(self, operation: str, convert: Callable[[], _A]) -> _A:
        try:
            return convert()
        except ProtocolViolation as violation:
            raise self._broken(f"the adapter broke the protocol on {operation}: {violation}") from violation

    def _broken(self, message: str, kind: type[AdapterError] = AdapterError) -> AdapterError:
        self._closed = "it has been ended after it broke the protocol"
        self._thread.end()
        return kind(message)
