"""Escape text from a client, a server or a file before it is shown: on a terminal, and in the log of a CI system."""

from __future__ import annotations

import re

from oauth_gauntlet_server.http.escaping import escaped, escaped_lines

__all__ = ["escaped", "escaped_lines", "for_log", "last_lines"]


# "::name::" at the beginning of a line; "##[name]", "##vso[...]" and "##teamcity[...]" anywhere in it.
_COMMAND = re.compile(r"^(\s*):(?=:)|#(?=#\w*\[)")


def for_log(text: str) -> str:
    """Return text escaped for a line of a log: a CI system that reads the log finds no command in it.

    GitHub's runner obeys ``::name::`` at the beginning of a line, and ``##[name]`` anywhere; others are similar.
    """
    return _COMMAND.sub(lambda match: f"{match[1] or ''}\\x{ord(match[0][-1]):x}", escaped(text))


def last_lines(text: str, *, lines: int = 12, characters: int = 300) -> str:
    """Return the last lines of a program's output, each with at most so many characters."""
    return "\n".join(line[:characters] for line in text.splitlines()[-lines:])
