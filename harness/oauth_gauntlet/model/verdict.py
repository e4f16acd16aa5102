"""The verdict of a scenario."""

from __future__ import annotations

from enum import StrEnum


class Verdict(StrEnum):
    """What a scenario concludes about a client."""

    PASS = "pass"
    VIOLATION = "violation"
    """A requirement of level must is not met: the client breaks the document that is quoted."""
    HAZARD = "hazard"
    """A requirement of level unsafe is not met: a token or a secret gets lost, or identities get mixed up."""
    DEVIATION = "deviation"
    """A requirement of level profile is not met: the client deviates from a document that the user chose."""
    WARNING = "warning"
    """A requirement of level should or interop is not met, or the scenario only advises."""
    UNTESTABLE = "untestable"
    """The fault was not delivered, or the client did not reach the point that is tested: nothing is proved."""
    CONSEQUENCE = "consequence"
    """It only follows from another requirement that is not met (`Result.follows_from`), and is not counted."""
    NOT_APPLICABLE = "not_applicable"
    """The adapter does not declare what the scenario needs."""
    ERROR = "error"
    """The adapter or the harness failed: nothing is known about the client."""

    @property
    def failing(self) -> bool:
        """Whether it is red: a violation, a hazard, or a deviation from a profile."""
        return self in _FAILING

    @property
    def against(self) -> bool:
        """Whether it is a verdict against the client: red, or a warning."""
        return self in _AGAINST


_FAILING = frozenset({Verdict.VIOLATION, Verdict.HAZARD, Verdict.DEVIATION})
_AGAINST = _FAILING | {Verdict.WARNING}


class Ending(StrEnum):
    """How a client ended an operation without an answer to its application."""

    HANG = "hang"
    """It never answered, although the server had finished."""
    CRASH = "crash"
    """Its process ended because of what the server answered."""


SEVERITY = (
    Verdict.VIOLATION,
    Verdict.HAZARD,
    Verdict.DEVIATION,
    Verdict.ERROR,
    Verdict.UNTESTABLE,
    Verdict.WARNING,
    Verdict.CONSEQUENCE,
    Verdict.PASS,
    Verdict.NOT_APPLICABLE,
)
"""Verdicts, the most severe first."""
