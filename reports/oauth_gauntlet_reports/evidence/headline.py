"""Summarizes a run in one sentence, the first line of every report: what the client meets."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from oauth_gauntlet.model import FINDINGS, SEVERITY, Run, Standing, Verdict, number, standing, was_not_run
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet_reports.evidence.scores import client_name


@dataclass(frozen=True, kw_only=True, slots=True)
class Headline:
    """`text` is the sentence, `verdict` decides its colour, `profiles` has a line for each profile that was asked.

    `details` are further sentences. `standing` has the numbers.
    """

    verdict: Verdict
    text: str
    profiles: tuple[tuple[Verdict, str], ...]
    details: tuple[str, ...]
    standing: Standing

    @property
    def lines(self) -> tuple[str, ...]:
        """The sentence, and the line of each profile."""
        return (self.text, *(text for _, text in self.profiles))


def headline(run: Run) -> Headline:
    """Return the headline of a run.

    Its numbers contain the findings that the baseline knows; its colour is that of the worst finding that is new, or of a
    warning if there are only known ones.
    """
    counted = standing(run.results)
    tested = any(result.verdict is not Verdict.NOT_APPLICABLE for result in run.results)
    text = f"{client_name(run)} {counted.words} ({conditions(run)})" if tested else "No scenario was tested"
    colours = [min(tally.counts, key=SEVERITY.index, default=Verdict.NOT_APPLICABLE) for tally in counted.profiles.values()]
    return Headline(
        verdict=_verdict(run, counted) if tested else Verdict.ERROR,
        text=text,
        profiles=tuple(zip(colours, counted.profile_lines, strict=True)),
        details=tuple(_details(run)),
        standing=counted,
    )


def conditions(run: Run) -> str:
    """Return what was asked, and with which seed: ``set all, only -k parse, seed 1``."""
    options = run.options
    name = (options.get("set") or {}).get("name", "all")
    return f"set {name}{_selected(options.get('selection') or {})}, seed {options.get('seed')}"


def fixed_environment(run: Run) -> str:
    """Return what was fixed for the client: ``TZ=UTC, LC_ALL=C.UTF-8, umask 022, proxies none``; empty if unknown."""
    fixed = run.options.get("environment") or {}
    return ", ".join(f"{name}={fixed[name]}" if name.isupper() else f"{name.replace('_', ' ')} {fixed[name]}" for name in fixed)


def _selected(selection: JSONObject) -> str:
    flags = {"keyword": "-k", "level": "--level", "grants": "--grant"}
    parts = [
        f"{flags.get(key, key)} {', '.join(map(str, value)) if isinstance(value, list) else value}"
        for key, value in selection.items()
    ]
    return f", only {' '.join(parts)}" if parts else ""


def _verdict(run: Run, counted: Standing) -> Verdict:
    new = {result.verdict for result in run.results if result.verdict in FINDINGS and result.expected is None}
    worst = min(new, key=SEVERITY.index, default=Verdict.PASS)
    if worst.failing:
        return worst
    if worst in {Verdict.ERROR, Verdict.UNTESTABLE} or not run.complete:
        return Verdict.ERROR
    return Verdict.WARNING if counted.known or counted.common.unproved else worst


def _details(run: Run) -> list[str]:
    summary = run.summary()
    known = sum(result.expected is not None and result.verdict in FINDINGS for result in run.results)
    details: list[str] = []
    if not run.complete:
        planned = f" of {run.planned}" if run.planned else ""
        details.append(f"The run is incomplete: {len(run.results)}{planned} scenarios have a result.")
    if summary["error"]:
        count = number(summary["error"], "scenario")
        details.append(f"{count} ended with an error of the adapter or the harness: no verdict on the client.")
    if summary["untestable"]:
        count = number(summary["untestable"], "scenario")
        details.append(f"{count} could not be tested: the client did not reach the point that is tested.")
    stopped = Counter(result.grant for result in run.results if was_not_run(result))
    for grant, scenarios in stopped.items():
        details.append(
            f"{number(scenarios, 'scenario')} of {grant.rpartition(':')[2]} not run: the client gets no token for this grant "
            "from a server without faults (--keep-going runs them)."
        )
    if known:
        details.append(f"The baseline knows the findings of {number(known, 'scenario')}.")
    return details
