"""Drive a client through an adapter program: each operation is one request and one answer of the adapter protocol."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from oauth_gauntlet import __version__
from oauth_gauntlet.adapter import AnswerBy, ClientAdapter
from oauth_gauntlet.adapters.adapter_program import AdapterLimits, AdapterProgram
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import (
    JSON,
    PROTOCOL_VERSION,
    ErrorInfo,
    Hello,
    JSONObject,
    ProtocolViolation,
    ResourceRequest,
    ResourceResponse,
    Token,
    hello_from_json,
    now_from_json,
    response_from_json,
    response_outcome_from_json,
    texts_from_json,
    token_from_json,
    token_outcome_from_json,
    utc_offset_from_json,
)

_A = TypeVar("_A")


class ProcessAdapter(ClientAdapter):
    """A client behind a program of the adapter protocol.

    Every operation may raise `ClientFailure` (the client answered with an error) and `AdapterError` (the program did
    not answer, or its answer breaks the protocol; it is ended then).
    """

    def __init__(
        self,
        command: Sequence[str],
        *,
        limits: AdapterLimits | None = None,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Start the program.

        Raises:
            UsageError: it cannot be started.
        """
        self._program = AdapterProgram(command, limits=limits or AdapterLimits(), cwd=cwd, env=env)
        self._instance: dict[str, JSON] = {}

    @property
    def operation_limit_s(self) -> float:
        """The time limit of one operation, in seconds."""
        return self._program.limits.operation_s

    @operation_limit_s.setter
    def operation_limit_s(self, seconds: float) -> None:
        self._program.limits = replace(self._program.limits, operation_s=seconds)

    @property
    def answer_by(self) -> AnswerBy:
        """From when the time limit counts."""
        return self._program.answer_by

    @answer_by.setter
    def answer_by(self, answer_by: AnswerBy) -> None:
        self._program.answer_by = answer_by

    @property
    def adapter_process(self) -> AdapterProgram:
        """The program."""
        return self._program

    def hello(self) -> Hello:
        """Return what the adapter declares."""
        arguments = {"protocol": PROTOCOL_VERSION, "harness": f"oauth-gauntlet/{__version__}"}
        try:
            answer = self._program.call("hello", arguments, self._program.limits.start_s)
        except ClientFailure as failure:
            raise self._program.broken(
                f"the adapter answered hello with an error, {failure}; answer it from constants"
            ) from failure
        hello = self._program.checked("hello", lambda: hello_from_json(answer))
        self._program.catches = hello.catches
        return hello

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Discard all state and create a new client."""
        self._call("configure", {"config": dict(config)})

    def get_token(self) -> Token:
        """Return an access token."""
        return self._token("get_token")

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token."""
        return self._together("get_tokens", {"count": count}, count, cancel, token_outcome_from_json)

    def refresh(self) -> Token:
        """Exchange the refresh token that the client has."""
        return self._token("refresh")

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send an authorised request, and return its response."""
        arguments = {"method": method, "url": url, "headers": dict(headers), "body": body}
        answer = self._call("request", arguments)
        return self._program.checked("request", lambda: response_from_json(answer))

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        """Send authorised requests concurrently, and return their responses."""
        arguments: Mapping[str, JSON] = {"requests": [request.to_json() for request in requests]}
        return self._together("requests", arguments, len(requests), cancel, response_outcome_from_json)

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client reads."""
        self._call("advance_clock", {"seconds": seconds})

    def now(self) -> float:
        """Return the time that the client's process reads."""
        answer = self._program.call("now", {})
        return self._program.checked("now", lambda: now_from_json(answer))

    def utc_offset(self) -> float | None:
        """Return how far the local time of the client's process is ahead of UTC, in seconds; None if it does not say."""
        answer = self._program.call("now", {})
        return self._program.checked("now", lambda: utc_offset_from_json(answer))

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms."""
        answer = self._call("describe", {})
        return self._program.checked("describe", lambda: texts_from_json(answer))

    def instance(self, name: str) -> ClientAdapter:
        """Return a further client of the program: its requests name the instance."""
        other = copy.copy(self)
        other._instance = {"instance": name}
        return other

    def close(self) -> None:
        """Send close, and wait for the program to end.

        Raises:
            AdapterError: the program did not end, or not with exit code 0.
        """
        self._program.close()

    def _call(self, operation: str, arguments: Mapping[str, JSON]) -> JSONObject:
        return self._program.call(operation, {**arguments, **self._instance})

    def _together(
        self, operation: str, arguments: Mapping[str, JSON], count: int, cancel: int, read: Callable[[JSON, str], _A]
    ) -> tuple[_A, ...]:
        """Return the `count` results of concurrent calls, each of them read and checked."""
        answer = self._call(operation, {**arguments, "cancel": cancel} if cancel else arguments)

        def convert() -> tuple[_A, ...]:
            results = answer.get("results")
            if not isinstance(results, list) or len(results) != count:
                raise ProtocolViolation(f"ok.results: expected a list of {count}")
            return tuple(read(each, f"ok.results[{place}]") for place, each in enumerate(results))

        return self._program.checked(operation, convert)

    def _token(self, operation: str) -> Token:
        answer = self._call(operation, {})
        return self._program.checked(operation, lambda: token_from_json(answer.get("token"), "ok.token"))
