"""The gate: may this run pass? Pure.

What is asked, in order of weight: did the run come to its end and was nothing broken (else 3); was anything tested at
all (else 4); is every verdict that counts one that the baseline knows, and is the baseline itself still true (else 1).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet.results.expectations import Expectation, Expectations

EXIT_CONFORMS = 0
EXIT_UNEXPECTED = 1
EXIT_BROKEN = 3
EXIT_NOTHING_TESTED = 4

_TESTED = {Verdict.PASS, Verdict.FAIL, Verdict.WARN, Verdict.UNTESTABLE}


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReport:
    """What the gate found; `exit_code` is what it comes to.

    `unexpected`: results that count and that no entry knows. `known`: those that one does. `stale`: entries that no
    scenario bore out, with one that did not. `unmatched`: entries about no scenario of the run. `expired`: entries past
    their day.
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
        return EXIT_CONFORMS


def evaluate(run: Run, expectations: Expectations, *, strict: bool, today: date) -> GateReport:
    """Hold a run against a baseline. With `strict` a warning counts as a failure does.

    An entry that has expired no longer excuses anything. Entries about scenarios that a narrowed run left out are not
    held against it.
    """
    stops = {Verdict.FAIL, Verdict.UNTESTABLE} | ({Verdict.WARN} if strict else set())
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
        elif result.verdict in stops:
            unexpected.append(result)
    agreed = {entry for _, entry in known}
    # An entry with wildcards is true as long as one of its scenarios comes out as it says.
    stale = [(results[0], entry) for entry, results in covered.items() if entry not in agreed and entry not in expired]
    whole_catalogue = (run.options.get("set") or {"name": "all"})["name"] == "all"
    judged_whole = run.complete and whole_catalogue and not run.options.get("selection")
    unmatched = [entry for entry in expectations.entries if entry not in covered] if judged_whole else []
    return GateReport(
        unexpected=tuple(unexpected),
        known=tuple(known),
        stale=tuple(stale),
        unmatched=tuple(unmatched),
        expired=expired,
        broken=tuple(broken),
        complete=run.complete,
        tested=sum(result.verdict in _TESTED for result in run.results),
    )


def with_known(run: Run, report: GateReport) -> Run:
    """Return a run whose results carry the baseline entry that knows them, as reports want to show it."""
    entries = {result.scenario: entry.to_json() for result, entry in report.known}
    return replace(run, results=tuple(replace(result, expected=entries.get(result.scenario)) for result in run.results))
