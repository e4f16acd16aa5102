"""Escape text from a client, a server or a file before it is shown.

Control characters in such text could control the terminal or forge a line of a log.
"""

from __future__ import annotations


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
