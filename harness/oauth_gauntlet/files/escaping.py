"""Escape text from a client, a server or a file before it is shown.

Control characters in such text could control the terminal or forge a line of a log.
"""

from __future__ import annotations

import re


def escaped(text: str) -> str:
    """Return text in which control characters and other unprintable characters are escaped."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character == " "
        else character.encode("unicode_escape", "backslashreplace").decode("ascii")
        for character in text
    )


def escaped_lines(text: str) -> str:
    """Return text in which unprintable characters are escaped, except the line feeds."""
    lines = text.split("\n")
    return text if "".join(lines).isprintable() else "\n".join(map(escaped, lines))


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
