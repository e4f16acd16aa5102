"""Recognize the plainest lines of a TOML document without a parser: headers, and keys with a text.

The standard library's parser is written in Python, and takes about 20 µs for such a line. A large file consists of
nothing else.
"""

from __future__ import annotations

import re

_TEXT = re.compile(r'[ \t]*([A-Za-z0-9_-]+)[ \t]*=[ \t]*"([^"\\\x00-\x1f\x7f]*)"[ \t]*')
_LIST_HEADER = re.compile(r"[ \t]*\[\[[ \t]*([A-Za-z0-9_-]+)[ \t]*\]\][ \t]*")
_NOTHING = re.compile(r"[ \t]*(?:#[^\x00-\x08\x0a-\x1f\x7f]*)?")


def plain_text(line: str) -> tuple[str, str] | None:
    """Return the key and the value of a line such as ``key = "text"``, or None if the line is another one."""
    found = _TEXT.fullmatch(line)
    return None if found is None else (found[1], found[2])


def plain_list_header(line: str) -> str | None:
    """Return the name in a line such as ``[[name]]``, or None if the line is another one."""
    found = _LIST_HEADER.fullmatch(line)
    return None if found is None else found[1]


def is_empty(line: str) -> bool:
    """Return whether a line has nothing, or only a comment."""
    return _NOTHING.fullmatch(line) is not None
