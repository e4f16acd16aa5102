"""Drive a Python client in this process, under the same rules as a client in its own process.

Each operation runs in a thread with a time limit, and each answer passes through its JSON representation. An exception
that is not a `ClientFailure` counts as kind ``unexpected``.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.errors import AdapterError, AdapterTimeout, ClientFailure
from oauth_gauntlet.files.json_values import parsed, shallow
from oauth_gauntlet.protocol import (
    JSON,
    Capability,
    ErrorInfo,
    ErrorKind,
    Hello,
    ProtocolViolation,
    ResourceResponse,
    Token,
    error_from_json,
    outcome_from_json,
    response_from_json,
    texts_from_json,
    token_from_json,
)

_A = TypeVar("_A")

OPERATION_LIMIT_S = 30.0


class InProcessAdapter(ClientAdapter):
    """A client whose `ClientAdapter` is an object in this process."""

    def __init__(self, factory: Callable[[], ClientAdapter], *, operation_limit_s: float = OPERATION_LIMIT_S) -> None:
        self.operation_limit_s = operation_limit_s
        self._factory = factory
        self._client = factory()
        self._instances: dict[str, InProcessAdapter] = {"a": self}
        self._configured = False
        self._closed: str | None = None

    def hello(self) -> Hello:
        """Return what the adapter declares, and the capability ``instances``: the factory makes further clients.

        Raises:
            AdapterError: hello raised an exception, or did not return a `Hello`.
        """
        try:
            hello = self._run("hello", self._client.hello)
        except ClientFailure as failure:
            raise self._broken(f"hello failed with {failure}; answer it from constants") from failure
        if not isinstance(hello, Hello):
            raise self._broken(f"hello returned a {type(hello).__name__}; return a protocol.Hello")
        return replace(hello, capabilities=hello.capabilities | {Capability.INSTANCES})

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
        self._needs_client()
        # A client that does not declare `cancel` need not have this parameter.
        arguments = (count, cancel) if cancel else (count,)
        results = self._run("get_tokens", lambda: self._client.get_tokens(*arguments))

        def convert() -> tuple[Token | ErrorInfo, ...]:
            if len(results) != count:
                raise ProtocolViolation(f"expected {count} results, got {len(results)}")
            return tuple(
                outcome_from_json({"token" if isinstance(each, Token) else "error": _through_json(each)}, f"results[{place}]")
                for place, each in enumerate(results)
            )

        return self._checked("get_tokens", convert)

    def refresh(self) -> Token:
        """Exchange the refresh token that the client has."""
        return self._token("refresh", self._client.refresh)

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send an authorised request, and return its response."""
        self._needs_client()
        response = self._run("request", lambda: self._client.request(method, url, headers, body))
        return self._checked("request", lambda: response_from_json(_through_json(response)))

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client reads."""
        self._needs_client()
        self._run("advance_clock", lambda: self._client.advance_clock(seconds))

    def now(self) -> float:
        """Return the time that the client reads."""
        return self._run("now", self._client.now)

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
        """Release the client, and its further instances."""
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

    def _token(self, operation: str, ask: Callable[[], Token]) -> Token:
        self._needs_client()
        token = self._run(operation, ask)
        return self._checked(operation, lambda: token_from_json(_through_json(token), "token"))

    def _needs_client(self) -> None:
        if not self._configured and self._closed is None:
            raise ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message="the client is not configured"))

    def _run(self, operation: str, ask: Callable[[], _A]) -> _A:
        """Run an operation in a new thread, and return its result.

        Raises:
            ClientFailure: the client reported an error.
            AdapterError: the operation did not return in time, or raised `SystemExit`.
        """
        if self._closed is not None:
            raise AdapterError(f"the adapter cannot be asked for {operation}: {self._closed}")
        outcome: list[_A] = []
        failure: list[BaseException] = []

        def work() -> None:
            try:
                outcome.append(ask())
            except BaseException as error:
                failure.append(error)

        thread = threading.Thread(target=work, name=f"client-{operation}", daemon=True)
        thread.start()
        thread.join(self.operation_limit_s)
        if thread.is_alive():
            raise self._broken(
                f"the adapter did not answer {operation} within {self.operation_limit_s:g} s; if the client waits for "
                "something, give it a time limit",
                AdapterTimeout,
            )
        if failure:
            raise self._error_of(operation, failure[0]) from failure[0]
        return outcome[0]

    def _error_of(self, operation: str, error: BaseException) -> BaseException:
        if isinstance(error, ClientFailure):
            try:
                error_from_json(_through_json(error.error))
            except ProtocolViolation as violation:
                return self._broken(f"the adapter broke the protocol on {operation}: {violation}")
            return error
        if isinstance(error, NotImplementedError):
            return ClientFailure(ErrorInfo(kind=ErrorKind.UNEXPECTED, message=f"unknown operation {operation}"))
        if isinstance(error, SystemExit):
            return self._broken(f"the client raised SystemExit({error.code}) during {operation}")
        if not isinstance(error, Exception):
            return error
        kind = type(error)
        return ClientFailure(
            ErrorInfo(kind=ErrorKind.UNEXPECTED, message=str(error), type=f"{kind.__module__}.{kind.__qualname__}")
        )

    def _checked(self, operation: str, convert: Callable[[], _A]) -> _A:
        try:
            return convert()
        except ProtocolViolation as violation:
            raise self._broken(f"the adapter broke the protocol on {operation}: {violation}") from violation

    def _broken(self, message: str, kind: type[AdapterError] = AdapterError) -> AdapterError:
        self._closed = "it has been ended after it broke the protocol"
        return kind(message)


def _through_json(value: object) -> JSON:
    """Return an answer as it would arrive from a process.

    Raises:
        ProtocolViolation: it is not a value of the protocol, or JSON cannot represent it.
    """
    if not isinstance(value, Token | ErrorInfo | ResourceResponse):
        raise ProtocolViolation(f"expected a value of oauth_gauntlet.protocol, got a {type(value).__name__}")
    try:
        return parsed(_spelled(value.to_json()))
    except (TypeError, ValueError) as error:
        raise ProtocolViolation(f"JSON cannot represent the answer: {error}") from error


def _spelled(value: JSON) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return json.dumps(shallow(value))  # deep, but not circular: that is a ValueError
