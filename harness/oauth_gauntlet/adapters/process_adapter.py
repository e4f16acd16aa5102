"""An adapter in a process of its own, spoken to in JSON Lines (adapter protocol, "Transport").

After any `AdapterError` the process and its whole group are ended; the adapter is then closed, and whoever wants to go
on opens a new one.
"""

from __future__ import annotations

import os
import queue
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

from oauth_gauntlet import __version__
from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.adapters import process_group
from oauth_gauntlet.adapters.framing import read_answer, request_line
from oauth_gauntlet.adapters.pipes import LineReader, LineTooLong, TailReader, write_all
from oauth_gauntlet.errors import AdapterError, AdapterTimeout, ClientFailure, UsageError
from oauth_gauntlet.protocol import (
    JSON,
    PROTOCOL_VERSION,
    ErrorInfo,
    Hello,
    JSONObject,
    ProtocolViolation,
    ResourceResponse,
    Token,
    hello_from_json,
    now_from_json,
    outcome_from_json,
    response_from_json,
    texts_from_json,
    token_from_json,
)

_A = TypeVar("_A")

_ABANDONED_S = 0.3
"""Seconds that a process may take to end where nobody wants to wait for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterLimits:
    """How long and how much an adapter may take. Seconds and octets.

    `start_s`: until hello is answered; generous, since some runtimes compile first. `operation_s`: any other operation.
    `close_s`: to end after close. `kill_s`: between asking a process to end and insisting.
    """

    start_s: float = 60.0
    operation_s: float = 30.0
    close_s: float = 5.0
    kill_s: float = 2.0
    line_octets: int = 16 * 1024 * 1024
    stderr_octets: int = 1024 * 1024
    stderr_tail_lines: int = 20


class ProcessAdapter(ClientAdapter):
    """A client behind a program that speaks the adapter protocol."""

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
        self.limits = limits or AdapterLimits()
        self.operation_limit_s = self.limits.operation_s
        self._command = tuple(command)
        environment = {**(os.environ if env is None else env), "OAUTH_GAUNTLET": "1"}
        try:
            self._process = process_group.start(command, env=environment, cwd=cwd)
        except OSError as error:
            raise UsageError(f"the adapter's command {command[0]!r} does not start: {error.strerror}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin = self._process.stdin
        os.set_blocking(self._stdin.fileno(), False)
        self._lines = LineReader(self._process.stdout, most_octets=self.limits.line_octets)
        self._stderr = TailReader(self._process.stderr, most_octets=self.limits.stderr_octets)
        self._last_id = 0
        self._closed: str | None = None

    @property
    def adapter_process(self) -> ProcessAdapter:
        """The process in which the client runs."""
        return self

    def hello(self) -> Hello:
        """Say which client this is and what it can do."""
        arguments = {"protocol": PROTOCOL_VERSION, "harness": f"oauth-gauntlet/{__version__}"}
        try:
            return self._checked("hello", lambda: hello_from_json(self.call("hello", arguments, self.limits.start_s)))
        except ClientFailure as failure:
            raise self._broken(f"the adapter answered hello with an error, {failure}; answer it from constants") from failure

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Build the client anew."""
        self.call("configure", {"config": dict(config)})

    def get_token(self) -> Token:
        """Ask for an access token."""
        return self._token("get_token")

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Ask for `count` access tokens at once."""
        answer = self.call("get_tokens", {"count": count, "cancel": cancel} if cancel else {"count": count})

        def convert() -> tuple[Token | ErrorInfo, ...]:
            results = answer.get("results")
            if not isinstance(results, list) or len(results) != count:
                raise ProtocolViolation(f"ok.results: expected a list of {count}")
            return tuple(outcome_from_json(each, f"ok.results[{place}]") for place, each in enumerate(results))

        return self._checked("get_tokens", convert)

    def refresh(self) -> Token:
        """Exchange the refresh token that the client holds."""
        return self._token("refresh")

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Make an authorised request."""
        arguments = {"method": method, "url": url, "headers": dict(headers), "body": body}
        answer = self.call("request", arguments)
        return self._checked("request", lambda: response_from_json(answer))

    def advance_clock(self, seconds: float) -> None:
        """Move the clock that the client sees."""
        self.call("advance_clock", {"seconds": seconds})

    def now(self) -> float:
        """Return the time that the client's process sees."""
        answer = self.call("now", {})
        return self._checked("now", lambda: now_from_json(answer))

    def describe(self) -> Sequence[str]:
        """Return the client's own string forms."""
        answer = self.call("describe", {})
        return self._checked("describe", lambda: texts_from_json(answer))

    def close(self) -> None:
        """Say close, and end the process whatever it answers.

        Raises:
            AdapterError: it did not end by itself, or not with exit code 0.
        """
        if self._closed is not None:
            return
        with suppress(OSError):
            write_all(self._stdin.fileno(), request_line(self._last_id + 1, "close", {}), limit_s=self.limits.close_s)
        with suppress(BrokenPipeError):
            self._stdin.close()
        problem = None
        try:
            code = self._process.wait(self.limits.close_s)
            if code != 0:
                problem = f"it ended with {process_group.describe_exit(code)} after close; exit code 0 was expected"
        except subprocess.TimeoutExpired:
            problem = f"it did not end within {self.limits.close_s} s after close; end when stdin ends"
        tail = self._end("it was closed")
        if problem:
            raise AdapterError(f"the adapter: {problem}", stderr_tail=tail)

    def abandon(self) -> None:
        """End the process at once, from any thread; whoever waits for its answer gets an `AdapterError`."""
        process_group.end(self._process, patience_s=_ABANDONED_S)

    def stderr(self) -> str:
        """Return what the adapter wrote to its standard error so far (its last MiB)."""
        return self._stderr.text()

    def call(self, operation: str, arguments: Mapping[str, JSON], limit_s: float | None = None) -> JSONObject:
        """Do one operation and return the object under ``ok``.

        Raises:
            ClientFailure: the client answered with an error.
            AdapterError: the adapter did not answer, or not as the protocol says; it has been ended.
        """
        if self._closed is not None:
            raise AdapterError(f"the adapter cannot be asked for {operation}: {self._closed}")
        stray = self._lines.waiting()
        if stray is not None:
            shown = stray[:200].decode("utf-8", "backslashreplace")
            raise self._broken(
                f"the adapter wrote a line that nobody asked for, before {operation}: {shown!r}; answer each request "
                "once, and send logs to stderr"
            )
        self._last_id += 1
        limit = self.operation_limit_s if limit_s is None else limit_s
        # Where nobody reads any more, the reason shows on stdout or in the exit code, below.
        with suppress(OSError):
            if not write_all(self._stdin.fileno(), request_line(self._last_id, operation, arguments), limit_s=limit):
                raise self._broken(
                    f"the adapter did not read its request to {operation} within {limit:g} s; read stdin line by line, and "
                    "answer each line before the next",
                    AdapterTimeout,
                )
        answer = self._checked(operation, lambda: read_answer(self._line(operation, limit), self._last_id, operation))
        if isinstance(answer, ErrorInfo):
            raise ClientFailure(answer)
        return answer

    def _line(self, operation: str, limit_s: float) -> bytes:
        deadline = time.monotonic() + limit_s
        gone = False
        while True:
            # Wait in short steps: a grandchild may hold the pipe open after the adapter itself is gone.
            try:
                line = self._lines.next(min(0.2, max(0.0, deadline - time.monotonic())))
            except queue.Empty:
                if gone:
                    raise self._exited(operation) from None
                # One more step after it is gone: its last line may still be on the way.
                gone = self._process.poll() is not None
                if time.monotonic() >= deadline and not gone:
                    raise self._broken(
                        f"the adapter did not answer {operation} within {limit_s:g} s; if the client waits for "
                        "something, give it a time limit, and flush stdout after each answer",
                        AdapterTimeout,
                    ) from None
                continue
            except LineTooLong:
                raise self._broken(
                    f"the adapter's answer to {operation} is longer than {self.limits.line_octets} octets without a "
                    "line end; write one JSON object a line"
                ) from None
            if line is None:
                raise self._exited(operation)
            return line

    def _exited(self, operation: str) -> AdapterError:
        """Tell apart the ways in which there is no answer any more."""
        try:
            code = self._process.wait(self.limits.kill_s)
        except subprocess.TimeoutExpired:
            return self._broken(
                f"the adapter closed its stdout during {operation} but is still running; keep it open until close"
            )
        how = process_group.describe_exit(code)
        if self._lines.unfinished:
            shown = self._lines.unfinished[:200].decode("utf-8", "backslashreplace")
            return self._broken(
                f"the adapter ended ({how}) in the middle of its answer to {operation}: {shown!r}; end each answer with "
                "a line end, and catch every exception of the client"
            )
        if operation == "hello":
            return self._broken(
                f"the adapter ended ({how}) before it answered hello; run the command by hand and see what it says: "
                f"{' '.join(self._command)}"
            )
        return self._broken(
            f"the adapter ended ({how}) during {operation}; catch every exception of the client and answer with kind unexpected"
        )

    def _token(self, operation: str) -> Token:
        answer = self.call(operation, {})
        return self._checked(operation, lambda: token_from_json(answer.get("token"), "ok.token"))

    def _checked(self, operation: str, convert: Callable[[], _A]) -> _A:
        try:
            return convert()
        except ProtocolViolation as violation:
            raise self._broken(f"the adapter broke the protocol on {operation}: {violation}") from violation

    def _broken(self, message: str, kind: type[AdapterError] = AdapterError) -> AdapterError:
        return kind(message, stderr_tail=self._end("it has been ended after it broke the protocol"))

    def _end(self, why: str) -> str:
        """End the process group, stop reading, and return the last lines of stderr."""
        self._closed = why
        process_group.end(self._process, patience_s=self.limits.kill_s)
        with suppress(BrokenPipeError, OSError):
            self._stdin.close()
        self._lines.stop()
        self._stderr.stop()
        return self._stderr.tail(self.limits.stderr_tail_lines)
