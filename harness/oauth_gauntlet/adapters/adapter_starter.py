"""Starters: for each language the loop of the adapter protocol, and an adapter to complete.

A starter is a folder of this package: the files to copy, and ``starter.toml`` with the commands that build and start a
copy, or with its client spec. The adapters of the real clients in ``clients/`` use the same loops.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.addresses import page
from oauth_gauntlet.files.text_files import not_written

_COMMANDS = "starter.toml"

# What building and running leave behind when this package runs from its sources.
_LEFTOVERS = {"__pycache__", "target", "node_modules", ".overlay", "adapter"}


_IN_PROCESS = "-in-process"
"""The end of the name of a starter whose client runs in the process of the harness."""

_PAGE = "docs/adapter-protocol.md"
"""The page that starters refer to; a copy contains its address."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """The files of a starter by their relative path, the command that builds it ("": none), and the client spec of a copy."""

    language: str
    files: dict[str, bytes]
    build: str
    spec: str

    @property
    def start(self) -> str:
        """The command line that starts a copy; "" for a client in the process of the harness."""
        return self.spec.removeprefix("cmd:") if self.spec.startswith("cmd:") else ""


def starter_languages() -> tuple[str, ...]:
    """Return the languages for which there is a starter."""
    return tuple(name for name in _names() if not name.endswith(_IN_PROCESS))


def starter(language: str, *, in_process: bool = False) -> Starter:
    """Return the starter of a language; `in_process`: the one whose client runs in the process of the harness.

    Raises:
        UsageError: there is none.
    """
    if language not in starter_languages():
        raise UsageError(f"adapter new: there is no starter of {language!r}; there are {', '.join(starter_languages())}")
    name = f"{language}{_IN_PROCESS}" if in_process else language
    if name not in _names():
        raise UsageError(f"adapter new: a client of {language} cannot be an object of Python (py:); leave out --in-process")
    files = dict(_files(_folder() / name, ""))
    commands = tomllib.loads(files.pop(_COMMANDS).decode("utf-8"))
    spec = commands.get("spec") or f"cmd:{commands['start']}"
    copied = {path: octets.replace(_PAGE.encode(), page(_PAGE).encode()) for path, octets in files.items()}
    return Starter(language=language, files=copied, build=commands.get("build", ""), spec=spec)


def _names() -> list[str]:
    return sorted(each.name for each in _folder().iterdir() if each.is_dir() and each.name not in _LEFTOVERS)


def copy_starter(chosen: Starter, folder: Path) -> None:
    """Write the files of a starter into a folder, which is created if necessary; existing files are never overwritten.

    Raises:
        GauntletError: a file of that name exists already, or it cannot be written.
    """
    there = [name for name in chosen.files if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise UsageError(f"{folder}: {', '.join(there)}: already in the folder, and not overwritten; name another folder")
    for name, octets in chosen.files.items():
        path = folder / name
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with path.open("xb") as file:
                file.write(octets)
        except OSError as error:
            raise not_written(f"adapter new: {path}", error) from error


def _folder() -> Traversable:
    return resources.files("oauth_gauntlet") / "starters"


def _files(folder: Traversable, before: str) -> Iterator[tuple[str, bytes]]:
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.name in _LEFTOVERS:
            continue
        if each.is_dir():
            yield from _files(each, f"{before}{each.name}/")
        else:
            yield f"{before}{each.name}", each.read_bytes()
