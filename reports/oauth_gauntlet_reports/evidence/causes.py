"""Groups results by requirement, so that one cause is one entry; sorts the entries by severity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from oauth_gauntlet.model import SEVERITY, Level, Result, Run, Verdict, by_requirement, number

FINDINGS = frozenset(Verdict) - {Verdict.PASS, Verdict.CONSEQUENCE, Verdict.NOT_APPLICABLE}
"""Verdicts that require an action."""

_BARS = (Verdict.PASS, Verdict.CONSEQUENCE, *(verdict for verdict in reversed(SEVERITY) if verdict in FINDINGS))
"""The parts of a bar, from left to right."""

LEVELS = tuple(Level)
"""Levels in the order in which reports list them."""

CATEGORIES = {
    "auth": "Client authentication",
    "clientauth": "Client authentication by JWT",
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
    "refresh": "Refresh",
    "request": "Token requests",
    "resource": "Use of tokens",
    "sanity": "The adapter itself",
    "scope": "Scope",
    "secrecy": "Secrecy",
    "story": "Generated sequences",
    "tls": "TLS",
    "wire": "Framing on the wire",
}
"""The titles of the categories; a category that is not listed is shown by its id."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Consequence:
    """A requirement that is not met in some scenarios only because another one is not met."""

    id: str
    statement: str
    scenarios: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A requirement with its results, findings first, the most severe first, and with what follows from it."""

    id: str
    results: tuple[Result, ...]
    consequences: tuple[Consequence, ...] = ()

    @property
    def consequence_words(self) -> str:
        """``2 requirements cannot be met because of this``; empty if there are none."""
        count = len(self.consequences)
        return f"{number(count, 'requirement')} cannot be met because of this" if count else ""

    @property
    def worst(self) -> Result:
        """The result that the entry shows."""
        return self.results[0]

    @property
    def verdict(self) -> Verdict:
        """The verdict of the worst result."""
        return self.worst.verdict

    @property
    def findings(self) -> tuple[Result, ...]:
        """The results that require an action."""
        return tuple(result for result in self.results if result.verdict in FINDINGS)

    @property
    def against(self) -> bool:
        """Whether a verdict is against the client."""
        return any(result.verdict.against for result in self.results)

    @property
    def platform(self) -> str:
        """The platform whose HTTP stack decides the worst finding, or "" if the client decides or there is no finding."""
        return self.worst.platform if self.verdict.against else ""

    @property
    def known(self) -> bool:
        """Whether the baseline knows every finding."""
        return bool(self.findings) and all(result.expected is not None for result in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """Number of results by verdict, the most severe first, without zeros."""
        return _counts(self.results)


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


def causes(results: Iterable[Result]) -> tuple[Cause, ...]:
    """Return the requirements of results: new findings before known ones, then by verdict and level."""
    groups = by_requirement(results)
    following = _consequences(groups)
    found = [
        Cause(id=name, results=tuple(sorted(each, key=_result_order)), consequences=following.get(name, ()))
        for name, each in groups.items()
    ]
    return tuple(sorted(found, key=_order))


def _consequences(groups: Mapping[str, Sequence[Result]]) -> dict[str, tuple[Consequence, ...]]:
    """Return what follows from each requirement, by its id."""
    found: dict[str, list[Consequence]] = {}
    for name, results in groups.items():
        counted = Counter(result.follows_from for result in results if result.verdict is Verdict.CONSEQUENCE)
        for cause, count in counted.items():
            found.setdefault(cause, []).append(Consequence(id=name, statement=results[0].statement, scenarios=count))
    return {cause: tuple(sorted(each, key=lambda one: one.id)) for cause, each in found.items()}


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


def _result_order(result: Result) -> tuple[bool, bool, int, str]:
    is_finding = result.verdict in FINDINGS
    return not is_finding, is_finding and result.expected is not None, SEVERITY.index(result.verdict), result.scenario


def _order(cause: Cause) -> tuple[bool, int, int, int, str]:
    return (cause.known, SEVERITY.index(cause.verdict), LEVELS.index(cause.worst.level), -len(cause.findings), cause.id)
