"""The page of the documentation that lists the requirements, and the table of what is covered. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from oauth_gauntlet.model import Level
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.requirement import Scenario
from oauth_gauntlet_scenarios.not_observable import NOT_OBSERVABLE
from oauth_gauntlet_scenarios.requirement_sets import requirement_sets

_INTRODUCTION = """\
# Requirements

Made by `oauth-gauntlet list --format markdown`; a test holds it against the code.
`oauth-gauntlet explain ID` tells what is done and what is checked.

`must`: an RFC says so of the client; `connector`: the configuration page from which this project started promises
it (connector.md goes through it); a client that does otherwise fails. `should`: an RFC recommends it; `interop`:
widespread practice; a client that does otherwise is warned."""

_LEVELS = (Level.MUST, Level.CONNECTOR, Level.SHOULD, Level.INTEROP)


def requirements_page(known: Sequence[Scenario]) -> str:
    """Return the page in Markdown: what is covered, the sets, every requirement, and what is not observable."""
    lines = [_INTRODUCTION, "", "## What is covered", "", *coverage_table(known), "", "## Sets", "", *_sets(len(known))]
    for category, scenarios in _by_category(known).items():
        lines += ["", f"## {category}", "", *_rows("id level source statement grants needs runs", map(_cells, scenarios))]
    lines += ["", "## Not observable", "", "What no scenario judges, and why.", ""]
    lines += _rows("id demand why-not", ((f"`{name}`", *words) for name, words in NOT_OBSERVABLE.items()))
    return "\n".join(lines) + "\n"


def coverage_table(known: Sequence[Scenario]) -> list[str]:
    """Return the lines of the table that counts requirements by category and level, and scenarios."""
    cells: list[tuple[str, ...]] = []
    for category, scenarios in _by_category(known).items():
        cells.append((category, *_counts(scenarios)))
    return _rows("category must connector should interop scenarios", [*cells, ("**all**", *_counts(known))])


def _counts(scenarios: Iterable[Scenario]) -> tuple[str, ...]:
    listed = tuple(scenarios)
    levels = Counter(scenario.requirement.level for scenario in listed)
    return (*(str(levels[level] or "") for level in _LEVELS), str(sum(len(scenario.names()) for scenario in listed)))


def _sets(whole: int) -> list[str]:
    said = "`--set NAME` judges one set; a report names it with its version. Sets are frozen: another content, another version."
    rows = [
        (f"`{each.name}`", each.version, each.title, str(whole if each.ids is None else len(each.ids)))
        for each in requirement_sets().values()
    ]
    return [said, "", *_rows("name version what-it-holds requirements", rows)]


def _by_category(known: Sequence[Scenario]) -> dict[str, list[Scenario]]:
    found: dict[str, list[Scenario]] = {}
    for scenario in sorted(known, key=lambda each: each.requirement.category):
        found.setdefault(scenario.requirement.category, []).append(scenario)
    return found


def _cells(scenario: Scenario) -> tuple[str, ...]:
    requirement = scenario.requirement
    everywhere = len(requirement.grants) == len(GrantType)
    grants = "all" if everywhere else ", ".join(grant.short for grant in requirement.grants)
    needs = ", ".join(sorted(requirement.parameters | requirement.capabilities | requirement.auth_methods))
    said = (str(requirement.level), requirement.source, requirement.statement, grants, needs)
    return (f"`{requirement.id}`", *said, str(len(scenario.names())))


def _rows(titles: str, rows: Iterable[Sequence[str]]) -> list[str]:
    columns = [title.replace("-", " ") for title in titles.split()]
    lines = ["| " + " | ".join(columns) + " |", "|---" * len(columns) + "|"]
    return lines + ["| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows]
