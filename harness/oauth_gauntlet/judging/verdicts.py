"""From how a scenario ended to the verdict on the client. Pure.

The rules, in the order in which they are asked:

1. Something of the adapter or the harness broke: `error`. It says nothing about the client.
2. A fault was armed and never fired: `untestable`, whatever else was seen. A client that refuses early has not been
   shown to survive a fault that it never met.
3. The scenario said so itself: `untestable`.
4. A finding: its own grade, or what the requirement's level makes of it.
5. Otherwise: `pass`.

Where this machine was in trouble meanwhile, `downgraded` makes `error` of what cannot be relied on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.errors import ClientFailure, GauntletError
from oauth_gauntlet.model import Finding, Level, Verdict

_E = TypeVar("_E", bound=BaseException)

_AGAINST = {Verdict.FAIL, Verdict.WARN, Verdict.UNTESTABLE}


@dataclass(frozen=True, kw_only=True, slots=True)
class Conclusion:
    """A verdict with the sentence that explains it."""

    verdict: Verdict
    message: str = ""
    findings: tuple[Finding, ...] = ()


def conclude(
    *, level: Level, exception: BaseException | None, unfired: Sequence[str] = (), server_failed: bool = False
) -> Conclusion:
    """Return the verdict of a scenario that ended with `exception` (None: it ran to its end).

    `unfired` names the faults that were armed and never fired; `server_failed` says that the mock server itself did.
    """
    if server_failed:
        return Conclusion(verdict=Verdict.ERROR, message="the mock server itself failed; its log says why")
    breach = None if exception is None else _first(exception, Breach)
    if exception is not None and breach is None:
        stopped = _first(exception, Untestable)
        if stopped is not None:
            return Conclusion(verdict=Verdict.UNTESTABLE, message=str(stopped))
        return Conclusion(verdict=Verdict.ERROR, message=_trouble(exception))
    if unfired:
        met = f"; the scenario ended with: {breach}" if breach else ""
        return Conclusion(
            verdict=Verdict.UNTESTABLE, message=f"the fault {', '.join(unfired)} was armed and never delivered{met}"
        )
    if breach is None:
        return Conclusion(verdict=Verdict.PASS)
    finding = breach.finding(level)
    return Conclusion(verdict=finding.grade, message=str(breach), findings=(finding,))


def downgraded(conclusion: Conclusion, *, anyhow: str | None = None, against: str | None = None) -> Conclusion:
    """Return what is left of a conclusion where the machine was in trouble while it was come to.

    `anyhow` says what makes every verdict doubtful, `against` what makes one that says something against the client, such
    as that it never came to the point.
    """
    trouble = anyhow or (against if conclusion.verdict in _AGAINST else None)
    if trouble is None or conclusion.verdict in {Verdict.ERROR, Verdict.NOT_APPLICABLE}:
        return conclusion
    said = conclusion.message or conclusion.verdict
    return Conclusion(verdict=Verdict.ERROR, message=f"{trouble}; run it again (it would have come to: {said})")


def _trouble(exception: BaseException) -> str:
    ours = _first(exception, GauntletError)
    if ours is not None:
        return str(ours)
    failure = _first(exception, ClientFailure)
    if failure is not None:
        return f"the client failed where the scenario did not expect it: {failure}"
    return f"the scenario itself broke: {type(exception).__name__}: {exception}"


def _first(exception: BaseException, wanted: type[_E]) -> _E | None:
    """Return the first exception of a type, looking into groups: hypothesis wraps what it could not replay."""
    return next((found for found in flattened(exception) if isinstance(found, wanted)), None)


def flattened(exception: BaseException) -> Iterator[BaseException]:
    """Yield an exception and, of a group, every one in it."""
    yield exception
    if isinstance(exception, BaseExceptionGroup):
        for inner in exception.exceptions:
            yield from flattened(inner)
