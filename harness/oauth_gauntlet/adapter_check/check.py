"""What a check is, and how one look at each grant becomes one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.adapter_check.subject import Subject
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType


class CheckOutcome(StrEnum):
    """What a check came to."""

    OK = "ok"
    WARN = "warn"
    """Adapter or client may have caused what was seen."""
    PROBLEM = "problem"
    """No client explains what was seen."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """What was looked at, what came of it, and what was seen with the next step."""

    title: str
    outcome: CheckOutcome
    advice: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look, at one grant, came to."""

    outcome: CheckOutcome
    advice: str = ""


Look = Callable[[Subject, GrantType], Sight | None]
"""A look at the client with one grant; None where the grant cannot show what is looked for."""

GOOD = Sight(CheckOutcome.OK)


def doubt(advice: str) -> Sight:
    """Adapter or client may have caused this."""
    return Sight(CheckOutcome.WARN, advice)


def wrong(advice: str) -> Sight:
    """No client explains this."""
    return Sight(CheckOutcome.PROBLEM, advice)


def checked(title: str, condition: object, advice: str, *, otherwise: CheckOutcome = CheckOutcome.PROBLEM) -> Check:
    """Return the check of a condition."""
    return Check(title=title, outcome=CheckOutcome.OK) if condition else Check(title=title, outcome=otherwise, advice=advice)


def anywhere(subject: Subject, title: str, look: Look) -> Check:
    """Look until one grant shows it: what is declared of a client need not show with each."""
    found: Check | None = None
    for grant in subject.grants:
        seen = _looked(subject, title, look, grant)
        if seen is None:
            continue
        if seen.outcome is not CheckOutcome.WARN:
            return seen
        found = found or seen
    return found or Check(
        title=title, outcome=CheckOutcome.WARN, advice="it shows with no declared grant; is it declared by mistake?"
    )


def everywhere(subject: Subject, title: str, look: Look) -> Check:
    """Look at each grant: what must not be may show with any; the first that shows it is told."""
    for grant in subject.grants:
        seen = _looked(subject, title, look, grant)
        if seen is not None and seen.outcome is not CheckOutcome.OK:
            return seen
    return Check(title=title, outcome=CheckOutcome.OK)


def once(subject: Subject, title: str, look: Look) -> Check:
    """Look at the first grant: what is the same for all."""
    return _looked(subject, title, look, subject.grants[0]) or Check(title=title, outcome=CheckOutcome.OK)


def unimplemented(failure: ClientFailure) -> bool:
    """Whether the adapter does not know the operation that it was asked for."""
    return "unknown operation" in failure.error.message


def _looked(subject: Subject, title: str, look: Look, grant: GrantType) -> Check | None:
    try:
        sight = look(subject, grant)
    except ClientFailure as failure:
        if unimplemented(failure):
            sight = wrong("implement the operation, or do not declare it")
        else:
            sight = doubt(f"where nothing was amiss the client reported {failure}")
    except Breach as breach:
        sight = doubt(str(breach))
    if sight is None:
        return None
    advice = f"{grant.short}: {sight.advice}" if sight.advice else ""
    return Check(title=title, outcome=sight.outcome, advice=advice)
