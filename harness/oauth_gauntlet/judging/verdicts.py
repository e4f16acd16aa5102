"""Conclude the verdict on a client from how a scenario ended. Pure.

The first rule that applies decides:

1. The mock server failed: `error`.
2. The scenario ended with an exception that is not a finding: `untestable` if the scenario raised it itself, else
   `error`, because the adapter or the harness broke.
3. A fault was armed and never fired: `untestable`, also with a finding. A client that gives up early has not shown
   that it survives a fault that it never met.
4. Nothing was sent: `untestable`. A client that never sends a request has not shown that it sends the right one. With a
   finding it is `untestable` only if the client gets no token from a server without faults either: then the finding is not
   about what the scenario tests.
5. There is a finding: the verdict is its grade, or follows from the requirement's level.
   A client that never answers, or whose process ends, is such a finding (`NoAnswer`).
6. Otherwise: `pass`.

`downgraded` then changes verdicts that are unreliable because of this machine to `error`.
"""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from oauth_gauntlet.checks import Breach, NoAnswer, Untestable
from oauth_gauntlet.errors import ClientFailure, GauntletError
from oauth_gauntlet.model import Damage, Ending, Finding, Level, RenewalKind, Verdict

_E = TypeVar("_E", bound=BaseException)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """A verdict with the message that explains it. `advised`: the scenario graded the finding itself, as advice.

    `damage` is what the finding means for users; None: what the requirement says.
    """

    verdict: Verdict
    message: str = ""
    findings: tuple[Finding, ...] = ()
    advised: bool = False
    damage: Damage | None = None


def conclude(
    *,
    level: Level,
    exception: BaseException | None,
    unfired: Sequence[str] = (),
    server_failed: bool = False,
    sent: bool = True,
    works: bool = True,
) -> Conclusion:
    """Return the verdict of a scenario that ended with `exception` (None: it ran to its end).

    `unfired` names the faults that were armed and never fired. `server_failed`: the mock server failed. `sent`: the client
    sent something, a request or at least a connection. `works`: it gets a token from a server without faults, or the
    requirement asks just that.
    """
    if server_failed:
        return Conclusion(verdict=Verdict.ERROR, message="the mock server itself failed; see its log")
    breach = None if exception is None else _first(exception, Breach)
    if exception is not None and breach is None:
        untestable = _first(exception, Untestable)
        if untestable is not None:
            return Conclusion(verdict=Verdict.UNTESTABLE, message=str(untestable))
        return Conclusion(verdict=Verdict.ERROR, message=_broken(exception))
    ending = f"; the scenario ended with: {breach}" if breach else ""
    if unfired:
        return Conclusion(
            verdict=Verdict.UNTESTABLE, message=f"the fault {', '.join(unfired)} was armed and never delivered{ending}"
        )
    if not sent and (breach is None or not works):
        why = " and gets no token from a server without faults" if breach else ""
        message = f"the client sent nothing{why}, so nothing is proved{ending}"
        return Conclusion(verdict=Verdict.UNTESTABLE, message=message)
    if breach is None:
        return Conclusion(verdict=Verdict.PASS)
    finding = breach.finding(level)
    return Conclusion(
        verdict=finding.grade,
        message=str(breach),
        findings=(finding,),
        advised=breach.grade is not None,
        damage=breach.damage,
    )


def ending_of(exception: BaseException | None) -> Ending | None:
    """Return how the client ended an operation without an answer, if it did so before the scenario ended with `exception`."""
    seen: set[int] = set()
    while exception is not None and id(exception) not in seen:
        unanswered = _first(exception, NoAnswer)
        if unanswered is not None:
            return unanswered.ending
        # Code that is not ours can make an exception its own cause.
        seen.add(id(exception))
        exception = exception.__cause__ or exception.__context__
    return None


def attributed(conclusion: Conclusion, platform: str) -> Conclusion:
    """Return a conclusion whose findings name the platform whose HTTP stack decides this."""
    owner = f"; most clients leave this to their HTTP stack, here that of {platform}"
    findings = tuple(replace(finding, seen=f"{finding.seen}{owner}") for finding in conclusion.findings)
    message = f"{conclusion.message}{owner}" if findings else conclusion.message
    return replace(conclusion, findings=findings, message=message)


def renewed(conclusion: Conclusion, kind: RenewalKind) -> Conclusion:
    """Return a conclusion about a renewal: its findings begin with that."""
    about = f"in the renewal {kind.occasion}: "
    findings = tuple(replace(finding, seen=f"{about}{finding.seen}") for finding in conclusion.findings)
    return replace(conclusion, findings=findings, message=f"{about}{conclusion.message}" if findings else conclusion.message)


def downgraded(conclusion: Conclusion, *, always: str | None = None, if_adverse: str | None = None) -> Conclusion:
    """Downgrade a conclusion to `error` if the machine was unreliable meanwhile.

    `always` is a reason to doubt every verdict. `if_adverse` is a reason to doubt only those against the
    client, and `untestable`.
    """
    adverse = conclusion.verdict.against or conclusion.verdict is Verdict.UNTESTABLE
    reason = always or (if_adverse if adverse else None)
    if reason is None or conclusion.verdict in {Verdict.ERROR, Verdict.NOT_APPLICABLE}:
        return conclusion
    text = conclusion.message or conclusion.verdict
    return Conclusion(verdict=Verdict.ERROR, message=f"{reason}; run it again (otherwise the verdict would be: {text})")


def _broken(exception: BaseException) -> str:
    ours = _first(exception, GauntletError)
    if ours is not None:
        return str(ours)
    failure = _first(exception, ClientFailure)
    if failure is not None:
        return f"the client failed where the scenario did not expect it: {failure}"
    # What the scenario calls may be ours: the last frame in a file of scenarios is the one that helps.
    frames = [
        (each.filename.replace("\\", "/").rpartition("/")[2], each.lineno)
        for each in traceback.extract_tb(exception.__traceback__)
    ]
    own = next((each for each in reversed(frames) if each[0].startswith("test_")), None)
    place = "" if own is None else f" ({own[0]}, line {own[1]})"
    return f"the scenario itself broke{place}: {type(exception).__name__}: {exception}"


def _first(exception: BaseException, wanted: type[_E]) -> _E | None:
    """Return the first exception of a type, also from groups: Hypothesis groups exceptions that it cannot replay."""
    return next((found for found in flattened(exception) if isinstance(found, wanted)), None)


def flattened(exception: BaseException) -> Iterator[BaseException]:
    """Yield an exception and, if it is a group, every exception in it."""
    yield exception
    if isinstance(exception, BaseExceptionGroup):
        for inner in exception.exceptions:
            yield from flattened(inner)
