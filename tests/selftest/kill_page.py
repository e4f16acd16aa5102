"""The text of docs/kill-matrix.md, made from kills.toml without running a scenario (`make generate` writes it)."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from tests.selftest import bugs, kills

PAGE = Path(__file__).parents[2] / "docs" / "kill-matrix.md"

_MOST_REQUIREMENTS = 6
_MOST_BUGS = 8

_HEAD = """\
# The kill matrix

How the harness is tested: by clients with a known bug. Each is the reference client with one bug. It is caught by the
scenarios listed here, and by no others. This page is made from `tests/selftest/kills.toml`; `make selftest` checks that file
against a run of all these clients.
"""


def page(known: kills.Kills) -> str:
    """Return the page: for each bug the requirements that catch it, for each requirement the bugs that it catches."""
    every = kills.all_scenarios()
    requirement_of = {name: requirement for requirement, names in every.items() for name in names}
    catching: dict[str, set[str]] = defaultdict(set)
    for bug, names in known.items():
        for name in names:
            catching[requirement_of[name]].add(bug)
    without = kills.scenarios_without_a_bug(known)
    counts = f"{len(every)} requirements, {len(requirement_of)} scenarios, {len(without)} of them without a bug"
    lines = [_HEAD, f"{len(known)} bugs; {counts}.", "", "## Bugs", ""]
    lines += ["| bug | what it does | seen in | caught by |", "| --- | --- | --- | --- |"]
    for bug in bugs.Bug:
        requirements = sorted({requirement_of[name] for name in known.get(bug.name, ())})
        caught_by = _some([f"`{each}`" for each in requirements], _MOST_REQUIREMENTS)
        what_it_does = " ".join((bug.value.__doc__ or "").split())
        lines.append(f"| {bug.name} | {what_it_does} | {', '.join(bug.value.seen_in)} | {caught_by} |")
    lines += ["", "## Requirements", "", "| requirement | bugs that it catches |", "| --- | --- |"]
    lines += [f"| `{requirement}` | {_some(sorted(catching[requirement]), _MOST_BUGS)} |" for requirement in sorted(every)]
    return "\n".join(lines) + "\n"


def write() -> None:
    """Write the page and kills.toml from the content of kills.toml."""
    known = kills.load()
    kills.write(kills.in_order(known))
    PAGE.write_text(page(known), encoding="utf-8")


def _some(names: list[str], most: int) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
