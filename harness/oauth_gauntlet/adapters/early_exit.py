"""Explain why an adapter's program ended during an operation: its client ended it, or it broke by itself. Pure.

A program whose loop answers every exception (`Hello.catches`) ends only if its client ends it: by an uncaught exception in a
callback, an abort, an exhausted stack. The exit code 70 says that the adapter itself broke.
"""

from __future__ import annotations

import signal
from collections.abc import Sequence
from dataclasses import dataclass

ADAPTER_BROKE = 70
"""The exit code of an adapter that broke by itself (EX_SOFTWARE of sysexits.h)."""

_CRASHES = {
    -number
    for number in (signal.SIGABRT, signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE, signal.SIGTRAP, signal.SIGSYS)
}
"""Exit codes of the signals that a process causes by itself; the others come from outside."""


@dataclass(frozen=True, kw_only=True, slots=True)
class EarlyExit:
    """The end of a program before its answer to `operation` was complete.

    `code` is its exit code, negative for a signal; `how` is the code in words. `unfinished`: what it had written of the answer.
    """

    operation: str
    code: int
    how: str
    unfinished: bytes = b""

    @property
    def by_the_client(self) -> bool:
        """Whether its client ended it, if its loop answers every exception."""
        by_itself = self.code >= 0 or self.code in _CRASHES
        return not self.unfinished and self.operation != "hello" and self.code != ADAPTER_BROKE and by_itself

    @property
    def without_answer(self) -> str:
        """What happened, where the client ended the program."""
        return f"the adapter ended ({self.how}) during {self.operation}, before the server had sent anything"

    def words(self, command: Sequence[str]) -> str:
        """Return what happened and the next step, where the adapter is at fault; `command` started the program."""
        if self.unfinished:
            shown = self.unfinished[:200].decode("utf-8", "backslashreplace")
            return (
                f"the adapter ended ({self.how}) in the middle of its answer to {self.operation}: {shown!r}; end each answer "
                "with a line end, and catch every exception of the client"
            )
        if self.operation == "hello":
            return (
                f"the adapter ended ({self.how}) before it answered hello; run the command by hand and read what it prints: "
                f"{' '.join(command)}"
            )
        if self.code == ADAPTER_BROKE:
            return f"the adapter broke by itself ({self.how}) during {self.operation}; its stderr says why"
        return (
            f"the adapter ended ({self.how}) during {self.operation}; catch every exception of the client and answer with "
            "kind unexpected"
        )
