"""Compare a run with a baseline, and decide the exit code. Pure.

The first condition that is not met decides: the run is complete and has no verdict `error` (else 3); something was
tested (else 4); the baseline knows every verdict that counts, and no entry of the baseline is out of date (else 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet.results.expectations import Expectation, Expectations

EXIT_NO_FAILURE = 0
EXIT_UNEXPECTED = 1
EXIT_BROKEN = 3
EXIT_NOTHING_TESTED = 4

_NOT_TESTED = {Verdict.ERROR, Verdict.NOT_APPLICABLE}


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReport:
    """The comparison of a run with a baseline; `exit_code` is the decision.

    `unexpected`: results that count and that no entry expects. `known`: results that an entry expects. `stale`: entries
    whose matching results all have another verdict or message, with one of these results. `unmatched`: entries that match no
    scenario of the run. `expired`: entries after their last day. `broken`: results with verdict `error`. `tested`: the
    number of results that are neither `error` nor `not_applicable`.
    """

    unexpected: tuple[Result, ...]
    known: tuple[tuple[Result, Expectation], ...]
    stale: tuple[tuple[Result, Expectation], ...]
    unmatched: tuple[Expectation, ...]
    expired: tuple[Expectation, ...]
    broken: tuple[Result, ...]
    complete: bool
    tested: int

    @property
    def exit_code(self) -> int:
        """The exit code of `gate` and `run`."""
        if self.broken or not self.complete:
            return EXIT_BROKEN
        if not self.tested:
            return EXIT_NOTHING_TESTED
        if self.unexpected or self.stale or self.unmatched or self.expired:
            return EXIT_UNEXPECTED
        return EXIT_NO_FAILURE


def evaluate(run: Run, expectations: Expectations, *, strict: bool, today: date) -> GateReport:
    """Compare a run with a baseline. Without `strict` a warning does not count.

    An expired entry is reported, and makes no result known. An entry that matches no scenario is out of date only if
    the run judged the whole catalogue.
    """
    also = {Verdict.UNTESTABLE, Verdict.WARNING} if strict else {Verdict.UNTESTABLE}
    expired = tuple(entry for entry in expectations.entries if entry.until is not None and entry.until < today)
    unexpected: list[Result] = []
    broken: list[Result] = []
    known: list[tuple[Result, Expectation]] = []
    covered: dict[Expectation, list[Result]] = {}
    for result in run.results:
        entry = expectations.match(result.scenario)
        if entry is not None:
            covered.setdefault(entry, []).append(result)
        if entry is not None and entry not in expired and entry.agrees(result):
            known.append((result, entry))
        elif result.verdict is Verdict.ERROR:
            broken.append(result)
        elif result.verdict.failing or result.verdict in also:
            unexpected.append(result)
    agreed = {entry for _, entry in known}
    # An entry with wildcards is up to date if at least one of its scenarios has the expected verdict.
    stale = [(results[0], entry) for entry, results in covered.items() if entry not in agreed and entry not in expired]
    unmatched = [entry for entry in expectations.entries if entry not in covered] if run.whole else []
    return GateReport(
        unexpected=tuple(unexpected),
        known=tuple(known),
        stale=tuple(stale),
        unmatched=tuple(unmatched),
        expired=expired,
        broken=tuple(broken),
        complete=run.complete,
        tested=sum(result.verdict not in _NOT_TESTED for result in run.results),
    )


def with_known(run: Run, report: GateReport) -> Run:
    """Return a run in which each known result contains its baseline entry, for the reports."""
    entries = {result.scenario: entry.to_json() for result, entry in report.known}
    return replace(run, results=tuple(replace(result, expected=entries.get(result.scenario)) for result in run.results))
