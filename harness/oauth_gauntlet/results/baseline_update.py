"""Rewrite a baseline so that it matches a run: ``gate --update``. Pure: text in, text out.

Entries are sorted by scenario. Reasons, issues and comments are kept. Stale, unmatched and expired entries are
deleted. A new entry gets a placeholder for its reason.
"""

from __future__ import annotations

from datetime import date

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from oauth_gauntlet.model import Result, Run
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import evaluate

PLACEHOLDER = "TODO: say why"

_HEADER = "Known verdicts of oauth-gauntlet, with reasons. Written by `oauth-gauntlet gate --update`; edit the reasons."


def updated(text: str, expectations: Expectations, run: Run, *, strict: bool, today: date) -> str:
    """Return the baseline's new text. `text` is its old text, and `expectations` are the entries of that text."""
    report = evaluate(run, expectations, strict=strict, today=today)
    dead = {entry.scenario for _, entry in report.stale} | {entry.scenario for entry in (*report.unmatched, *report.expired)}
    document = tomlkit.parse(text)
    if not text.strip():
        document.add(tomlkit.comment(_HEADER))
    tables: dict[str, Table] = {
        str(entry["scenario"]): _as_table(entry) for entry in document.get("expect", ()) if str(entry["scenario"]) not in dead
    }
    for result in report.unexpected:
        tables[result.scenario] = _table(result)
    document.pop("expect", None)
    entries = AoT([])
    for scenario in sorted(tables):
        entries.append(tables[scenario])
    if tables:
        document["expect"] = entries
    return tomlkit.dumps(document)


def _as_table(entry: Table | InlineTable) -> Table:
    """Return an entry as a table with a line for each key, also if it was written as an inline table ``{ ... }``."""
    if isinstance(entry, Table):
        return entry
    table = tomlkit.table()
    table.update(entry.unwrap())
    return table


def _table(result: Result) -> Table:
    table = tomlkit.table()
    table["scenario"] = result.scenario
    table["verdict"] = str(result.verdict)
    table["reason"] = PLACEHOLDER
    return table
