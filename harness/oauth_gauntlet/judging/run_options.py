"""Declare the options that `oauth-gauntlet run` and the pytest plugin share: one field of `RunOptions` for each option.

The command line has ``--NAME``, the plugin has ``--oauth-NAME``. `run` starts pytest and passes on the options that
the judging process needs (`pytest_arguments`). To add an option, add a field here and use it.

pytest imports this module in every session of every user who has the package installed. It imports nothing heavy.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

EFFORTS = ("quick", "ci", "thorough")
DEFAULT_SEED = 1
DEFAULT_TIME_LIMIT_S = 10.0
"""Seconds that a client may take to answer after the server has finished."""

_PREFIX = "--oauth-"


@dataclass(frozen=True, kw_only=True, slots=True)
class Declaration:
    """How an option is given and explained. `passed_on`: `run` gives it to the judging process."""

    help: str
    metavar: str | None = None
    choices: tuple[str, ...] | None = None
    type: Callable[[str], object] = str
    required: bool = False
    passed_on: bool = True

    def from_folder(self, value: Any, folder: Path) -> Any:
        """Return a value whose relative paths start at a folder; a value that is no path stays as it is."""
        if isinstance(value, tuple | list):
            return tuple(self.from_folder(each, folder) for each in value)
        if not isinstance(value, str) or self.metavar not in {"FILE", "PATH", "KIND=PATH"}:
            return value
        kind, equals, path = value.rpartition("=") if self.metavar == "KIND=PATH" else ("", "", value)
        return value if path == "-" else f"{kind}{equals}{folder / path}"


def _option(default: object, help: str, **more: Any) -> Any:  # noqa: A002 - the word of click and argparse
    return field(default=default, metadata={"declaration": Declaration(help=help, **more)})


@dataclass(frozen=True, kw_only=True, slots=True)
class RunOptions:
    """The values of the options. A default of False makes a flag, a default of () a repeatable option."""

    client: str = _option(
        "", "client under test: py:module:factory, or the adapter's command line", metavar="SPEC", required=True
    )
    grant: tuple[str, ...] = _option((), "judge this grant only (repeatable)", metavar="GRANT")
    level: str | None = _option(None, "judge requirements of this level and above", choices=("must", "unsafe", "should"))
    set: str = _option("all", "judge this set of requirements", metavar="NAME")
    profile: tuple[str, ...] = _option((), "judge the requirements of this profile too (repeatable)", metavar="NAME")
    scenarios: tuple[str, ...] = _option((), "judge the scenarios of this file or folder too (repeatable)", metavar="PATH")
    keep_going: bool = _option(False, "run all scenarios of a grant, also where the client gets no token for it at all")
    strict: bool = _option(False, "a warning counts as a failure")
    expect: str | None = _option(None, "baseline: file of known verdicts", metavar="FILE", passed_on=False)
    effort: str = _option("ci", "how many examples are generated, and whether a scenario may wait for minutes", choices=EFFORTS)
    seed: int | None = _option(
        None, "seed of tokens, identifiers and generated examples (default: 1; thorough: random)", metavar="N", type=int
    )
    time_limit: float = _option(
        DEFAULT_TIME_LIMIT_S,
        f"a client hangs if it does not answer so long after the server has finished (default: {DEFAULT_TIME_LIMIT_S:g})",
        metavar="SECONDS",
        type=float,
    )
    in_process: bool = _option(False, "run a py: client in the judging process, for a debugger")
    results: str | None = _option(None, "write the results stream (JSON Lines)", metavar="FILE", passed_on=False)
    report: tuple[str, ...] = _option((), "write a report (repeatable)", metavar="KIND=PATH", passed_on=False)

    @classmethod
    def of_pytest(cls, getoption: Callable[[str], Any]) -> RunOptions:
        """Return the values that pytest has read; `getoption` is that of its config."""
        values: dict[str, Any] = {}
        for name, _, _ in declarations():
            value = getoption(f"oauth_{name}")
            values[name] = tuple(value) if isinstance(value, list) else value
        return cls(**values)

    def from_folder(self, folder: Path) -> RunOptions:
        """Return the options with paths that start at a folder."""
        values = {name: declaration.from_folder(getattr(self, name), folder) for name, declaration, _ in declarations()}
        return RunOptions(**values)

    def checked_time_limit_s(self) -> float:
        """Return the time limit.

        Raises:
            ValueError: it is not a number of seconds above 0.
        """
        if not 0 < self.time_limit < math.inf:
            raise ValueError(f"the time limit is {self.time_limit:g}: expected a number of seconds above 0")
        return self.time_limit

    def pytest_arguments(self) -> list[str]:
        """Return the arguments for pytest that set the options that are passed on to the judging process."""
        arguments: list[str] = []
        for name, declaration, default in declarations():
            value = getattr(self, name)
            if not declaration.passed_on or value == default:
                continue
            if value is True:
                arguments.append(f"{_PREFIX}{spelled(name)}")
            else:
                for each in value if isinstance(value, tuple) else (value,):
                    arguments += [f"{_PREFIX}{spelled(name)}", str(each)]
        return arguments


def declarations() -> Iterator[tuple[str, Declaration, object]]:
    """Yield name, declaration and default of each option."""
    for each in fields(RunOptions):
        yield each.name, each.metadata["declaration"], each.default


def spelled(name: str) -> str:
    """Return an option's name as the command line has it: ``keep-going`` of ``keep_going``."""
    return name.replace("_", "-")


def addoption_keywords(declaration: Declaration, default: object) -> dict[str, Any]:
    """Return the keyword arguments with which `pytest.Parser` adds an option."""
    if default is False:
        return {"action": "store_true", "help": declaration.help}
    shown = f" (default: {default})" if default and isinstance(default, str) else ""
    keywords: dict[str, Any] = {"help": declaration.help + shown, "type": declaration.type, "metavar": declaration.metavar}
    if declaration.choices is not None:
        keywords["choices"] = declaration.choices
    if default == ():
        return keywords | {"action": "append", "default": []}
    return keywords | {"default": None if declaration.required else default}
