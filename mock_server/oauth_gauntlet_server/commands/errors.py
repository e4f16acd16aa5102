"""Define the errors of a command line: the text says what is wrong, what was expected, and the next step."""

from __future__ import annotations

from typing import ClassVar


class CommandError(Exception):
    """An error that is printed as one sentence instead of a traceback. The class sets the exit code."""

    exit_code: ClassVar[int] = 3


class UsageError(CommandError):
    """The command line, a file or a setting is wrong."""

    exit_code: ClassVar[int] = 2
