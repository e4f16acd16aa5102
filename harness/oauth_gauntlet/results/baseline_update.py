"""Rewriting a baseline so that it says what a run found: ``gate --update``. Pure: text in, text out.

Entries are put in canonical order, by scenario. Reasons, issues and comments stay; entries that no scenario bears out
go; a verdict that nobody has explained yet gets a placeholder for its reason.
"""

from __future__ import annotations

from datetime import date

import tomlkit
from tomlkit.items import AoT, InlineTable, Table

from oauth_gauntlet.model import Result, Run
from oauth_gauntlet.results.expectations import Expectations
from oauth_gauntlet.results.gate import evaluate

PLACEHOLDER = "TODO: say why"

_HEADER = "Known verdicts of oauth-gauntlet, and why. Written by `oauth-gauntlet gate --update`; edit the reasons."


def updated(text: str, expectations: Expectations, run: Run, *, strict: bool, today: date) -> str:
    """Return the baseline's new text. `text` is the old one, from which `expectations` were read."""
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
    """Return an entry as a table of its own lines, which it is but where it was written as ``{ ... }``."""
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
