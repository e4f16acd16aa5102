"""Two runs of one client, before and after a change: what is new, what is mended, what is otherwise."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.model import Result, Run, Verdict
from oauth_gauntlet_reports.causes import FINDINGS, GRAVITY, LEVELS, client_name


class ChangeKind(StrEnum):
    """How a scenario came out the second time."""

    NEW = "new"
    """A finding where there was none, or a graver one."""
    FIXED = "fixed"
    """It passes now, or is milder."""
    CHANGED = "changed"
    """A finding both times, and not the same."""
    UNTESTED = "untested"
    """It was judged before, and is not any more: neither mended nor broken."""
    TESTED = "tested"
    """It was not judged before, and passes."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A scenario that came out otherwise; None where the run has no result of it."""

    kind: ChangeKind
    scenario: str
    before: Result | None
    after: Result | None

    @property
    def result(self) -> Result:
        """The later result, or the one there is."""
        result = self.after or self.before
        assert result is not None
        return result


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two runs and their changes, the gravest first."""

    before: Run
    after: Run
    changes: tuple[Change, ...]

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of a kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    @property
    def text(self) -> str:
        """What it comes to, in a sentence."""
        names = [client_name(run) for run in (self.before, self.after)]
        subject = names[0] if names[0] == names[1] else f"{names[0]} to {names[1]}"
        counts = [(len(self.of(kind)), words) for kind, words in _WORDS.items()]
        told = ", ".join(f"{count} {words}" for count, words in counts if count)
        return f"{subject}: {told or 'nothing changed'}"

    @property
    def verdict(self) -> Verdict:
        """The colour of the sentence."""
        if self.of(ChangeKind.NEW):
            return Verdict.FAIL
        return Verdict.WARN if self.of(ChangeKind.UNTESTED) or not self.after.complete else Verdict.PASS


_WORDS = {
    ChangeKind.NEW: "new or graver",
    ChangeKind.FIXED: "fixed or milder",
    ChangeKind.CHANGED: "changed",
    ChangeKind.UNTESTED: "no longer tested",
    ChangeKind.TESTED: "newly tested and passed",
}

# What differs from run to run: a port, a tenant's name, tokens, times.
_PASSING = re.compile(r"\d{4,}|\bt[0-9a-f]{12}\b|[\w-]{20,}")


def compare(before: Run, after: Run) -> Comparison:
    """Return what changed from one run to the other."""
    old, new = ({result.scenario: result for result in run.results} for run in (before, after))
    changes: list[Change] = []
    for scenario in {**old, **new}:
        kind = _kind(old.get(scenario), new.get(scenario))
        if kind is not None:
            changes.append(Change(kind=kind, scenario=scenario, before=old.get(scenario), after=new.get(scenario)))
    return Comparison(before=before, after=after, changes=tuple(sorted(changes, key=_order)))


def _kind(before: Result | None, after: Result | None) -> ChangeKind | None:
    old, new = _judged(before), _judged(after)
    if new is None:
        return None if old is None else ChangeKind.UNTESTED
    if old is None:
        return ChangeKind.NEW if new in FINDINGS else ChangeKind.TESTED
    if new is not old:
        return ChangeKind.NEW if GRAVITY.index(new) < GRAVITY.index(old) else ChangeKind.FIXED
    assert before is not None
    assert after is not None
    if new in FINDINGS and _lasting(before.message) != _lasting(after.message):
        return ChangeKind.CHANGED
    return None


def _judged(result: Result | None) -> Verdict | None:
    return None if result is None or result.verdict is Verdict.NOT_APPLICABLE else result.verdict


def _lasting(message: str) -> str:
    return _PASSING.sub("_", message)


def _order(change: Change) -> tuple[int, int, int, str]:
    result = change.result
    return list(ChangeKind).index(change.kind), GRAVITY.index(result.verdict), LEVELS.index(result.level), change.scenario
