"""Whose fault it is, in the type of the error.

Every error that a user may meet is one of four, and each has the exit code that the command line ends with:

* `UsageError` (2): the call, a file or a setting is wrong, and the user can mend it.
* `AdapterError` (3): the adapter broke the protocol, or died.
* `HarnessError` (3): our own machinery failed.
* `ClientFailure`: no trouble at all, but an answer: the client under test reports that it failed.

The text of each says what is wrong, what was expected, and what to do next.
"""

from __future__ import annotations

from typing import ClassVar

from oauth_gauntlet.protocol import ErrorInfo


class GauntletError(Exception):
    """Root of the errors that end in one clear sentence instead of a traceback."""

    exit_code: ClassVar[int] = 3


class UsageError(GauntletError):
    """The command line, a file or a setting is wrong."""

    exit_code: ClassVar[int] = 2


class HarnessError(GauntletError):
    """The harness itself failed, or could not get what it needs from the machine."""


class AdapterError(GauntletError):
    """The adapter broke the protocol: the sentence names the cause and the next step.

    `stderr_tail` is what the adapter last wrote to its standard error, for the reader to see.
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
    """An operation did not answer within its time limit; the client under test hangs."""


class ClientFailure(Exception):
    """The client under test answered an operation with an error (adapter protocol, "Error")."""

    def __init__(self, error: ErrorInfo) -> None:
        super().__init__(f"{error.kind}: {error.message}")
        self.error = error
