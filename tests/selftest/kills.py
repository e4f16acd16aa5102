"""Read and write kills.toml: which scenarios catch which bug.

The file has a table for each bug. A table has a key for each requirement that catches the bug; its value is "all", or the
list of the scenario ids without the requirement's id in front. The renewals of a requirement have a key of their own,
``auth.single-method+renewals``: "all" of the first requests then says nothing about renewals that are declared later.
"""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

from oauth_gauntlet.model import judges_renewal
from oauth_gauntlet_scenarios.catalogue import scenarios
from tests.selftest import bugs

FILE = Path(__file__).parent / "kills.toml"

_HEAD = """\
# Which scenarios catch which bug of tests/selftest/bugs: exactly these.
# Written by `make generate` (new bugs and scenarios) and by `python -m tests.selftest.matrix --update` (recorded ones too).
# Review every change of this file: if a scenario catches a bug that it is not about, it may fail correct clients too.
"""

_RENEWALS = "+renewals"

Kills = dict[str, frozenset[str]]
"""The ids of the scenarios that catch a bug, by the bug's name."""


def all_scenarios() -> dict[str, list[str]]:
    """Return the scenario ids of each requirement, except those that wait for minutes: their own tests show what they catch."""
    return {scenario.requirement.id: list(scenario.names()) for scenario in scenarios() if not scenario.thorough}


def _groups() -> dict[str, list[str]]:
    """Return the scenario ids of each key in a table of the file."""
    found: dict[str, list[str]] = defaultdict(list)
    for requirement, names in all_scenarios().items():
        for name in names:
            found[requirement + (_RENEWALS if judges_renewal(name) else "")].append(name)
    return found


def load() -> Kills:
    """Return the content of kills.toml, without scenarios that no longer exist."""
    every = _groups()
    existing = {name for names in every.values() for name in names}
    return {
        bug: frozenset(name for key, rest in table.items() for name in _named(every.get(key, []), key, rest)) & existing
        for bug, table in tomllib.loads(FILE.read_text(encoding="utf-8")).items()
    }


def dump(kills: Mapping[str, Iterable[str]]) -> str:
    """Return the text of kills.toml for these kills."""
    every = _groups()
    of = {name: key for key, names in every.items() for name in names}
    lines = [_HEAD]
    for bug, names in kills.items():
        table: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names):
            table[of[name]].append(name)
        lines.append(f"[{bug}]")
        for key, caught in sorted(table.items()):
            rest = '"all"' if len(caught) == len(every[key]) else _listed(key, caught)
            lines.append(f'"{key}" = {rest}')
        lines.append("")
    return "\n".join(lines)


def in_order(kills: Kills) -> Kills:
    """Return the kills of the bugs that exist, in the order of `Bug`."""
    return {bug.name: kills[bug.name] for bug in bugs.Bug if bug.name in kills}


def write(kills: Mapping[str, Iterable[str]]) -> None:
    """Write kills.toml."""
    FILE.write_text(dump(kills), encoding="utf-8")


def _named(every: list[str], key: str, rest: list[str] | str) -> list[str]:
    return every if rest == "all" else [key.removesuffix(_RENEWALS) + each for each in rest]


def _listed(key: str, names: list[str]) -> str:
    parts = [f'"{name.removeprefix(key.removesuffix(_RENEWALS))}"' for name in names]
    line = f"[{', '.join(parts)}]"
    if len(key) + len(line) < 120:
        return line
    return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"


def scenarios_without_a_bug(kills: Kills) -> list[str]:
    """Return the scenarios that catch no bug: it is not proved that they can catch one."""
    caught = {name for names in kills.values() for name in names}
    return [name for names in all_scenarios().values() for name in names if name not in caught]
