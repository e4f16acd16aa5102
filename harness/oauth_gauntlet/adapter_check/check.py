"""Define a check of `adapter check`: its outcome, and how an inspection is applied to the grants of an adapter."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, GrantType


class CheckOutcome(StrEnum):
    """The outcome of a check."""

    OK = "ok"
    WARN = "warn"
    """The adapter or its client may be the cause."""
    PROBLEM = "problem"
    """No client can be the cause."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """A check with its outcome; `advice` states what was seen, and the next step."""

    title: str
    outcome: CheckOutcome
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Observation:
    """The outcome of one inspection with one grant."""

    outcome: CheckOutcome
    advice: str = ""


Inspection = Callable[[Subject, GrantType], Observation | None]
"""Inspects the client with one grant; returns None if this grant cannot show what is inspected."""

GOOD = Observation(CheckOutcome.OK)


def doubt(advice: str) -> Observation:
    """Return a warning: the adapter or its client may be the cause."""
    return Observation(CheckOutcome.WARN, advice)


def wrong(advice: str) -> Observation:
    """Return a problem: no client can be the cause."""
    return Observation(CheckOutcome.PROBLEM, advice)


def checked(title: str, condition: object, advice: str, *, otherwise: CheckOutcome = CheckOutcome.PROBLEM) -> Check:
    """Return the check of a condition; `otherwise` is the outcome when it is false."""
    return Check(title=title, outcome=CheckOutcome.OK) if condition else Check(title=title, outcome=otherwise, advice=advice)


def anywhere(subject: Subject, title: str, inspect: Inspection) -> Check:
    """Return the first outcome that is not a warning, else the first warning: a feature need not work with each grant."""
    found: Check | None = None
    for grant in subject.grants:
        seen = _inspected(subject, title, inspect, grant)
        if seen is None:
            continue
        if seen.outcome is not CheckOutcome.WARN:
            return seen
        found = found or seen
    return found or Check(
        title=title, outcome=CheckOutcome.WARN, advice="no declared grant shows it; is it declared by mistake?"
    )


def everywhere(subject: Subject, title: str, inspect: Inspection) -> Check:
    """Inspect each grant, and return the first warning or problem: a fault may occur with one grant only."""
    for grant in subject.grants:
        seen = _inspected(subject, title, inspect, grant)
        if seen is not None and seen.outcome is not CheckOutcome.OK:
            return seen
    return Check(title=title, outcome=CheckOutcome.OK)


def once(subject: Subject, title: str, inspect: Inspection) -> Check:
    """Inspect the first grant only: the result is the same for all grants."""
    return _inspected(subject, title, inspect, subject.grants[0]) or Check(title=title, outcome=CheckOutcome.OK)


def unimplemented(error: ErrorInfo) -> bool:
    """Return whether the error says that the adapter does not know the operation of the request."""
    return "unknown operation" in error.message


def _inspected(subject: Subject, title: str, inspect: Inspection, grant: GrantType) -> Check | None:
    try:
        observation = inspect(subject, grant)
    except ClientFailure as failure:
        if unimplemented(failure.error):
            observation = wrong("implement the operation, or do not declare it")
        else:
            observation = doubt(f"the server made no fault, and the client reported {failure}")
    except Breach as breach:
        observation = doubt(str(breach))
    if observation is None:
        return None
    advice = f"{grant.short}: {observation.advice}" if observation.advice else ""
    return Check(title=title, outcome=observation.outcome, advice=advice)
