"""Check that a command destroys no file: it writes no file that it reads, and no file twice."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from oauth_gauntlet.errors import UsageError


@dataclass(frozen=True, kw_only=True, slots=True)
class NamedFile:
    """A file of the command line. `name` is what a user calls it: ``--results run.jsonl``."""

    name: str
    path: Path


def check_distinct(*, written: Iterable[NamedFile], read: Iterable[NamedFile] = ()) -> None:
    """Check the files that a command will read and write, before it writes the first.

    Two paths may name one file: relative, by a link, or by another name of the same file. A device or a pipe may be written
    more than once: it loses nothing.

    Raises:
        UsageError: a file would be written that is read, or that is written already.
    """
    seen = {key: (each, "reads") for each in read if (key := _key(each.path)) is not None}
    for each in written:
        key = _key(each.path)
        if key is None:
            continue
        if key in seen:
            other, verb = seen[key]
            raise UsageError(
                f"{each.name}: is the same file as {other.name}, which this command {verb}; give the path of another file"
            )
        seen[key] = each, "writes too"


def _key(path: Path) -> tuple[str, ...] | None:
    """Return what two paths have in common if they name one file; None for a device or a pipe, and for a path that is none."""
    try:
        found = path.stat()
    except (OSError, ValueError):  # ValueError: a NUL
        found = None
    if found is not None and not stat.S_ISREG(found.st_mode):
        return None
    if found is not None and found.st_ino:
        return str(found.st_dev), str(found.st_ino)
    try:
        return (os.path.normcase(path.resolve()),)
    except (OSError, RuntimeError, ValueError):  # RuntimeError: a circle of links
        return None
