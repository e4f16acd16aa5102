"""Counts scenarios by category, and names clients, categories and what was not applicable."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from oauth_gauntlet.model import FINDINGS, SEVERITY, Level, Result, Run, Verdict

_BARS = (Verdict.PASS, Verdict.CONSEQUENCE, *(verdict for verdict in reversed(SEVERITY) if verdict in FINDINGS))
"""The parts of a bar, from left to right."""

LEVELS = tuple(Level)
"""Levels in the order in which reports list them."""

CATEGORIES = {
    "auth": "Client authentication",
    "clientauth": "Client assertions",
    "concurrency": "Concurrent callers",
    "config": "Configuration",
    "connector": "The page of a connector",
    "encoding": "Encoding",
    "error": "Error responses",
    "expiry": "Expiry and clocks",
    "http": "HTTP and redirects",
    "indicator": "Resource indicators",
    "jwt": "JWT assertions",
    "key": "Private keys",
    "limits": "Limits and time",
    "metadata": "Server metadata",
    "parse": "Token responses",
    "payload": "Additional payload",
    "provider": "Answers of providers",
    "proxy": "Proxies",
    "refresh": "Refresh",
    "renewal": "Renewals",
    "request": "Token requests",
    "resource": "Use of tokens",
    "sanity": "The adapter itself",
    "scope": "Scope",
    "secrecy": "Secrecy",
    "story": "Generated sequences",
    "tls": "TLS",
    "trouble": "Lasting trouble",
    "wire": "Framing on the wire",
    "zone": "Time zones",
}
"""The titles of the categories; a category that is not listed is shown by its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """The number of scenarios of a category, by verdict."""

    category: str
    title: str
    counts: dict[Verdict, int]

    @property
    def tested(self) -> int:
        """Number of scenarios that were applicable."""
        return sum(count for verdict, count in self.counts.items() if verdict is not Verdict.NOT_APPLICABLE)

    @property
    def passed(self) -> int:
        """Number of scenarios that passed."""
        return self.counts.get(Verdict.PASS, 0)

    @property
    def failed(self) -> int:
        """Number of scenarios with a red verdict: violations, hazards and deviations."""
        return sum(count for verdict, count in self.counts.items() if verdict.failing)

    @property
    def warned(self) -> int:
        """Number of scenarios with a warning."""
        return self.counts.get(Verdict.WARNING, 0)

    @property
    def unproved(self) -> int:
        """Number of scenarios that ended with an error or were untestable."""
        return self.counts.get(Verdict.ERROR, 0) + self.counts.get(Verdict.UNTESTABLE, 0)

    @property
    def bars(self) -> tuple[tuple[Verdict, int], ...]:
        """Number of applicable scenarios by verdict, passes first."""
        return tuple((verdict, self.counts[verdict]) for verdict in _BARS if verdict in self.counts)


def scores(run: Run) -> tuple[Score, ...]:
    """Return the score of each category, sorted by id."""
    by_category: dict[str, list[Result]] = {}
    for result in run.results:
        by_category.setdefault(result.category, []).append(result)
    return tuple(
        Score(category=name, title=CATEGORIES.get(name, name), counts=_counts(by_category[name]))
        for name in sorted(by_category)
    )


def client_name(run: Run) -> str:
    """Return the client's name and version, as its adapter declares them."""
    return " ".join(str(run.client.get(key) or "") for key in ("name", "version")).strip() or "the client"


def needs(run: Run) -> tuple[tuple[str, int], ...]:
    """Return each reason why scenarios were not applicable, with their number."""
    return tuple(Counter(each.message for each in run.results if each.verdict is Verdict.NOT_APPLICABLE).most_common())


def _counts(results: Iterable[Result]) -> dict[Verdict, int]:
    counted = Counter(result.verdict for result in results)
    return {verdict: counted[verdict] for verdict in SEVERITY if counted[verdict]}
