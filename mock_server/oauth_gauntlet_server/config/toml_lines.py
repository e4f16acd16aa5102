"""In which line of a TOML document a key stands.

The standard library reads values and forgets lines. But a document is a sequence of statements (a table header, or a key
with its value), and each is a document by itself: reading one after the other gives the line of each.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, TypeAlias

KeyPath: TypeAlias = tuple[str | int, ...]


def lines_of(text: str) -> dict[KeyPath, int]:
    """Return the line, from 1, of every table and key of a valid TOML document; list indexes count from 0.

    What stands within a value has the line in which the value begins.
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
    """Return the line of a path, or of the nearest thing around it that has one."""
    while path not in lines:
        path = path[:-1]
    return lines[path]


def _statements(text: str) -> Iterator[tuple[int, str, dict[str, Any]]]:
    begun, pending = 0, ""
    for number, line in enumerate(text.split("\n"), 1):
        if not pending:
            if not line.strip() or line.lstrip().startswith("#"):
                continue
            begun = number
        pending += f"{line}\n"
        if line.rstrip().endswith(",") and "#" not in line:
            continue  # within a list: to look at the whole of it after each of its lines would take hours
        try:
            parsed = tomllib.loads(pending)
        except tomllib.TOMLDecodeError:
            continue  # its value goes on in the next line
        yield begun, pending.lstrip(), parsed
        pending = ""


def _table(parsed: Any, counts: dict[KeyPath, int], *, is_list: bool) -> KeyPath:
    """Return the path of the table that a header begins; `counts` holds how many items each list of tables has."""
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
