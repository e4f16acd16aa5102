"""Put the gate's decision into words: the end of the summary that `run` and `gate` print. Pure."""

from __future__ import annotations

from collections.abc import Iterator

from oauth_gauntlet.results.gate import (
    EXIT_BROKEN,
    EXIT_NO_FAILURE,
    EXIT_NOTHING_TESTED,
    EXIT_UNEXPECTED,
    GateReport,
)


def gate_lines(report: GateReport) -> Iterator[str]:
    """Yield a line for each wrong entry of the baseline, and last the decision with its exit code."""
    for result, entry in report.stale:
        yield (
            f"stale entry: {entry.scenario} expects {entry.verdict}, but {result.scenario} has verdict {result.verdict}; "
            "remove the entry, or run gate --update"
        )
    for entry in report.unmatched:
        yield f"unmatched entry: {entry.scenario} matches no scenario of this run"
    for entry in report.expired:
        yield f"expired entry: {entry.scenario} should have been fixed by {entry.until}"
    if not report.complete:
        yield "the run is incomplete: not every planned scenario has a result"
    count = len(report.unexpected)
    decision = {
        EXIT_NO_FAILURE: "no failure" if not report.known else f"no unexpected verdict ({len(report.known)} known)",
        EXIT_UNEXPECTED: f"{count} unexpected verdict{'s' if count != 1 else ''}" if count else "the baseline is out of date",
        EXIT_BROKEN: "broken: the adapter or the harness failed, or the run is incomplete",
        EXIT_NOTHING_TESTED: "nothing was tested",
    }
    yield f"{decision[report.exit_code]} (exit code {report.exit_code})"
