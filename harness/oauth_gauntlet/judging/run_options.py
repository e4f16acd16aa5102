"""Declare the options that `oauth-gauntlet run` and the pytest plugin share: one field of `RunOptions` for each option.

The command line has ``--NAME``, the plugin has ``--oauth-NAME``. `run` starts pytest and passes on the options that
the judging process needs (`pytest_arguments`). To add an option, add a field here and use it.

pytest imports this module in every session of every user who has the package installed. It imports nothing heavy.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, fields
from typing import Any

EFFORTS = ("quick", "ci", "thorough")
DEFAULT_SEED = 1

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
    strict: bool = _option(False, "a warning counts as a failure")
    expect: str | None = _option(None, "baseline: file of known verdicts", metavar="FILE", passed_on=False)
    effort: str = _option("ci", "how many examples are generated", choices=EFFORTS)
    seed: int | None = _option(None, "seed of generated examples (default: 1; thorough: random)", metavar="N", type=int)
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

    def pytest_arguments(self) -> list[str]:
        """Return the arguments for pytest that set the options that are passed on to the judging process."""
        arguments: list[str] = []
        for name, declaration, default in declarations():
            value = getattr(self, name)
            if not declaration.passed_on or value == default:
                continue
            if value is True:
                arguments.append(f"{_PREFIX}{name}")
            else:
                for each in value if isinstance(value, tuple) else (value,):
                    arguments += [f"{_PREFIX}{name}", str(each)]
        return arguments


def declarations() -> Iterator[tuple[str, Declaration, object]]:
    """Yield name, declaration and default of each option."""
    for each in fields(RunOptions):
        yield each.name, each.metadata["declaration"], each.default


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
