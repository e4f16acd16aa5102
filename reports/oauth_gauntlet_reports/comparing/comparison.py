"""Compares two runs of one client, before and after a change: new, fixed and changed findings."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from oauth_gauntlet.model import FINDINGS, SEVERITY, Result, Run, Verdict
from oauth_gauntlet_reports.evidence.scores import LEVELS, client_name


class ChangeKind(StrEnum):
    """How the second result of a scenario differs from the first."""

    NEW = "new"
    """A finding where there was none, or a worse verdict."""
    FIXED = "fixed"
    """It passes now, or its verdict is less severe."""
    CHANGED = "changed"
    """A finding in both runs, with different messages."""
    FOLLOWING = "following"
    """It only follows from another requirement that is not met. That one is the finding."""
    UNTESTED = "untested"
    """It had a verdict before and has none now, or ended with an error: neither fixed nor new."""
    TESTED = "tested"
    """It had no verdict before, and passes now."""


TITLES = {
    ChangeKind.NEW: "New or worse",
    ChangeKind.FIXED: "Fixed or less severe",
    ChangeKind.CHANGED: "Changed",
    ChangeKind.FOLLOWING: "Explained by another finding",
    ChangeKind.UNTESTED: "No longer tested",
    ChangeKind.TESTED: "Newly tested and passed",
}
"""The title of each kind of change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """A scenario with different results; `before` or `after` is None if the run has no result of it."""

    kind: ChangeKind
    scenario: str
    before: Result | None
    after: Result | None

    @property
    def result(self) -> Result:
        """The later result, or the earlier one if there is no later one."""
        result = self.after or self.before
        assert result is not None
        return result


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """Two runs and their changes, the most severe first."""

    before: Run
    after: Run
    changes: tuple[Change, ...]

    def of(self, kind: ChangeKind) -> tuple[Change, ...]:
        """Return the changes of a kind."""
        return tuple(change for change in self.changes if change.kind is kind)

    def by_requirement(self, kind: ChangeKind) -> tuple[tuple[Change, ...], ...]:
        """Return the changes of a kind, grouped by requirement."""
        groups: dict[str, list[Change]] = {}
        for change in self.of(kind):
            groups.setdefault(change.result.id, []).append(change)
        return tuple(tuple(group) for group in groups.values())

    @property
    def text(self) -> str:
        """The number of changes of each kind, in one sentence."""
        names = [client_name(run) for run in (self.before, self.after)]
        subject = names[0] if names[0] == names[1] else f"{names[0]} to {names[1]}"
        counts = [(len(self.of(kind)), title.lower()) for kind, title in TITLES.items()]
        changes = ", ".join(f"{count} {words}" for count, words in counts if count)
        return f"{subject}: {changes or 'no change'}"

    @property
    def verdict(self) -> Verdict:
        """The verdict that decides the colour of the sentence."""
        new = {change.result.verdict for change in self.of(ChangeKind.NEW)}
        if new:
            return min(new, key=SEVERITY.index)
        return Verdict.WARNING if self.of(ChangeKind.UNTESTED) or not self.after.complete else Verdict.PASS


# The other verdicts contain no information about the client, so they are neither fixed nor new.
_JUDGED = frozenset({Verdict.PASS, Verdict.CONSEQUENCE} | {verdict for verdict in Verdict if verdict.against})

# Values that differ between runs: an object's address, a port, a time, a tenant's name, a token (long, with a
# digit).
_PASSING = re.compile(r"0x[0-9a-f]+|\bt[0-9a-f]{12}\b|(?=[\w-]*\d)[\w-]{20,}|\d{4,}")


def compare(before: Run, after: Run) -> Comparison:
    """Return the changes from one run to the other."""
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
    if new is Verdict.CONSEQUENCE:
        return None if old is Verdict.CONSEQUENCE else ChangeKind.FOLLOWING
    if old is None:
        return ChangeKind.NEW if new in FINDINGS else ChangeKind.TESTED
    if new is not old:
        return ChangeKind.NEW if SEVERITY.index(new) < SEVERITY.index(old) else ChangeKind.FIXED
    assert before is not None
    assert after is not None
    if new in FINDINGS and _lasting(before.message) != _lasting(after.message):
        return ChangeKind.CHANGED
    return None


def _judged(result: Result | None) -> Verdict | None:
    return result.verdict if result is not None and result.verdict in _JUDGED else None


def _lasting(message: str) -> str:
    return _PASSING.sub("_", message)


def _order(change: Change) -> tuple[int, int, int, str]:
    result = change.result
    return list(ChangeKind).index(change.kind), SEVERITY.index(result.verdict), LEVELS.index(result.level), change.scenario
