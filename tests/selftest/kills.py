"""``kills.toml``: which scenarios catch which bug, and its page in the documentation."""

from __future__ import annotations

import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path

import bugs

from oauth_gauntlet.requirement import scenario_id
from oauth_gauntlet_scenarios.catalogue import scenarios

FILE = Path(__file__).parent / "kills.toml"
PAGE = Path(__file__).parents[2] / "docs" / "kill-matrix.md"

_HEAD = """\
# Which scenarios catch which bug of tests/selftest/bugs: these, no more and no fewer.
# Made by `python tests/selftest/matrix.py --update`; every change to it wants to be looked at: a scenario that catches a
# bug that it is not about may be one that fails correct clients.
"""

_SHOWN = 8
"""Names that a cell of the page shows."""

Kills = dict[str, frozenset[str]]
"""The scenario ids that catch a bug, by the bug's name."""


def all_scenarios() -> dict[str, list[str]]:
    """Return the scenario ids of each requirement."""
    return {
        scenario.requirement.id: [
            scenario_id(scenario.requirement, grant, variant)
            for variant in scenario.variants or (None,)
            for grant in scenario.requirement.grants
        ]
        for scenario in scenarios()
    }


def load() -> Kills:
    """Return what the file says."""
    every = all_scenarios()
    return {
        bug: frozenset(name for requirement, rest in table.items() for name in _named(every[requirement], requirement, rest))
        for bug, table in tomllib.loads(FILE.read_text()).items()
    }


def dump(kills: Mapping[str, Iterable[str]]) -> str:
    """Return the text of the file."""
    every = all_scenarios()
    of = {name: requirement for requirement, names in every.items() for name in names}
    lines = [_HEAD]
    for bug, names in kills.items():
        table: dict[str, list[str]] = defaultdict(list)
        for name in sorted(names):
            table[of[name]].append(name)
        lines.append(f"[{bug}]")
        for requirement, caught in sorted(table.items()):
            rest = '"all"' if len(caught) == len(every[requirement]) else _listed(requirement, caught)
            lines.append(f'"{requirement}" = {rest}')
        lines.append("")
    return "\n".join(lines)


def _named(every: list[str], requirement: str, rest: list[str] | str) -> list[str]:
    return every if rest == "all" else [requirement + each for each in rest]


def _listed(requirement: str, names: list[str]) -> str:
    parts = [f'"{name.removeprefix(requirement)}"' for name in names]
    line = f"[{', '.join(parts)}]"
    if len(requirement) + len(line) < 120:
        return line
    return "[\n" + "".join(f"  {part},\n" for part in parts) + "]"


def scenarios_without_a_bug(kills: Kills) -> list[str]:
    """Return the scenarios that catch no bug: of them nobody knows whether they could."""
    caught = {name for names in kills.values() for name in names}
    return [name for names in all_scenarios().values() for name in names if name not in caught]


def page(kills: Kills) -> str:
    """Return the kill matrix as a page: for each requirement the bugs that it catches, for each bug what catches it."""
    every = all_scenarios()
    of = {name: requirement for requirement, names in every.items() for name in names}
    catching: dict[str, set[str]] = defaultdict(set)
    for bug, names in kills.items():
        for name in names:
            catching[of[name]].add(bug)
    without = scenarios_without_a_bug(kills)
    lines = [
        "# The kill matrix",
        "",
        "Who judges the judge: broken clients. Each is the reference client with one bug; the scenarios named beside it find",
        "fault with it, no others. Made from `tests/selftest/kills.toml`, which `tox -e selftest` holds against what happens.",
        "",
        f"{len(kills)} bugs; {len(every)} requirements, {len(of)} scenarios, {len(without)} of them without a bug.",
        "",
        "## Bugs",
        "",
        "| bug | what it does | seen in | caught by |",
        "| --- | --- | --- | --- |",
    ]
    for bug in bugs.Bug:
        client = bug.value
        requirements = sorted({of[name] for name in kills.get(bug.name, ())})
        shown = ", ".join(f"`{each}`" for each in requirements[:6]) + (
            f" and {len(requirements) - 6} more" if len(requirements) > 6 else ""
        )
        does = " ".join((client.__doc__ or "").split())
        lines.append(f"| {bug.name} | {does} | {', '.join(client.seen_in)} | {shown} |")
    lines += ["", "## Requirements", "", "| requirement | bugs that it catches |", "| --- | --- |"]
    for requirement in sorted(every):
        lines.append(f"| `{requirement}` | {_few(sorted(catching[requirement]))} |")
    return "\n".join(lines) + "\n"


def _few(names: list[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(names[:_SHOWN]) + more
