"""Run an adapter's program and exchange messages with it in JSON Lines (adapter protocol, "Transport").

After any `AdapterError` the program and its whole process group are ended and the object is closed; a caller that
wants to continue starts a new program.
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

from oauth_gauntlet.adapter import AnswerBy, after_the_request
from oauth_gauntlet.adapters import process_group
from oauth_gauntlet.adapters.client_environment import UMASK, client_environment
from oauth_gauntlet.adapters.early_exit import EarlyExit
from oauth_gauntlet.adapters.framing import read_answer, request_line
from oauth_gauntlet.adapters.pipes import LineReader, LineTooLong, TailReader, write_all
from oauth_gauntlet.adapters.starvation import Grace
from oauth_gauntlet.errors import AdapterEnded, AdapterError, AdapterTimeout, ClientFailure, UsageError
from oauth_gauntlet.protocol import JSON, ErrorInfo, JSONObject, ProtocolViolation

_A = TypeVar("_A")

_ABANDONED_S = 0.3
"""Seconds between SIGTERM and SIGKILL for a program that is abandoned."""


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterLimits:
    """Limits of time and size for an adapter, in seconds and octets.

    `start_s`: until hello is answered; generous, because some runtimes compile first. `operation_s`: any other
    operation. `close_s`: until the program ends after close. `kill_s`: between SIGTERM and SIGKILL.
    """

    start_s: float = 60.0
    operation_s: float = 30.0
    close_s: float = 5.0
    kill_s: float = 2.0
    line_octets: int = 16 * 1024 * 1024
    stderr_octets: int = 1024 * 1024
    stderr_tail_lines: int = 20


class AdapterProgram:
    """A running program that answers the requests of the adapter protocol."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        limits: AdapterLimits,
        cwd: str | None = None,
        env: Mapping[str, str] | None = None,
    ) -> None:
        """Start the program.

        Raises:
            UsageError: it cannot be started.
        """
        self.limits = limits
        self._command = tuple(command)
        environment = {**(client_environment(os.environ) if env is None else env), "OAUTH_GAUNTLET": "1"}
        try:
            self._process = process_group.start(command, env=environment, cwd=cwd, umask=UMASK)
        except OSError as error:
            raise UsageError(f"the adapter's command {command[0]!r} does not start: {error.strerror}") from error
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        assert self._process.stderr is not None
        self._stdin = self._process.stdin
        os.set_blocking(self._stdin.fileno(), False)
        self._lines = LineReader(self._process.stdout, most_octets=limits.line_octets)
        self._stderr = TailReader(self._process.stderr, most_octets=limits.stderr_octets)
        self._last_id = 0
        self._closed: str | None = None
        self.catches = False
        """Whether the adapter answers every exception that its language can catch (`Hello.catches`)."""
        self.answer_by: AnswerBy = after_the_request

    def call(self, operation: str, arguments: Mapping[str, JSON], limit_s: float | None = None) -> JSONObject:
        """Send one request, and return the object under ``ok`` of its answer.

        `limit_s` counts from now on; without it, `answer_by` decides.

        Raises:
            ClientFailure: the client answered with an error.
            AdapterError: the adapter did not answer, or its answer breaks the protocol; the program is ended.
        """
        if self._closed is not None:
            raise AdapterError(f"the adapter cannot be asked for {operation}: {self._closed}")
        stray = self._lines.waiting()
        if stray is not None:
            shown = stray[:200].decode("utf-8", "backslashreplace")
            raise self.broken(
                f"the adapter wrote a line before it was asked for {operation}: {shown!r}; answer each request "
                "once, and send logs to stderr"
            )
        self._last_id += 1
        limit = self.limits.operation_s if limit_s is None else limit_s
        answer_by = self.answer_by if limit_s is None else after_the_request
        self._stderr.mark()
        # When the pipe has no reader any more, the reason shows on stdout or in the exit code, below.
        with suppress(OSError):
            if not write_all(self._stdin.fileno(), request_line(self._last_id, operation, arguments), limit_s=limit):
                raise self.broken(
                    f"the adapter did not read its request to {operation} within {limit:g} s; read stdin line by line, "
                    "and answer each line before the next",
                    AdapterTimeout,
                )
        answer = self.checked(operation, lambda: read_answer(self._line(operation, limit, answer_by), self._last_id, operation))
        if isinstance(answer, ErrorInfo):
            raise ClientFailure(answer, trace=self._stderr.since_mark(self.limits.stderr_tail_lines))
        return answer

    def close(self) -> None:
        """Send close, wait for the program to end, and release everything.

        Raises:
            AdapterError: the program did not end, or not with exit code 0.
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
        """End the program at once; may be called from any thread. A pending `call` raises `AdapterError`."""
        if self._closed is not None:
            return  # its process group has ended, and another program may have the number by now
        process_group.end(self._process, patience_s=_ABANDONED_S)

    def stderr(self) -> str:
        """Return what the program has written to its standard error (the last MiB)."""
        return self._stderr.text()

    def checked(self, operation: str, convert: Callable[[], _A]) -> _A:
        """Return what `convert` returns.

        Raises:
            AdapterError: `convert` raised `ProtocolViolation`; the program is ended.
        """
        try:
            return convert()
        except ProtocolViolation as violation:
            raise self.broken(f"the adapter broke the protocol on {operation}: {violation}") from violation

    def broken(self, message: str, kind: type[AdapterError] = AdapterError) -> AdapterError:
        """End the program, and return the error to raise, with the last lines of stderr."""
        return kind(message, stderr_tail=self._end("it has been ended after it broke the protocol"))

    def _line(self, operation: str, limit_s: float, answer_by: AnswerBy) -> bytes:
        asked_at = time.monotonic()
        gone = False
        grace: Grace | None = None
        while True:
            # Wait in short steps: a grandchild may keep the pipe open after the adapter itself has ended, and the moment
            # until when the answer must come may move.
            deadline = answer_by(asked_at, limit_s)
            try:
                line = self._lines.next(min(0.2, max(0.02, deadline - time.monotonic())))
            except queue.Empty:
                if gone:
                    raise self._exited(operation) from None
                # One more step after it has ended: its last line may not have been read yet.
                gone = self._process.poll() is not None
                if time.monotonic() < answer_by(asked_at, limit_s) or gone:
                    grace = None
                    continue
                # A machine that is busy with other processes makes no client hang.
                grace = grace or Grace(self._process.pid)
                if grace.is_over():
                    waited_s = time.monotonic() - asked_at
                    raise self.broken(
                        f"the adapter did not answer {operation} within {waited_s:.0f} s; if the client waits for "
                        "something, give it a time limit, and flush stdout after each answer",
                        AdapterTimeout,
                    ) from None
                continue
            except LineTooLong:
                raise self.broken(
                    f"the adapter's answer to {operation} is longer than {self.limits.line_octets} octets without a "
                    "line end; write one JSON object per line"
                ) from None
            if line is None:
                raise self._exited(operation)
            return line

    def _exited(self, operation: str) -> AdapterError:
        """Return the error for a stdout that has ended: closed, cut off in an answer, before hello, or later."""
        try:
            code = self._process.wait(self.limits.kill_s)
        except subprocess.TimeoutExpired:
            return self.broken(
                f"the adapter closed its stdout during {operation} but is still running; keep it open until close"
            )
        how = process_group.describe_exit(code)
        ended = EarlyExit(operation=operation, code=code, how=how, unfinished=self._lines.unfinished)
        if self.catches and ended.by_the_client:
            return AdapterEnded(ended.without_answer, how=how, stderr_tail=self._end(f"it ended ({how})"))
        return self.broken(ended.words(self._command))

    def _end(self, why: str) -> str:
        """End the process group, stop reading, and return the last lines of stderr."""
        self._closed = why
        process_group.end(self._process, patience_s=self.limits.kill_s)
        with suppress(BrokenPipeError, OSError):
            self._stdin.close()
        self._lines.stop()
        self._stderr.stop()
        return self._stderr.tail(self.limits.stderr_tail_lines)
