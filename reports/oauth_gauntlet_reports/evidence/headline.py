"""Summarizes a run in one sentence: does the client conform? Every report for people uses it."""

from __future__ import annotations

from dataclasses import dataclass

from oauth_gauntlet.model import Run, Verdict
from oauth_gauntlet_reports.evidence.causes import FINDINGS, Cause, causes, client_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """`text` is the sentence, `verdict` decides its colour, and `details` are further sentences."""

    verdict: Verdict
    text: str
    details: tuple[str, ...] = ()


def headline(run: Run) -> Headline:
    """Return the headline of a run. Findings known to the baseline are only counted in `details`."""
    name = client_name(run)
    found = causes(result for result in run.results if result.verdict in FINDINGS and result.expected is None)
    by_verdict = {verdict: [cause for cause in found if _has(cause, verdict)] for verdict in FINDINGS}
    failing, broken = by_verdict[Verdict.FAIL], by_verdict[Verdict.ERROR]
    untestable, warned = by_verdict[Verdict.UNTESTABLE], by_verdict[Verdict.WARN]
    known = sum(result.expected is not None and result.verdict in FINDINGS for result in run.results)
    summary = run.summary()
    tested = len(run.results) - summary["not_applicable"]
    details: list[str] = []
    if failing and warned:
        details.append(f"It also has warnings about {_requirements(len(warned))}.")
    if not run.complete:
        planned = f" of {run.planned}" if run.planned else ""
        details.append(f"The run is incomplete: {len(run.results)}{planned} scenarios have a result.")
    if broken:
        details.append(
            f"{_scenarios(summary['error'])} ended with an error of the adapter or the harness: no verdict on the client."
        )
    if untestable:
        details.append(f"{_scenarios(summary['untestable'])} could not be tested: the client never met the armed fault.")
    if known:
        details.append(f"Findings of {_scenarios(known)} are known to the baseline and not counted here.")
    if not tested:
        return Headline(verdict=Verdict.ERROR, text="No scenario was tested", details=tuple(details))
    if failing:
        text = f"{name} does not conform: it breaks {_requirements(len(failing))}"
        return Headline(verdict=Verdict.FAIL, text=text, details=tuple(details))
    if broken or untestable or not run.complete:
        return Headline(verdict=Verdict.ERROR, text=f"{name} could not be judged completely", details=tuple(details))
    if warned:
        text = f"{name} conforms, with warnings about {_requirements(len(warned))}"
        return Headline(verdict=Verdict.WARN, text=text, details=tuple(details))
    text = f"{name} has no new findings" if known else f"{name} conforms"
    return Headline(verdict=Verdict.PASS, text=text, details=tuple(details))


def _has(cause: Cause, verdict: Verdict) -> bool:
    return any(result.verdict is verdict for result in cause.results)


def _requirements(count: int) -> str:
    return f"{count} requirement{'s' if count != 1 else ''}"


def _scenarios(count: int) -> str:
    return f"{count} scenario{'s' if count != 1 else ''}"
