"""The entry type of findings.toml: a finding that a person has checked on the wire."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Nature(StrEnum):
    """How the person who checked a finding classifies it."""

    DEFECT = "defect"
    """The client contradicts the source and its own documentation."""
    DESIGN_CHOICE = "design choice"
    """The client does so on purpose."""
    DOCUMENTED = "documented"
    """The client's documentation describes it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CheckedFinding:
    """An entry of a client's findings.toml.

    `requirement` is the id of the requirement that is not met; `does` describes the client's behaviour; `wire` quotes what was
    sent (``>``) and received (``<``); `source` quotes the text that requires otherwise; `upstream` is the authors' own issue or
    discussion, or the search that found none.
    """

    requirement: str
    does: str
    wire: str
    source: str
    nature: Nature
    upstream: str
