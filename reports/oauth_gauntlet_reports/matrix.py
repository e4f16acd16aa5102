"""Several clients side by side: categories by clients, and the requirements that at least one of them breaks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from oauth_gauntlet.model import Result, Run
from oauth_gauntlet_reports.causes import CATEGORIES, GRAVITY, LEVELS, Cause, Score, causes, client_name, scores


@dataclass(frozen=True, kw_only=True, slots=True)
class RequirementRow:
    """A requirement with what each client made of it; None where its run has no result of it."""

    cells: tuple[Cause | None, ...]

    @property
    def example(self) -> Result:
        """The gravest result of all: it names statement, level and source."""
        return min((cell.worst for cell in self.cells if cell is not None), key=lambda each: GRAVITY.index(each.verdict))


@dataclass(frozen=True, kw_only=True, slots=True)
class CategoryRow:
    """A category with each client's score, and its requirements with findings, the gravest first."""

    category: str
    title: str
    cells: tuple[Score | None, ...]
    requirements: tuple[RequirementRow, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Clients in the order of the files, each with a name of its own."""

    clients: tuple[str, ...]
    runs: tuple[Run, ...]
    rows: tuple[CategoryRow, ...]


def matrix(runs: Sequence[Run]) -> Matrix:
    """Return runs side by side."""
    by_category = [{score.category: score for score in scores(run)} for run in runs]
    by_requirement = [{cause.id: cause for cause in causes(run.results)} for run in runs]
    categories = sorted({name for each in by_category for name in each})
    names = dict.fromkeys(name for each in by_requirement for name in each)
    rows = [RequirementRow(cells=tuple(each.get(name) for each in by_requirement)) for name in names]
    told = sorted((row for row in rows if any(cell and cell.findings for cell in row.cells)), key=_order)
    return Matrix(
        clients=_names(runs),
        runs=tuple(runs),
        rows=tuple(
            CategoryRow(
                category=category,
                title=CATEGORIES.get(category, category),
                cells=tuple(each.get(category) for each in by_category),
                requirements=tuple(row for row in told if row.example.category == category),
            )
            for category in categories
        ),
    )


def _order(row: RequirementRow) -> tuple[int, int, int, str]:
    example = row.example
    having = sum(bool(cell and cell.findings) for cell in row.cells)
    return GRAVITY.index(example.verdict), LEVELS.index(example.level), -having, example.id


def _names(runs: Sequence[Run]) -> tuple[str, ...]:
    """Return the clients' names, numbered where two are called alike."""
    plain = [client_name(run) for run in runs]
    counts, seen = Counter(plain), Counter[str]()
    names: list[str] = []
    for name in plain:
        seen[name] += 1
        names.append(f"{name} ({seen[name]})" if counts[name] > 1 else name)
    return tuple(names)
