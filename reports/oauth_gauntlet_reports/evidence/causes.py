"""What is wrong first: results gathered by requirement, so that one cause is one entry, the gravest at the top."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from oauth_gauntlet.model import Level, Result, Run, Verdict

GRAVITY = (Verdict.FAIL, Verdict.ERROR, Verdict.UNTESTABLE, Verdict.WARN, Verdict.PASS, Verdict.NOT_APPLICABLE)
"""Verdicts, the gravest first."""

FINDINGS = frozenset({Verdict.FAIL, Verdict.ERROR, Verdict.UNTESTABLE, Verdict.WARN})
"""Verdicts that call for somebody to do something."""

AGAINST = frozenset({Verdict.FAIL, Verdict.WARN})
"""Verdicts that speak against the client."""

_BARS = (Verdict.PASS, Verdict.WARN, Verdict.UNTESTABLE, Verdict.ERROR, Verdict.FAIL)

LEVELS = (Level.MUST, Level.CONNECTOR, Level.SHOULD, Level.INTEROP)
"""Levels, the most binding first."""

CATEGORIES = {
    "auth": "Client authentication",
    "concurrency": "Callers at once",
    "config": "Configuration",
    "connector": "The connector document",
    "encoding": "Encoding",
    "error": "Error answers",
    "expiry": "Expiry and clocks",
    "http": "HTTP and redirects",
    "jwt": "JWT assertions",
    "key": "Private keys",
    "limits": "Limits and time",
    "parse": "Token answers",
    "payload": "Additional payload",
    "refresh": "Refreshing",
    "request": "Token requests",
    "resource": "Use of tokens",
    "sanity": "The adapter itself",
    "scope": "Scope",
    "secrecy": "Secrecy",
    "story": "Stories in any order",
    "tls": "TLS",
    "wire": "Framing on the wire",
}
"""Categories in plain words; one that is not here is shown by its own name."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cause:
    """A requirement with its results, the gravest first."""

    id: str
    results: tuple[Result, ...]

    @property
    def worst(self) -> Result:
        """The result that the entry is about."""
        return self.results[0]

    @property
    def verdict(self) -> Verdict:
        """The gravest verdict."""
        return self.worst.verdict

    @property
    def findings(self) -> tuple[Result, ...]:
        """The results that call for something."""
        return tuple(result for result in self.results if result.verdict in FINDINGS)

    @property
    def against(self) -> bool:
        """Whether a result speaks against the client."""
        return any(result.verdict in AGAINST for result in self.results)

    @property
    def known(self) -> bool:
        """Whether the baseline knows every finding."""
        return bool(self.findings) and all(result.expected is not None for result in self.findings)

    @property
    def counts(self) -> dict[Verdict, int]:
        """Results by verdict, those there are, the gravest first."""
        return _counts(self.results)


@dataclass(frozen=True, kw_only=True, slots=True)
class Score:
    """What a category came to."""

    category: str
    title: str
    counts: dict[Verdict, int]

    @property
    def tested(self) -> int:
        """Scenarios that applied."""
        return sum(count for verdict, count in self.counts.items() if verdict is not Verdict.NOT_APPLICABLE)

    @property
    def passed(self) -> int:
        """Scenarios that passed."""
        return self.counts.get(Verdict.PASS, 0)

    @property
    def failed(self) -> int:
        """Scenarios that failed, broke or proved nothing."""
        return sum(self.counts.get(verdict, 0) for verdict in (Verdict.FAIL, Verdict.ERROR, Verdict.UNTESTABLE))

    @property
    def warned(self) -> int:
        """Scenarios that warn."""
        return self.counts.get(Verdict.WARN, 0)

    @property
    def bars(self) -> tuple[tuple[Verdict, int], ...]:
        """What applied, by verdict, what passed first."""
        return tuple((verdict, self.counts[verdict]) for verdict in _BARS if verdict in self.counts)


def causes(results: Iterable[Result]) -> tuple[Cause, ...]:
    """Return the requirements of results: what is new before what the baseline knows, then by verdict and level."""
    by_id: dict[str, list[Result]] = {}
    for result in results:
        by_id.setdefault(result.id, []).append(result)
    found = [Cause(id=name, results=tuple(sorted(each, key=_result_order))) for name, each in by_id.items()]
    return tuple(sorted(found, key=_order))


def scores(run: Run) -> tuple[Score, ...]:
    """Return the score of each category, by name."""
    by_category: dict[str, list[Result]] = {}
    for result in run.results:
        by_category.setdefault(result.category, []).append(result)
    return tuple(
        Score(category=name, title=CATEGORIES.get(name, name), counts=_counts(by_category[name]))
        for name in sorted(by_category)
    )


def client_name(run: Run) -> str:
    """Return name and version of the client, as it declares them."""
    return " ".join(str(run.client.get(key) or "") for key in ("name", "version")).strip() or "the client"


def needs(run: Run) -> tuple[tuple[str, int], ...]:
    """Return what the adapter does not declare, with the number of scenarios that were left out for it."""
    return tuple(Counter(each.message for each in run.results if each.verdict is Verdict.NOT_APPLICABLE).most_common())


def _counts(results: Iterable[Result]) -> dict[Verdict, int]:
    counted = Counter(result.verdict for result in results)
    return {verdict: counted[verdict] for verdict in GRAVITY if counted[verdict]}


def _result_order(result: Result) -> tuple[bool, bool, int, str]:
    is_finding = result.verdict in FINDINGS
    return not is_finding, is_finding and result.expected is not None, GRAVITY.index(result.verdict), result.scenario


def _order(cause: Cause) -> tuple[bool, int, int, int, str]:
    return (cause.known, GRAVITY.index(cause.verdict), LEVELS.index(cause.worst.level), -len(cause.findings), cause.id)
