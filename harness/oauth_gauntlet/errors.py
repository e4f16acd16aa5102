"""The errors of the harness; the class of an error tells who has to fix it.

Each class has the exit code of the command line:

* `UsageError` (2): the command line, a file or a setting is wrong; the user can fix it.
* `AdapterError` (3): the adapter broke the protocol, or its process ended.
* `HarnessError` (3): the harness itself failed.
* `ClientFailure`: not a failure of the run, but an answer: the client reports an error.

The text of each states what is wrong, what was expected, and the next step.
"""

from __future__ import annotations

from typing import ClassVar

from oauth_gauntlet.protocol import ErrorInfo


class GauntletError(Exception):
    """Base of the errors that the command line prints as a message without a traceback."""

    exit_code: ClassVar[int] = 3


class UsageError(GauntletError):
    """The command line, a file or a setting is wrong."""

    exit_code: ClassVar[int] = 2


class HarnessError(GauntletError):
    """The harness itself failed, or the machine lacks a resource that it needs."""


class AdapterError(GauntletError):
    """The adapter broke the protocol; the message names the cause and the next step.

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
    """An operation did not answer within its time limit: the client hangs."""


class ClientFailure(Exception):
    """The client answered an operation with an error (adapter protocol, "Token and error")."""

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(f"{error.kind}: {error.message}")
        self.error = error
