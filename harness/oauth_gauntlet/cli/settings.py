"""Read the options that a project keeps in a file: ``oauth-gauntlet.toml``, or ``[tool.oauth-gauntlet]`` in ``pyproject.toml``.

The keys are the options of `run` (`options_of_run`), and ``faults``. Other commands take the options that they share with
`run`. The nearest file upward from the working folder counts. The command line wins. Paths in the file start at its folder.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from oauth_gauntlet.cli.options_of_run import OptionOfRun, options_of_run
from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.files.text_files import Unreadable, read_text
from oauth_gauntlet.judging.run_options import Declaration
from oauth_gauntlet.reading import shown, unknown_name
from oauth_gauntlet_server.config.toml_lines import line_of, lines_of

OWN_FILE = "oauth-gauntlet.toml"
PYPROJECT = "pyproject.toml"
_TABLE = ("tool", "oauth-gauntlet")

_FAULTS = OptionOfRun(
    parameter="faults",
    spellings=("--faults",),
    declaration=Declaration(help="modules with faults of your own", metavar="PATH"),
    default=(),
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """The options of a file, and the line of each, by the name of its parameter. `path` is None if no file has any."""

    path: Path | None
    values: Mapping[str, Any]
    lines: Mapping[str, int]

    def place_of(self, name: str) -> str:
        """Return ``FILE, line N: `` if a parameter of the current command has its value from this file, else nothing."""
        return f"{self.path}, line {self.lines[name]}: " if given_by_file(name) and name in self.lines else ""

    def default_map(self) -> dict[str, dict[str, Any]]:
        """Return the values for each subcommand that has such an option, as click takes them."""
        faults = self.values.get("faults", ())
        scenarios = self.values.get("scenarios", ())
        run = {name: value for name, value in self.values.items() if name != "faults"}
        known = {name: value for name, value in self.values.items() if name == "expect"}
        strict = {name: value for name, value in self.values.items() if name == "strict"}
        return {
            "run": run,
            "gate": known | strict,
            "report": known,
            "list": {"paths": scenarios},
            "explain": {"paths": scenarios},
            "serve": {"faults": faults},
            "faults": {"own_faults": faults},
        }


NO_SETTINGS = Settings(path=None, values={}, lines={})


def given_by_file(name: str) -> bool:
    """Return whether a parameter of the current command has its value from the file of a project."""
    context = click.get_current_context(silent=True)
    return context is not None and context.get_parameter_source(name) is ParameterSource.DEFAULT_MAP


def nearest_settings(start: Path) -> Settings:
    """Return the settings of the nearest file from a folder upward.

    Raises:
        UsageError: a file cannot be read, or a key or value is wrong; the text names file, line and key.
    """
    for folder in (start, *start.parents):
        for name, table in ((OWN_FILE, ()), (PYPROJECT, _TABLE)):
            path = folder / name
            if not path.is_file():
                continue
            try:
                text = read_text(path)
            except Unreadable as error:
                raise UsageError(f"{path}: {error}") from error
            settings = settings_in(text, path, table)
            if settings is not None:
                return settings
    return NO_SETTINGS


def settings_in(text: str, path: Path, table: Sequence[str]) -> Settings | None:
    """Return the options in a table of a TOML document, or None if it has no such table.

    Raises:
        UsageError: see `nearest_settings`.
    """
    try:
        found: Any = tomllib.loads(text)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{path}: not valid TOML: {error}") from error
    for key in table:
        if not isinstance(found, dict) or key not in found:
            return None
        found = found[key]
    if not isinstance(found, dict):
        raise UsageError(f"{path}: {'.'.join(table)} must be a table")
    known = {each.key: each for each in (*options_of_run(), _FAULTS) if each.in_file}
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    for key, value in found.items():
        line = line_of(lines_of(text), (*table, key))
        option = known.get(key.replace("_", "-"))
        if option is None:
            raise UsageError(f"{path}, line {line}: {unknown_name('key', key, tuple(known))}")
        problem = _problem(value, option)
        if problem is not None:
            raise UsageError(f"{path}, line {line}: {key}: expected {problem}, got {_as_toml(value)}")
        values[option.parameter] = _from_folder(value, option, path.parent)
        lines[option.parameter] = line
    return Settings(path=path, values=values, lines=lines)


def _problem(value: Any, option: OptionOfRun) -> str | None:
    """Return what was expected in place of a value of another type, or None."""
    declaration = option.declaration
    if option.default is False:
        return None if isinstance(value, bool) else "true or false"
    if option.default == ():
        if not isinstance(value, list) or not all(isinstance(each, str) for each in value):
            return "a list of strings"
        return "strings without NUL" if any("\0" in each for each in value) else None
    if declaration.choices is not None:
        return None if value in declaration.choices else f"one of {', '.join(declaration.choices)}"
    if declaration.type in {int, float}:
        if _is_number(value, declaration.type) and (option.least is None or value >= option.least):
            return None
        words = "a number" if declaration.type is float else "an integer"
        return words if option.least is None else f"{words} from {option.least}"
    if not isinstance(value, str):
        return "a string"
    return "a string without NUL" if "\0" in value else None  # no argument of a command line, and no path, contains one


def _is_number(value: Any, kind: object) -> bool:
    if isinstance(value, bool) or not isinstance(value, int if kind is int else int | float):
        return False
    try:
        return kind is int or isinstance(float(value), float)
    except OverflowError:  # an integer that no float can hold
        return False


def _as_toml(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else shown(value)


def _from_folder(value: Any, option: OptionOfRun, folder: Path) -> Any:
    """Return a value whose paths start at the folder of the file. The name of a module is no path."""
    if folder == Path.cwd():
        return value
    if option is _FAULTS:
        return tuple(str(folder / each) if each.endswith(".py") or os.sep in each else each for each in value)
    return option.declaration.from_folder(value, folder)
