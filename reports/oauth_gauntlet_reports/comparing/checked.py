"""Findings that somebody has checked by hand on the wire, beside what runs find."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """What a finding is, as the one who checked it sees it."""

    DEFECT = "defect"
    """It does otherwise than the source says, and than its own documentation."""
    DESIGN_CHOICE = "design choice"
    """It is meant to be so."""
    DOCUMENTED = "documented"
    """Its documentation says so."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedFinding:
    """An entry of a client's findings.toml.

    `requirement` is the id of what is not met; `does` says what the client does; `wire` what was sent (``>``) and answered
    (``<``); `source` who demands otherwise; `upstream` where its authors speak of it, or where that was looked for.
    """

    requirement: str
    does: str
    wire: str
    source: str
    nature: Nature
    upstream: str
