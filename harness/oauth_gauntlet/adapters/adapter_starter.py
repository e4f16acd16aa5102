"""Starters: for each language the loop of the protocol, which the adapters of the real clients use, and an adapter to fill in.

They are files of this package, a folder a language. What starts one is told by the files that it has.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import not_written

_BUILT = {
    "go.mod": ("go build -o adapter .", "./adapter"),
    "Cargo.toml": ("cargo build --release", "target/release/adapter"),
    "pom.xml": ("mvn -q package", "java -jar target/adapter.jar"),
}
"""By the file that says how a starter is built: what builds it, and what starts it then."""

_INTERPRETED = {
    "adapter.mjs": "node",
    "adapter.php": "php",
    "adapter.pl": "perl",
    "adapter.py": "python",
    "adapter.rb": "ruby",
    "adapter.sh": "bash",
}

# What building and running leave behind, where this package is run from its sources.
_LEFTOVERS = {"__pycache__", "target", "node_modules", ".overlay", "adapter"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Starter:
    """A starter: its files by their path in its folder, what builds it ("" where nothing needs to), and what starts it."""

    language: str
    files: dict[str, bytes]
    build: str
    start: str


def starter_languages() -> tuple[str, ...]:
    """Return the languages that there is a starter of."""
    return tuple(sorted(each.name for each in _folder().iterdir() if each.is_dir() and each.name not in _LEFTOVERS))


def starter(language: str) -> Starter:
    """Return the starter of a language.

    Raises:
        UsageError: there is none.
    """
    if language not in starter_languages():
        raise UsageError(f"adapter new: there is no starter of {language!r}; there are {', '.join(starter_languages())}")
    files = dict(_files(_folder() / language, ""))
    built = next((how for name, how in _BUILT.items() if name in files), None)
    if built is None:
        started = next(((f"{program} {name}") for name, program in _INTERPRETED.items() if name in files), "")
        built = ("", started)
    return Starter(language=language, files=files, build=built[0], start=built[1])


def copy_starter(chosen: Starter, folder: Path) -> None:
    """Write a starter's files into a folder, which is made where there is none; nothing that is there is touched.

    Raises:
        GauntletError: a file of that name is there already, or it cannot be written.
    """
    there = [name for name in chosen.files if (folder / name).exists() or (folder / name).is_symlink()]
    if there:
        raise UsageError(f"{folder}: {', '.join(there)}: there already, and left as it is; name another folder")
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
