"""What there is to say of a message, as values of one shape: a part has a title, rows, and perhaps a finding."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

MOST_ROWS = 100


class State(StrEnum):
    """How a finding is meant."""

    GOOD = "good"
    BAD = "bad"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """A name with its value, as they may be shown; `group` puts rows together, such as a JWT's header."""

    name: str
    value: str
    note: str = ""
    group: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """A part of a message, decoded; `finding` is one sentence, and `state` how it is meant."""

    kind: str
    title: str
    rows: tuple[Row, ...] = ()
    state: State | None = None
    finding: str = ""

    def to_json(self) -> dict[str, Any]:
        """Return the JSON form; of very many rows the first."""
        rows = [{"name": row.name, "value": row.value, "note": row.note, "group": row.group} for row in self.rows[:MOST_ROWS]]
        left = len(self.rows) - len(rows)
        finding = f"{self.finding} ({left} more rows are not shown)".strip() if left else self.finding
        return {"kind": self.kind, "title": self.title, "rows": rows, "state": self.state, "finding": finding}
