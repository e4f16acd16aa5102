"""Find the line of each key in a TOML document.

The standard library's parser returns values without lines. But a TOML document is a sequence of statements (a
table header, or a key with its value), and each statement alone is a valid document. So this module parses
one statement after another and knows the line of each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any

from oauth_gauntlet_server.config.toml_plain import plain_list_header, plain_text
from oauth_gauntlet_server.http.json_schema import KeyPath


def lines_of(text: str) -> dict[KeyPath, int]:
    """Return the line number, from 1, of every table and key in a valid TOML document; list indexes start at 0.

    A key or item inside a value has the line in which the value starts.
    """
    lines: dict[KeyPath, int] = {(): 1}
    counts: dict[KeyPath, int] = {}
    table: KeyPath = ()
    for line, statement, parsed in _statements(text):
        if statement.startswith("["):
            table = _table(parsed, counts, is_list=statement.startswith("[["))
            lines.setdefault(table, line)
        else:
            for path in _paths(parsed):
                lines.setdefault((*table, *path), line)
    return lines


def line_of(lines: Mapping[KeyPath, int], path: KeyPath) -> int:
    """Return the line of a key path, or of its nearest enclosing path that has a line."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    first_line, pending = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not pending:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            plain = _plain(line.removesuffix("\r"))
            if plain is not None:
                yield number, line.lstrip(), plain
                continue
            first_line = number
        pending += f"{line}\n"
        if line.rstrip().endswith(",") and "#" not in line:
            continue  # inside a list; parsing it again after each line would take quadratic time
        try:
            parsed = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue  # the value continues in the next line
        yield first_line, pending.lstrip(), parsed
        pending = ""


def _plain(line: str) -> dict[str, Any] | None:
    """Return what the parser returns for a plain statement, without the parser, which is slow; None for another one."""
    name, text = plain_list_header(line), plain_text(line)
    if name is not None:
        return {name: [{}]}
    return None if text is None else dict([text])


def _table(parsed: Any, counts: dict[KeyPath, int], *, is_list: bool) -> KeyPath:
    """Return the path of the table that a header starts.

    `counts` contains the number of items of each array of tables; a header of such an array increments it.
    """
    names: list[str] = []
    while parsed:
        parsed = parsed[0] if isinstance(parsed, list) else parsed
        if parsed:
            ((name, parsed),) = parsed.items()
            names.append(name)
    path: KeyPath = ()
    for name in names[:-1]:
        path = (*path, name)
        if path in counts:
            path = (*path, counts[path] - 1)
    path = (*path, names[-1])
    if is_list:
        counts[path] = counts.get(path, 0) + 1
        path = (*path, counts[path] - 1)
    return path


def _paths(value: Any) -> Iterator[KeyPath]:
    if isinstance(value, dict | list):
        for step, item in value.items() if isinstance(value, dict) else enumerate(value):
            yield (step,)
            for path in _paths(item):
                yield (step, *path)
