"""Files that people keep as a list of entries in TOML, ``[[expect]]`` or ``[[finding]]``: what is the same for all of them."""

from __future__ import annotations

import difflib
import tomllib
from collections.abc import Collection, Mapping, Sequence

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.protocol import JSON, shown


def entries_of(text: str, key: str, name: str, problem: type[UsageError]) -> Sequence[Mapping[str, JSON]]:
    """Return the tables ``[[key]]`` of a document that has nothing else in it; `name` is what errors call the document.

    Raises:
        UsageError: a `problem`, where it is no TOML, or anything else.
    """
    try:
        document = tomllib.loads(text)
    except RecursionError as error:
        raise problem(f"{name}: not valid TOML: a value is nested too deep") from error
    except ValueError as error:  # not only TOMLDecodeError: a number may have too many digits for Python
        raise problem(f"{name}: not valid TOML: {error}") from error
    for each in document:
        if each != key:
            raise problem(f"{name}: unknown key {shown(each)}; expected [[{key}]] entries only")
    entries = document.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise problem(f"{name}: {key} must be a list of entries; write [[{key}]] above each")
    return entries


def require_known_keys(entry: Mapping[str, JSON], known: Collection[str], where: str, problem: type[UsageError]) -> None:
    """Refuse an entry with another key than the known ones; `where` is what the error calls it.

    Raises:
        UsageError: a `problem`, where there is one.
    """
    for key in entry:
        if key not in known:
            near = difflib.get_close_matches(key, known)
            hint = f"; did you mean {near[0]}?" if near else f"; there are {', '.join(known)}"
            raise problem(f"{where}: unknown key {shown(key)}{hint}")
