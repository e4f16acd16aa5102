"""Put the gate's decision into words: the end of the summary that `run` and `gate` print. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice

from oauth_gauntlet.model import Cause, Result, Run, Verdict, causes, number, root_causes
from oauth_gauntlet.results.gate import (
    EXIT_BROKEN,
    EXIT_NO_FAILURE,
    EXIT_NOTHING_TESTED,
    EXIT_UNEXPECTED,
    GateReport,
)

_MOST_LINES = 40
"""Maximum number of lines about entries of one kind, and of requirements: a terminal shows no more."""


def decision(report: GateReport) -> str:
    """Return the exit code with its reason: ``2 unexpected verdicts, 1 expired entry (exit code 1)``."""
    words = {
        EXIT_NO_FAILURE: _no_failure(report),
        EXIT_UNEXPECTED: _unexpected(report),
        EXIT_BROKEN: _broken(report),
        EXIT_NOTHING_TESTED: "nothing was tested",
    }
    return f"{words[report.exit_code]} (exit code {report.exit_code})"


def gate_lines(report: GateReport) -> Iterator[str]:
    """Yield a line for each entry of the baseline that is out of date, and last the decision with its exit code."""
    yield from expired_lines(report)
    yield from outdated_lines(report)
    yield decision(report)


def expired_lines(report: GateReport) -> Iterator[str]:
    """Yield a line for each entry after its last day, with what to do."""
    yield from _bounded(
        (
            f"{report.baseline.place(each.entry)}: expired entry: {each.name} should have been fixed by "
            f"{each.entry.until}{_still(each.results)}; fix it, or write a later day"
            for each in report.expired
        ),
        len(report.expired),
    )


def outdated_lines(report: GateReport) -> Iterator[str]:
    """Yield a line for each stale or unmatched entry, and one for an incomplete run."""
    yield from _bounded(
        (
            f"{report.baseline.place(entry)}: stale entry: {entry.scenario} expects {entry.word}, but "
            f"{results[0].scenario} has verdict {results[0].verdict}; remove it, or run gate --update"
            for entry, results in report.stale
        ),
        len(report.stale),
    )
    yield from _bounded(
        (
            f"{report.baseline.place(entry)}: unmatched entry: {entry.scenario} matches no scenario of this run; "
            "correct or remove it"
            for entry in report.unmatched
        ),
        len(report.unmatched),
    )
    if not report.complete:
        reason = f" ({report.stopped})" if report.stopped else ""
        yield f"the run is incomplete: not every planned scenario has a result{reason}"


def unexpected_causes(run: Run, report: GateReport) -> Sequence[Cause]:
    """Return the causes of the unexpected results, the worst first, as the reports list them, with what follows from each."""
    unexpected = {result.scenario for result in (*report.broken, *report.unexpected)}
    reported = (result for result in run.results if result.scenario in unexpected or result.verdict is Verdict.CONSEQUENCE)
    return root_causes(causes(reported))


def verdict_lines(cause: Cause) -> Iterator[tuple[Verdict, str]]:
    """Yield a line for each verdict of a requirement: ``a.b[password] and 3 more: expected this; seen that``."""
    for verdict, group in groupby(cause.findings, key=lambda result: result.verdict):
        first, *others = group
        more = f" and {len(others)} more" if others else ""
        yield verdict, f"{first.scenario}{more}: {first.message}"


def _no_failure(report: GateReport) -> str:
    counted = [
        text
        for count, text in (
            (len(report.known), f"{len(report.known)} known"),
            (len(report.flaky), f"{len(report.flaky)} flaky{_flaky_words(report)}"),
        )
        if count
    ]
    return f"no unexpected verdict ({', '.join(counted)})" if counted else "no failure"


def _flaky_words(report: GateReport) -> str:
    passed = sum(result.verdict is Verdict.PASS for result, _ in report.flaky)
    return f", {passed} of them passed"


def _unexpected(report: GateReport) -> str:
    counted = (
        (len(report.unexpected), "unexpected verdict", "unexpected verdicts"),
        (len(report.expired), "expired entry", "expired entries"),
        (len(report.stale), "stale entry", "stale entries"),
        (len(report.unmatched), "unmatched entry", "unmatched entries"),
    )
    return ", ".join(f"{count} {one if count == 1 else many}" for count, one, many in counted if count)


def _broken(report: GateReport) -> str:
    if report.broken:
        return f"broken: {number(len(report.broken), 'scenario')} ended with an error of the adapter or the harness"
    return "broken: the run is incomplete"


def _still(results: Sequence[Result]) -> str:
    if not results:
        return ""
    return f", and {number(len(results), 'scenario')} still {'has' if len(results) == 1 else 'have'} this verdict"


def _bounded(lines: Iterable[str], count: int) -> Iterator[str]:
    yield from islice(lines, _MOST_LINES)
    if count > _MOST_LINES:
        yield f"... and {count - _MOST_LINES} more"
