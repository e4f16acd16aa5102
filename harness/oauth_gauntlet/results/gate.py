"""Compare a run with a baseline, and decide the exit code. Pure.

The first condition that is not met decides: the run is complete and has no verdict `error` that the baseline does not know
(else 3); something was tested (else 4); the baseline knows every verdict that counts, and no entry of the baseline is out of
date (else 1). A run that was stopped at its first failures is enough to say that there are some (1), and never that there are
none (3).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from oauth_gauntlet.model import Result, Run, Verdict, number
from oauth_gauntlet.results.expectations import Expectation, Expectations

EXIT_NO_FAILURE = 0
EXIT_UNEXPECTED = 1
EXIT_BROKEN = 3
EXIT_NOTHING_TESTED = 4

NOT_TESTED = frozenset({Verdict.ERROR, Verdict.NOT_APPLICABLE})

_SILENT = frozenset({Verdict.ERROR, Verdict.CONSEQUENCE})
"""Verdicts that say nothing about a scenario itself: they do not refute an entry."""

_NEVER_KNOWN = frozenset({Verdict.PASS, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Expired:
    """An entry after its last day: its patterns, and the results that still have its verdict."""

    patterns: tuple[Expectation, ...]
    results: tuple[Result, ...]

    @property
    def entry(self) -> Expectation:
        """The first pattern: day, verdict and place are those of the entry."""
        return self.patterns[0]

    @property
    def name(self) -> str:
        """The entry in a message: ``a.b and 2 more patterns``."""
        more = len(self.patterns) - 1
        return self.entry.scenario + (f" and {number(more, 'more pattern')}" if more else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReport:
    """The comparison of a run with a baseline; `exit_code` is the decision.

    `unexpected`: results that count and that no entry expects. `known`: results that an entry expects. `flaky`: results of
    scenarios that the baseline calls flaky. `stale`: entries that the run refutes, because their scenarios all have another
    verdict or message, each with its results. `unmatched`: entries that match no scenario of the run. `expired`: entries after
    their last day that are neither. `broken`: results with verdict `error` that no entry expects. `tested`: the number of
    results that are neither `error` nor `not_applicable`. `stopped`: see `Run`.
    """

    baseline: Expectations
    unexpected: tuple[Result, ...]
    known: tuple[tuple[Result, Expectation], ...]
    flaky: tuple[tuple[Result, Expectation], ...]
    stale: tuple[tuple[Expectation, tuple[Result, ...]], ...]
    unmatched: tuple[Expectation, ...]
    expired: tuple[Expired, ...]
    broken: tuple[Result, ...]
    complete: bool
    tested: int
    stopped: str = ""

    @property
    def exit_code(self) -> int:
        """The exit code of `gate` and `run`."""
        if self.broken or not (self.complete or (self.stopped and (self.unexpected or self.expired))):
            return EXIT_BROKEN
        if not self.tested:
            return EXIT_NOTHING_TESTED
        if self.unexpected or self.stale or self.unmatched or self.expired:
            return EXIT_UNEXPECTED
        return EXIT_NO_FAILURE


def counts(verdict: Verdict, *, strict: bool) -> bool:
    """Return whether a verdict that no entry expects fails the gate with exit code 1. Without `strict` a warning does not."""
    return verdict.failing or verdict is Verdict.UNTESTABLE or (strict and verdict is Verdict.WARNING)


def evaluate(run: Run, expectations: Expectations, *, strict: bool, today: date) -> GateReport:
    """Compare a run with a baseline. Without `strict` a warning does not count.

    An expired entry makes no result known; but what it covers is reported once, with the entry. An entry that matches no
    scenario is out of date only if the run judged the whole catalogue.
    """
    expired = {entry for entry in expectations.entries if entry.expired(today)}
    unexpected: list[Result] = []
    broken: list[Result] = []
    known: list[tuple[Result, Expectation]] = []
    flaky: list[tuple[Result, Expectation]] = []
    covered: dict[Expectation, list[Result]] = {}
    agreeing: dict[Expectation, list[Result]] = {}
    for result in run.results:
        entry = expectations.match(result.scenario)
        agrees = entry is not None and entry.agrees(result)
        if entry is not None:
            covered.setdefault(entry, []).append(result)
            if agrees:
                agreeing.setdefault(entry, []).append(result)
        if entry is not None and agrees and entry not in expired:
            if entry.verdict is None:
                flaky.append((result, entry))
            elif result.verdict not in _NEVER_KNOWN:
                known.append((result, entry))
        elif result.verdict is Verdict.ERROR:
            broken.append(result)
        elif not agrees and counts(result.verdict, strict=strict):
            unexpected.append(result)
    # An entry for several scenarios is up to date if at least one of them has the expected verdict.
    stale = {entry: tuple(results) for entry, results in covered.items() if entry not in agreeing and _refuted(results)}
    unmatched = {entry: None for entry in expectations.entries if run.whole and entry not in covered}
    return GateReport(
        baseline=expectations,
        unexpected=tuple(unexpected),
        known=tuple(known),
        flaky=tuple(flaky),
        stale=tuple(stale.items()),
        unmatched=tuple(unmatched),
        expired=tuple(
            _expired_entry(tuple(patterns), agreeing)
            for _, patterns in groupby(
                (each for each in expectations.entries if each in expired and each not in stale and each not in unmatched),
                key=lambda pattern: pattern.number,
            )
        ),
        broken=tuple(broken),
        complete=run.complete,
        stopped=run.stopped,
        tested=sum(result.verdict not in NOT_TESTED for result in run.results),
    )


def _expired_entry(patterns: tuple[Expectation, ...], agreeing: Mapping[Expectation, Sequence[Result]]) -> Expired:
    results = (result for pattern in patterns for result in agreeing.get(pattern, ()))
    return Expired(patterns=patterns, results=tuple(each for each in results if each.verdict not in _NEVER_KNOWN))


def _refuted(results: Iterable[Result]) -> bool:
    """Return whether results that do not agree with an entry refute it.

    An entry for a whole requirement covers grants that the client does not have: they refute it only if nothing else is left.
    """
    found = {result.verdict for result in results}
    return found == {Verdict.NOT_APPLICABLE} or not found <= _SILENT | {Verdict.NOT_APPLICABLE}


def with_known(run: Run, report: GateReport) -> Run:
    """Return a run in which each result that the baseline expects contains its entry, for the reports. A pass has none.

    The run names the file of the baseline.
    """
    entries = {result.scenario: entry for result, entry in (*report.known, *report.flaky) if result.verdict not in _NEVER_KNOWN}
    forms = {entry: entry.to_json() for entry in set(entries.values())}

    def marked(result: Result) -> Result:
        entry = entries.get(result.scenario)
        if entry is None:
            return result if result.expected is None else replace(result, expected=None)
        return replace(result, expected=forms[entry])

    return replace(run, results=tuple(map(marked, run.results)), baseline=report.baseline.name)
