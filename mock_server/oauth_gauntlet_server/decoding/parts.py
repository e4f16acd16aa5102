"""Values for decoded messages: a part has a title, rows, and optionally a finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_ROWS = 100
"""How many rows of a part are shown."""


class State(StrEnum):
    """The result of a check: what was checked is right, is wrong, or cannot be judged with what the tenant knows."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A name with its value, safe to show; rows with the same `group` belong together, such as a JWT's header."""

    name: str
    value: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A decoded part of a message; `finding` is text for people about a check, and `state` the result of that check."""

    kind: str
    title: str
    rows: tuple[Row, ...] = ()
    state: State | None = None
    finding: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON document, with at most `MOST_ROWS` rows."""
        rows = [{"name": row.name, "value": row.value, "note": row.note, "group": row.group} for row in self.rows[:MOST_ROWS]]
        left = len(self.rows) - len(rows)
        finding = f"{self.finding} ({left} more rows are not shown)".strip() if left else self.finding
        return {"kind": self.kind, "title": self.title, "rows": rows, "state": self.state, "finding": finding}
