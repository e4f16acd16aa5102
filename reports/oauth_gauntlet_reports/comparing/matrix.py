"""Compares runs of several clients: verdicts by client and category, and the most frequent findings.

Requirements of a profile are left out: a client that never claimed to follow a document is not judged by it.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from oauth_gauntlet.model import Cause, Run, causes, profile_of, root_causes
from oauth_gauntlet_reports.comparing.checked import CheckedFinding
from oauth_gauntlet_reports.comparing.matrix_client import MatrixClient
from oauth_gauntlet_reports.comparing.shared import PlatformFinding, Shared, platform_findings, shared_findings
from oauth_gauntlet_reports.evidence.bounded import bounded
from oauth_gauntlet_reports.evidence.scores import CATEGORIES

MOST_WORST = 5
"""Maximum number of causes that are named for each client."""

_NO_KEY = re.compile(r"[^a-z0-9._]+")


@dataclass(frozen=True, kw_only=True, slots=True)
class Matrix:
    """Clients by language and name, categories (id, title), shared findings, the most frequent first, those of platforms."""

    clients: tuple[MatrixClient, ...]
    categories: tuple[tuple[str, str], ...]
    shared: tuple[Shared, ...]
    platforms: tuple[PlatformFinding, ...] = ()

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
    runs = [bounded(run) for run in runs]
    found = [causes(result for result in run.results if profile_of(result) is None) for run in runs]
    clients = [
        MatrixClient(
            key=keys[place],
            name=names[place],
            version=str(run.client.get("version") or ""),
            language=_language(run),
            project=_project(run),
            run=run,
            causes=_by_category(found[place]),
            worst=root_causes(found[place])[:MOST_WORST],
            checked={entry.requirement: entry for entry in (checked[place] if checked else ())},
        )
        for place, run in enumerate(runs)
    ]
    clients = _grouped(clients)
    categories = {category for client in clients for category in client.causes}
    return Matrix(
        clients=tuple(clients),
        categories=tuple((category, CATEGORIES.get(category, category)) for category in sorted(categories)),
        shared=shared_findings(clients),
        platforms=platform_findings(clients),
    )


def _by_category(found: Sequence[Cause]) -> dict[str, tuple[Cause, ...]]:
    categories: dict[str, list[Cause]] = {}
    for cause in found:
        categories.setdefault(cause.worst.category, []).append(cause)
    return {category: tuple(categories[category]) for category in sorted(categories)}


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
    """Return the project of the client: the page that the adapter declares."""
    return str(run.client.get("url") or "").strip().rstrip("/").lower()


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
