"""Compares runs of several clients: verdicts by client and category, and the most frequent findings.

Requirements of a profile are left out: a client that never claimed to follow a document is not judged by it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from oauth_gauntlet.model import SEVERITY, Result, Run, Standing, Tally, Verdict, profile_of, standing, tally
from oauth_gauntlet_reports.comparing.checked import CheckedFinding
from oauth_gauntlet_reports.evidence.causes import CATEGORIES, LEVELS, Cause, causes

_NO_KEY = re.compile(r"[^a-z0-9._]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class MatrixClient:
    """A client with its run.

    `key` and `name` are unique; `key` is usable in a link. `language` is in lower case, "" if none is declared. `causes` are by
    category, the most severe first; `checked` are by requirement. `project` is what several clients of one project have in
    common, or "". `follows` is true for a client whose project is that of the client before it.
    """

    key: str
    name: str
    version: str
    language: str
    project: str
    run: Run
    causes: Mapping[str, tuple[Cause, ...]]
    checked: Mapping[str, CheckedFinding]
    follows: bool = False

    @property
    def findings(self) -> tuple[Cause, ...]:
        """The requirements with findings."""
        return tuple(cause for found in self.causes.values() for cause in found if cause.findings)

    @property
    def failures(self) -> tuple[Cause, ...]:
        """The requirements with a violation or a hazard."""
        return tuple(cause for cause in self.findings if cause.verdict.failing)

    @property
    def title(self) -> str:
        """Name and version."""
        return f"{self.name} {self.version}".rstrip()

    @property
    def label(self) -> str:
        """Name, version and language."""
        return f"{self.title} ({self.language})" if self.language else self.title

    @property
    def stale(self) -> tuple[CheckedFinding, ...]:
        """Checked findings that the run does not confirm; of a partial run, only those that it judged."""
        found = {cause.id for cause in self.findings}
        judged = {cause.id for each in self.causes.values() for cause in each}
        return tuple(entry for name, entry in self.checked.items() if name not in found and (self.run.whole or name in judged))

    @property
    def standing(self) -> Standing:
        """The numbers of the whole run."""
        return standing(self.run.results)

    def tally(self, category: str | None = None) -> Tally:
        """Return the counts of a category, or of all categories."""
        wanted = self.causes.values() if category is None else [self.causes.get(category, ())]
        return tally(cause.results for found in wanted for cause in found)


@dataclass(frozen=True, kw_only=True, slots=True)
class Shared:
    """A requirement with the clients that have findings about it."""

    id: str
    clients: tuple[tuple[MatrixClient, Cause], ...]

    @property
    def example(self) -> Result:
        """The most severe result; it contains statement, level and source."""
        return min((cause.worst for _, cause in self.clients), key=lambda each: SEVERITY.index(each.verdict))

    @property
    def failing(self) -> int:
        """Number of clients with a violation or a hazard."""
        return sum(cause.verdict.failing for _, cause in self.clients)

    @property
    def warned(self) -> int:
        """Number of clients with a warning."""
        return sum(cause.verdict is Verdict.WARNING for _, cause in self.clients)


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Clients by language and name, categories (id, title), shared findings, the most frequent first."""

    clients: tuple[MatrixClient, ...]
    categories: tuple[tuple[str, str], ...]
    shared: tuple[Shared, ...]

    @property
    def languages(self) -> tuple[tuple[str, int], ...]:
        """Languages with their number of clients."""
        return tuple(sorted(Counter(client.language for client in self.clients).items()))

    @property
    def tools(self) -> str:
        """The versions of the tool that made the runs."""
        return ", ".join(sorted({client.run.tool_version for client in self.clients}))

    @property
    def days(self) -> str:
        """The day of the runs, or the first and the last day."""
        days = sorted({client.run.started_at[:10] for client in self.clients})
        return " to ".join(dict.fromkeys([days[0], days[-1]])) if days else ""


def matrix(runs: Sequence[Run], checked: Sequence[Sequence[CheckedFinding]] = ()) -> Matrix:
    """Return the matrix of runs; `checked` are the findings checked by hand, in the order of the runs."""
    names, keys = _names(runs), _keys(runs)
    clients = [
        MatrixClient(
            key=keys[place],
            name=names[place],
            version=str(run.client.get("version") or ""),
            language=_language(run),
            project=_project(run),
            run=run,
            causes=_by_category(run),
            checked={entry.requirement: entry for entry in (checked[place] if checked else ())},
        )
        for place, run in enumerate(runs)
    ]
    clients = _grouped(clients)
    categories = {category for client in clients for category in client.causes}
    having: dict[str, list[tuple[MatrixClient, Cause]]] = {}
    for client in clients:
        for cause in client.findings:
            having.setdefault(cause.id, []).append((client, cause))
    return Matrix(
        clients=tuple(clients),
        categories=tuple((category, CATEGORIES.get(category, category)) for category in sorted(categories)),
        shared=tuple(sorted((Shared(id=name, clients=tuple(each)) for name, each in having.items()), key=_most_first)),
    )


def _by_category(run: Run) -> dict[str, tuple[Cause, ...]]:
    found: dict[str, list[Cause]] = {}
    for cause in causes(result for result in run.results if profile_of(result) is None):
        found.setdefault(cause.worst.category, []).append(cause)
    return {category: tuple(found[category]) for category in sorted(found)}


def _most_first(shared: Shared) -> tuple[int, int, int, str]:
    return -shared.failing, -len(shared.clients), LEVELS.index(shared.example.level), shared.id


def _grouped(clients: Sequence[MatrixClient]) -> list[MatrixClient]:
    """Return the clients by language and name; those of one project follow the first of them."""
    listed = sorted(clients, key=lambda client: (client.language, client.name.casefold()))
    first: dict[tuple[str, str], int] = {}
    for place, client in enumerate(listed):
        first.setdefault((client.language, client.project or client.key), place)
    listed.sort(key=lambda client: first[client.language, client.project or client.key])
    before = [None, *listed]
    return [
        replace(client, follows=bool(client.project) and last is not None and last.project == client.project)
        for last, client in zip(before, listed, strict=False)
    ]


def _project(run: Run) -> str:
    """Return the project that the adapter declares: its name, or the page of the client."""
    return str(run.client.get("project") or run.client.get("url") or "").strip().rstrip("/").lower()


def _language(run: Run) -> str:
    return str(run.client.get("language") or "").strip().lower()


def _names(runs: Sequence[Run]) -> list[str]:
    """Return the clients' names; equal names of one language and version are numbered."""
    alike = [(_language(run), _name(run), str(run.client.get("version") or "")) for run in runs]
    return [name if not number else f"{name} ({number})" for (_, name, _), number in zip(alike, _numbers(alike), strict=True)]


def _keys(runs: Sequence[Run]) -> list[str]:
    """Return the clients' keys in links; they stay the same as long as the list of clients does."""
    keys: list[str] = []
    for run in runs:
        plain = _NO_KEY.sub("-", f"{_language(run)}-{_name(run)}".lower()).strip("-") or "client"
        candidates = itertools.chain([plain], (f"{plain}-{number}" for number in itertools.count(2)))
        keys.append(next(key for key in candidates if key not in keys))
    return keys


def _numbers(things: Sequence[object]) -> list[int]:
    """Return 0 for each unique thing, and consecutive numbers from 1 for equal things."""
    counts, seen = Counter(things), Counter[object]()
    numbers: list[int] = []
    for thing in things:
        seen[thing] += 1
        numbers.append(seen[thing] if counts[thing] > 1 else 0)
    return numbers


def _name(run: Run) -> str:
    return str(run.client.get("name") or "").strip() or "the client"
