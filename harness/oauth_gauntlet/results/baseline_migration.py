"""Find today's words for entries of a baseline that have a verdict of an earlier version: ``fail`` or ``warn``. Pure.

``fail`` became ``violation``, ``hazard`` or ``deviation``, and some requirements changed their level. So a run decides: an
entry gets the verdict that its scenarios have there.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from oauth_gauntlet.files.toml_entries import entries_of
from oauth_gauntlet.model import SEVERITY, Result, Run, Verdict
from oauth_gauntlet.results.baseline_text import Block, Document
from oauth_gauntlet.results.expectations import OLD_WORDS, Expectation, Expectations


def migrated(document: Document, expectations: Expectations, run: Run) -> tuple[Document, list[str]]:
    """Return the document with today's verdicts, and a line for each change. `expectations` were read with old words.

    Scenarios of one entry that have different verdicts today get entries of their own with the same reason.
    """
    words = [entry["verdict"] for entry in entries_of(expectations.text, "expect")]
    if not OLD_WORDS.keys() & set(words):
        return document, []
    covered: dict[int, list[tuple[Expectation, Result]]] = {}
    for result in run.results:
        entry = expectations.match(result.scenario)
        if entry is not None:
            covered.setdefault(entry.number, []).append((entry, result))
    changes: list[str] = []
    blocks: list[Block] = []
    for number, (block, word) in enumerate(zip(document.blocks, words, strict=True), start=1):
        if word not in OLD_WORDS:
            blocks.append(block)
            continue
        verdict, others, change = _today(block.key, word, covered.get(number, ()))
        blocks += [block.with_verdict(str(verdict)), *(block.copy_for(each.scenario, str(each.verdict)) for each in others)]
        changes.append(change)
    return replace(document, blocks=tuple(blocks)), changes


def _today(scenario: str, word: str, covered: Sequence[tuple[Expectation, Result]]) -> tuple[Verdict, Sequence[Result], str]:
    """Return today's verdict of an entry, the results that need an entry of their own, and the change in words."""
    telling = [result for entry, result in covered if entry.message is None or entry.message in result.message]
    telling = telling or [result for _, result in covered]
    verdict = _verdict([result.verdict for result in telling], failing=OLD_WORDS[word].failing)
    if verdict is None:
        kept = OLD_WORDS[word]
        return kept, (), f"{scenario}: {word} is now {kept}; this run has no such finding"
    others = [
        result
        for result in telling
        if OLD_WORDS[word].failing and result.verdict.failing and result.verdict is not verdict and verdict.failing
    ]
    own = "".join(f"; {each.scenario} is {each.verdict}, and gets an entry of its own" for each in others)
    return verdict, others, f"{scenario}: {word} is now {verdict}{own}"


def _verdict(verdicts: Sequence[Verdict], *, failing: bool) -> Verdict | None:
    """Return the most frequent verdict of the same colour, else of the other colour, else `untestable`, else None."""
    counted = Counter(verdict for verdict in verdicts if verdict.against or verdict is Verdict.UNTESTABLE)
    return min(
        counted,
        key=lambda each: (not each.against, each.failing is not failing, -counted[each], SEVERITY.index(each)),
        default=None,
    )
