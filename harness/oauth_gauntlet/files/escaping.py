"""Escape text from a client, a server or a file before it is shown.

Hostile control characters could drive a terminal or forge a line of a log.
"""

from __future__ import annotations


def escaped(text: str) -> str:
    """Return text with its control and other unprintable characters made visible."""
    if text.isprintable():
        return text
    return "".join(
        character
        if character.isprintable() or character == " "
        else character.encode("unicode_escape", "backslashreplace").decode("ascii")
        for character in text
    )
