"""Read TOML files that contain a list of entries, such as ``[[expect]]`` or ``[[finding]]``. Pure: the text is given."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise

from oauth_gauntlet.reading import JSON, Malformed, shown
from oauth_gauntlet_server.config.toml_plain import is_empty, plain_list_header, plain_text


def entries_of(text: str, key: str) -> Sequence[Mapping[str, JSON]]:
    """Return the tables ``[[key]]`` of a TOML document that contains nothing else.

    Raises:
        Malformed: the text is not TOML, or the document contains another key.
    """
    found = _each_alone(text, key)
    if found is not None:
        return found
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise Malformed("not valid TOML: a value is nested too deep") from error
    except ValueError as error:  # not only TOMLDecodeError: a number may have too many digits for Python
        raise Malformed(f"not valid TOML: {error}") from error
    for each in document:
        if each != key:
            raise Malformed(f"unknown key {shown(each)}; expected [[{key}]] entries only")
    entries = document.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Malformed(f"{key} must be a list of entries; write [[{key}]] above each")
    return entries


def _each_alone(text: str, key: str) -> Sequence[Mapping[str, JSON]] | None:
    """Return the entries, each parsed alone: a plain one without tomllib, which needs seconds for a large file.

    None if the document is not a list of entries that are valid alone: ``[[key]]`` may be a line of a text, for example.
    """
    lines = text.replace("\r\n", "\n").split("\n")
    starts = [place for place, line in enumerate(lines) if plain_list_header(line) == key]
    if not all(map(is_empty, lines[: starts[0]] if starts else lines)):
        return None
    entries: list[Mapping[str, JSON]] = []
    for begin, end in pairwise([*starts, len(lines)]):
        plain = _plain_entry(lines[begin + 1 : end])
        if plain is not None:
            entries.append(plain)
            continue
        try:
            document = tomllib.loads("\n".join(lines[begin:end]))
        except (ValueError, RecursionError):
            return None
        if len(document) > 1:
            return None
        entries += document[key]
    return entries


def _plain_entry(lines: Sequence[str]) -> Mapping[str, JSON] | None:
    """Return an entry that consists of lines such as ``key = "text"`` and comments; None if it has another line."""
    entry: dict[str, JSON] = {}
    for line in lines:
        found = plain_text(line)
        if found is not None and found[0] not in entry:
            entry[found[0]] = found[1]
        elif found is not None or not is_empty(line):
            return None
    return entry


def require_known_keys(entry: Mapping[str, JSON], known: Collection[str]) -> None:
    """Check that an entry has no key but the known ones.

    Raises:
        Malformed: it has one; the text contains the nearest known key, or all of them.
    """
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, known)
            hint = f"; did you mean {near[0]}?" if near else f"; the known keys are {', '.join(known)}"
            raise Malformed(f"unknown key {shown(key)}{hint}")


def required_texts(entry: Mapping[str, JSON], keys: Sequence[str]) -> dict[str, str]:
    """Return the values of keys that every entry needs, each a text that is not blank.

    Raises:
        Malformed: one is missing, is not a string, or is blank.
    """
    for key in keys:
        value = entry.get(key)
        if not isinstance(value, str) or not value.strip():
            raise Malformed(f"{key} is missing; every entry needs {', '.join(keys)} as text")
    return {key: entry[key] for key in keys}
