"""Choose the patterns of new entries: as few as possible, none of which hides a verdict that the run did not show. Pure.

A pattern is exact if it covers, of the scenarios that the run judged, only those that the entry is about. Others may be
covered where a more specific entry applies to them, or where they were not applicable or only a consequence.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from oauth_gauntlet.model import SEVERITY, Result, Run, Verdict, by_requirement
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.patterns import Pattern, pattern_of

_NEUTRAL = frozenset({Verdict.NOT_APPLICABLE, Verdict.CONSEQUENCE})


@dataclass(frozen=True, kw_only=True, slots=True)
class NewEntry:
    """The patterns of an entry to write, with the number of scenarios that it is about."""

    patterns: tuple[str, ...]
    verdict: Verdict
    scenarios: int


def new_entries(uncovered: Iterable[Result], run: Run, expectations: Expectations) -> Iterator[NewEntry]:
    """Yield one entry for each requirement and verdict of results that need one. `expectations` are the kept entries.

    One verdict of a requirement gets the pattern for all its scenarios, if none of them is met; the others get patterns of
    variants. A run that was restricted to some grants or by ``-k`` knows nothing about the rest, and covers none of it.

    Raises:
        Malformed: the name of a scenario is not a pattern.
    """
    selection = run.options.get("selection") or {}
    judged = by_requirement(run.results)
    for identifier, results in by_requirement(uncovered).items():
        yield from _of_requirement(
            results,
            _Judged(results=judged[identifier], expectations=expectations),
            all_grants=not selection.get("grants") and not selection.get("keyword"),
            all_variants=not selection.get("keyword"),
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Judged:
    """All results of a requirement, and the entries that are kept."""

    results: Sequence[Result]
    expectations: Expectations

    def is_exact(self, pattern: Pattern, wanted: frozenset[str]) -> bool:
        return all(
            result.scenario in wanted or result.verdict in _NEUTRAL or self.has_other(result, pattern)
            for result in self.results
            if pattern.covers(result.scenario)
        )

    def has_other(self, result: Result, pattern: Pattern) -> bool:
        """Return whether a kept entry applies to a result, and not a new one with this pattern, which comes after it."""
        entry = self.expectations.match(result.scenario)
        return entry is not None and entry.pattern.precision >= pattern.precision


def _of_requirement(results: Sequence[Result], judged: _Judged, *, all_grants: bool, all_variants: bool) -> Iterator[NewEntry]:
    counted = Counter(result.verdict for result in results)
    most = min(counted, key=lambda verdict: (-counted[verdict], SEVERITY.index(verdict)))
    everything = results[0].id
    pattern = pattern_of(everything)
    whole = (
        all_grants
        and all_variants
        and all(pattern.covers(result.scenario) and not judged.has_other(result, pattern) for result in results)
        and judged.is_exact(pattern, _names(results))
    )
    for verdict in sorted(counted, key=SEVERITY.index):
        same = [result for result in results if result.verdict is verdict]
        patterns = (
            (everything,)
            if whole and verdict is most
            else tuple(_narrow(same, judged, all_grants=all_grants, all_variants=all_variants))
        )
        yield NewEntry(patterns=patterns, verdict=verdict, scenarios=len(same))


def _narrow(results: Sequence[Result], judged: _Judged, *, all_grants: bool, all_variants: bool) -> Iterator[str]:
    """Yield patterns for exactly these results: of variants and of grants where possible, or single names."""
    wanted = _names(results)
    left = {result.scenario: result for result in results}
    # The more specific kind first: it applies where both cover a scenario.
    wider: list[Callable[[Result], str]] = []
    if all_grants:
        wider.append(lambda result: result.scenario.partition("[")[0])
    if all_variants:
        wider.append(lambda result: f"{result.id}[{_bracket(result)}]")
    for widen in wider:
        for text in dict.fromkeys(widen(result) for result in results):
            pattern = pattern_of(text)
            covered = [name for name, each in left.items() if pattern.covers(name) and not judged.has_other(each, pattern)]
            if covered and judged.is_exact(pattern, wanted):
                yield text
                for name in covered:
                    del left[name]
    yield from left


def _names(results: Iterable[Result]) -> frozenset[str]:
    return frozenset(result.scenario for result in results)


def _bracket(result: Result) -> str:
    return result.scenario.partition("[")[2].removesuffix("]")
