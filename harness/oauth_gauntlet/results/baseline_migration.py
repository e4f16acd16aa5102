"""Find today's words for an entry of a baseline that has a verdict of an earlier version: ``fail`` or ``warn``. Pure.

``fail`` became ``violation``, ``hazard`` or ``deviation``, and some requirements changed their level. So a run decides: an
entry gets the verdict that its scenarios have there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from oauth_gauntlet.model import SEVERITY, Result, Run, Verdict
from oauth_gauntlet.results.expectations import OLD_WORDS, Expectation, Expectations


@dataclass(frozen=True, kw_only=True, slots=True)
class Migration:
    """Today's verdict of an entry. `others`: scenarios that need an entry of their own; `change` says it in words."""

    verdict: Verdict
    others: tuple[Result, ...]
    change: str


def migration(entry: Expectation, word: str, expectations: Expectations, run: Run) -> Migration:
    """Return today's verdict of an entry whose verdict is the old `word`. `expectations` are all entries."""
    covered = [result for result in run.results if expectations.match(result.scenario) == entry]
    telling = [result for result in covered if entry.message is None or entry.message in result.message] or covered
    verdict = _verdict([result.verdict for result in telling], failing=OLD_WORDS[word].failing)
    if verdict is None:
        kept = OLD_WORDS[word]
        return Migration(
            verdict=kept, others=(), change=f"{entry.scenario}: {word} is now {kept}; this run has no such finding"
        )
    others = tuple(
        result
        for result in telling
        if OLD_WORDS[word].failing and result.verdict.failing and result.verdict is not verdict and verdict.failing
    )
    own = "".join(f"; {each.scenario} is {each.verdict}, and gets an entry of its own" for each in others)
    return Migration(verdict=verdict, others=others, change=f"{entry.scenario}: {word} is now {verdict}{own}")


def _verdict(verdicts: Sequence[Verdict], *, failing: bool) -> Verdict | None:
    """Return the most frequent verdict of the same colour, else of the other colour, else `untestable`, else None."""
    counted = Counter(verdict for verdict in verdicts if verdict.against or verdict is Verdict.UNTESTABLE)
    return min(
        counted,
        key=lambda each: (not each.against, each.failing is not failing, -counted[each], SEVERITY.index(each)),
        default=None,
    )
