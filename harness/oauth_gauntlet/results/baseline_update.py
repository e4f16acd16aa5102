"""Rewrite a baseline so that it matches a run: ``gate --update``. Pure: text in, text out.

Entries are sorted by scenario. Reasons, issues and comments are kept. Stale, unmatched and expired entries are
deleted. A new entry gets a placeholder for its reason. Verdicts of an earlier version are replaced (`baseline_migration`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from oauth_gauntlet.model import Result, Run, Verdict, number
from oauth_gauntlet.results.baseline_migration import migration
from oauth_gauntlet.results.expectations import OLD_WORDS, Expectations, parse_expectations
from oauth_gauntlet.results.gate import GateReport, evaluate

PLACEHOLDER = "TODO: say why"

_HEADER = "Known verdicts of oauth-gauntlet, with reasons. Written by `oauth-gauntlet gate --update`; edit the reasons."


@dataclass(frozen=True, kw_only=True, slots=True)
class Update:
    """A baseline's new text and its entries. `changes` has a line for each change but the additions, and one for these."""

    text: str
    expectations: Expectations
    changes: tuple[str, ...]


def updated(text: str, name: str, run: Run, *, strict: bool, today: date) -> Update:
    """Return the update of a baseline with this text. Error messages call the baseline `name`.

    Raises:
        ExpectationError: the text is not a baseline.
    """
    expectations = parse_expectations(text, name, old_words=True)
    document = tomlkit.parse(text)
    if not text.strip():
        document.add(tomlkit.comment(_HEADER))
    tables = [_as_table(entry) for entry in document.get("expect", ())]
    changes = list(_migrate(tables, expectations, run))
    expectations = parse_expectations(_with_tables(document, tables), name)
    report = evaluate(run, expectations, strict=strict, today=today)
    changes += _deletions(report)
    dead = {entry.scenario for _, entry in report.stale} | {entry.scenario for entry in (*report.unmatched, *report.expired)}
    tables = [table for table in tables if str(table["scenario"]) not in dead]
    tables += [_table(result.scenario, result.verdict, PLACEHOLDER) for result in report.unexpected]
    if report.unexpected:
        changes.append(f"added {number(len(report.unexpected), 'verdict')}: write the reasons in place of {PLACEHOLDER!r}")
    new = _with_tables(document, tables)
    return Update(text=new, expectations=parse_expectations(new, name), changes=tuple(changes))


def _migrate(tables: list[Table], expectations: Expectations, run: Run) -> Iterator[str]:
    """Replace the verdicts of an earlier version in `tables`, and yield a line for each."""
    for table, entry in zip(tuple(tables), expectations.entries, strict=True):
        word = str(table["verdict"])
        if word not in OLD_WORDS:
            continue
        found = migration(entry, word, expectations, run)
        table["verdict"] = str(found.verdict)
        tables += [_copy(table, other) for other in found.others]
        yield found.change


def _deletions(report: GateReport) -> Iterator[str]:
    for result, entry in report.stale:
        yield f"{entry.scenario}: removed, because {result.scenario} has verdict {result.verdict}"
    for entry in report.unmatched:
        yield f"{entry.scenario}: removed, because this run judged no such scenario (it is gone, or of a profile not asked)"
    for entry in report.expired:
        yield f"{entry.scenario}: removed, because it expired on {entry.until}"


def _with_tables(document: tomlkit.TOMLDocument, tables: list[Table]) -> str:
    """Return the document's text with these entries, sorted by scenario."""
    document.pop("expect", None)
    entries = AoT([])
    for table in sorted(tables, key=lambda each: str(each["scenario"])):
        entries.append(table)
    if tables:
        document["expect"] = entries
    return tomlkit.dumps(document).lstrip("\n")


def _as_table(entry: Table | InlineTable) -> Table:
    """Return an entry as a table with a line for each key, also if it was written as an inline table ``{ ... }``."""
    if isinstance(entry, Table):
        return entry
    table = tomlkit.table()
    table.update(entry.unwrap())
    return table


def _copy(table: Table, result: Result) -> Table:
    copied = tomlkit.table()
    copied.update({**table.unwrap(), "scenario": result.scenario, "verdict": str(result.verdict)})
    return copied


def _table(scenario: str, verdict: Verdict, reason: str) -> Table:
    table = tomlkit.table()
    table["scenario"] = scenario
    table["verdict"] = str(verdict)
    table["reason"] = reason
    return table
