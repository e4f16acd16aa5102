"""Define the error classes. The class of an error states what failed, and sets the exit code of the command line.

* `UsageError` (exit code 2): the command line, a file or a setting is wrong, and the user can fix it.
* `AdapterError` (3): the adapter broke the protocol, or its process ended.
* `HarnessError` (3): the harness itself failed.
* `ClientFailure` (no exit code): the client under test reports an error. This is an answer, not a failure of the run.

The text of each contains what is wrong, what was expected, and the next step.
"""

from __future__ import annotations

from typing import ClassVar

from oauth_gauntlet.protocol import ErrorInfo
from oauth_gauntlet_server.commands.errors import CommandError


class GauntletError(CommandError):
    """Base class of the harness's errors that are printed as one sentence instead of a traceback (exit code 3)."""


class UsageError(GauntletError):
    """The command line, a file or a setting is wrong."""

    exit_code: ClassVar[int] = 2


class HarnessError(GauntletError):
    """The harness itself failed, or the machine did not have what it needs."""


class AdapterError(GauntletError):
    """The adapter broke the protocol. The message names the cause and the next step.

    `stderr_tail` contains the last lines that the adapter wrote to its standard error.
    """

    def __init__(self, message: str, *, stderr_tail: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.stderr_tail = stderr_tail

    def __str__(self) -> str:
        if not self.stderr_tail:
            return self.message
        return f"{self.message}\nlast lines of the adapter's stderr:\n{self.stderr_tail}"


class AdapterTimeout(AdapterError):
    """An operation did not answer within its time limit.

    The client hangs if the server had finished; `oauth_gauntlet.lab` decides that.
    """


class AdapterEnded(AdapterError):
    """The adapter's process ended during an operation, though it answers every exception (`Hello.catches`).

    The client crashed if the server's answer caused it; `oauth_gauntlet.lab` decides that. `how` is the exit code or the
    signal in words.
    """

    def __init__(self, message: str, *, how: str, stderr_tail: str = "") -> None:
        super().__init__(message, stderr_tail=stderr_tail)
        self.how = how


class ClientFailure(Exception):
    """The client under test answered an operation with an error (adapter protocol, "Error").

    `trace` contains the last lines that the adapter wrote to its standard error during the operation, such as those of a
    traceback.
    """

    def __init__(self, error: ErrorInfo, *, trace: str = "") -> None:
        super().__init__(f"{error.kind}: {error.message}")
        self.error = error
        self.trace = trace
