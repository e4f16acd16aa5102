"""Rewrite a baseline so that it matches a run: ``gate --update``. Pure: text in, text out.

What is no longer true is removed or changed, what is missing is added, and everything else keeps its text: reasons, issues,
days, comments. An expired entry stays expired: only a person gives it a later day. Entries are sorted by scenario.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from oauth_gauntlet.model import Result, Run, Verdict, number
from oauth_gauntlet.reading import Malformed
from oauth_gauntlet.results.baseline_migration import migrated
from oauth_gauntlet.results.baseline_patterns import NewEntry, new_entries
from oauth_gauntlet.results.baseline_text import Block, Document, document_of, new_block
from oauth_gauntlet.results.expectations import (
    PLACEHOLDER,
    Expectation,
    ExpectationError,
    Expectations,
    parse_expectations,
)
from oauth_gauntlet.results.gate import counts, evaluate

_BEGINNING = "# Known verdicts of oauth-gauntlet, with reasons. Written by `oauth-gauntlet gate --update`; edit the reasons."

_NEUTRAL = frozenset({Verdict.CONSEQUENCE, Verdict.NOT_APPLICABLE})


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """A baseline's new text and its entries. `changes` has a line for each change, and is empty if there is none."""

    text: str
    expectations: Expectations
    changes: tuple[str, ...]


def updated(text: str, name: str, run: Run, *, strict: bool, today: date) -> Update:
    """Return the update of a baseline with this text. Error messages call the baseline `name`.

    Raises:
        ExpectationError: the text is not a baseline, or the name of a scenario of the run cannot be an entry.
    """
    old = parse_expectations(text, name, old_words=True)
    document = document_of(text, [entry.scenario for entry in _first_of_each(old.entries)])
    document, changes = migrated(document, old, run)
    if changes:
        old = parse_expectations(document.text, name)
        document = document_of(document.text, [entry.scenario for entry in _first_of_each(old.entries)])
    kept, document, more = _checked(document, old, run, strict=strict, today=today)
    changes += more
    report = evaluate(run, kept, strict=strict, today=today)
    uncovered = [result for result in (*report.unexpected, *report.broken) if not _is_exactly(kept, result)]
    try:
        added = tuple(new_entries(uncovered, run, kept))
    except Malformed as error:
        raise ExpectationError(f"{name}: a scenario of this run cannot be an entry: {error}") from error
    changes += [f"added    {_patterns(each)}: {each.verdict}, {number(each.scenarios, 'scenario')}" for each in added]
    if added:
        changes.append(f"write the reasons of the new entries in place of {PLACEHOLDER!r}")
    if changes:
        beginning = document.beginning or ("" if text.strip() else _BEGINNING)
        document = Document(beginning=beginning, blocks=(*document.blocks, *map(_block, added)))
        changes += [f"kept     {_entries(count)}"] if (count := sum(1 for _ in _first_of_each(kept.entries))) else []
        new = document.text.replace("\n", "\r\n") if "\r\n" in text else document.text
    else:
        new = text
    changes += [
        f"expired  {each.name}: it should have been fixed by {each.entry.until}; fix it, or write a later day"
        for each in report.expired
    ]
    expectations = old if new == text else parse_expectations(new, name)
    return Update(text=new, expectations=expectations, changes=tuple(changes))


def _checked(
    document: Document, old: Expectations, run: Run, *, strict: bool, today: date
) -> tuple[Expectations, Document, list[str]]:
    """Return the entries that stay, the document without the others, and a line for each change."""
    report = evaluate(run, old, strict=strict, today=today)
    covered: dict[Expectation, list[Result]] = {}
    for result in run.results:
        entry = old.match(result.scenario)
        if entry is not None:
            covered.setdefault(entry, []).append(result)
    stale, unmatched = dict(report.stale), set(report.unmatched)
    blocks: list[Block | None] = []
    entries: list[Expectation] = []
    changes: list[str] = []
    groups = groupby(old.entries, key=lambda entry: entry.number)
    for block, (_, group) in zip(document.blocks, groups, strict=True):
        patterns = tuple(group)
        gone: list[Expectation] = []
        for entry in patterns:
            results = covered.get(entry, [])
            agrees = any(entry.agrees(result) for result in results)
            broke = not agrees and any(result.verdict is Verdict.ERROR for result in results)
            verdict = None if agrees or len(patterns) > 1 else _instead(entry, results, strict=strict)
            if entry in unmatched:
                gone.append(entry)
                changes.append(
                    f"removed  {entry.scenario}: this run judged no such scenario (it is gone, or of a profile not asked)"
                )
            elif verdict is not None and (entry in stale or broke):
                block = block.with_verdict(str(verdict))
                changes.append(
                    f"changed  {entry.scenario}: {entry.word} is now {verdict}, {number(len(results), 'scenario')}; "
                    "check the reason"
                )
                entry = replace(entry, verdict=verdict)
            elif entry in stale or (broke and not entry.expired(today)):
                gone.append(entry)
                example = next(result for result in results if result.verdict not in _NEUTRAL or entry in stale)
                changes.append(f"removed  {entry.scenario}: {example.scenario} has verdict {example.verdict}")
            if entry not in gone:
                entries.append(entry)
        if len(gone) == len(patterns):
            blocks.append(None)
        else:
            blocks.append(block.without([entry.scenario for entry in gone]) if gone else block)
    kept = Expectations(entries=tuple(entries), name=old.name, text=old.text) if changes else old
    return kept, document.with_blocks(blocks), changes


def _instead(entry: Expectation, results: Sequence[Result], *, strict: bool) -> Verdict | None:
    """Return the one verdict that needs an entry and that all scenarios of an entry have, or None."""
    found = {result.verdict for result in results} - _NEUTRAL
    if entry.message is not None or len(found) != 1:
        return None
    (verdict,) = found
    return verdict if verdict is Verdict.ERROR or counts(verdict, strict=strict) else None


def _is_exactly(kept: Expectations, result: Result) -> bool:
    """Return whether an entry is about this scenario only. It is expired; a second one for it would renew it."""
    entry = kept.match(result.scenario)
    return entry is not None and entry.scenario == result.scenario


def _first_of_each(entries: Sequence[Expectation]) -> Iterator[Expectation]:
    """Yield the first pattern of each entry of the file."""
    for _, group in groupby(entries, key=lambda entry: entry.number):
        yield next(group)


def _patterns(entry: NewEntry) -> str:
    more = f" and {number(len(entry.patterns) - 1, 'more pattern')}" if len(entry.patterns) > 1 else ""
    return f"{entry.patterns[0]}{more}"


def _block(entry: NewEntry) -> Block:
    scenario = entry.patterns[0] if len(entry.patterns) == 1 else list(entry.patterns)
    return new_block({"scenario": scenario, "verdict": str(entry.verdict), "reason": PLACEHOLDER})


def _entries(count: int) -> str:
    return f"{count} {'entry' if count == 1 else 'entries'}"
