"""Report what a scenario has found: `require`, `advise` and `untestable`.

`require` and `advise` end the scenario with a finding when their condition does not hold; therefore a scenario calls
`advise` last. `untestable` ends it without a finding: the client never reached the tested situation.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

from oauth_gauntlet.model import Damage, Ending, Finding, Level, Mark, Verdict


class Breach(AssertionError):
    """A requirement is not met: what was expected, what was seen, and where.

    `grade` is None if the level of the requirement decides the verdict, `damage` is None if the requirement decides it.
    """

    def __init__(
        self,
        *,
        expected: str,
        seen: str,
        grade: Verdict | None = None,
        mark: Mark | None = None,
        damage: Damage | None = None,
    ) -> None:
        super().__init__(f"expected {expected}; {seen}")
        self.expected = expected
        self.seen = seen
        self.grade = grade
        self.mark = mark
        self.damage = damage

    def add(self, words: str) -> None:
        """Add words to what was seen."""
        self.seen = f"{self.seen}; {words}"
        self.args = (f"expected {self.expected}; {self.seen}",)

    def finding(self, level: Level) -> Finding:
        """Return the finding of this breach, for a requirement of the given level."""
        return Finding(expected=self.expected, seen=self.seen, grade=self.grade or level.breach, mark=self.mark)


class NoAnswer(Breach):
    """The client ended an operation without an answer to its application: it hung, or its process ended.

    The verdict on a hang is that of the requirement's level. A crash is at least a hazard: it ends an application.
    """

    def __init__(self, ending: Ending, seen: str) -> None:
        super().__init__(expected="an answer to the application", seen=seen)
        self.ending = ending

    def finding(self, level: Level) -> Finding:
        """Return the finding, for a requirement of the given level."""
        found = super().finding(level)
        at_least = self.ending is Ending.CRASH and found.grade is not Verdict.VIOLATION
        return replace(found, grade=Verdict.HAZARD) if at_least else found


class Untestable(Exception):
    """The scenario did not reach the situation that it tests."""


class StillWaits(Untestable):
    """The client has not answered yet: the server has asked it to wait (Retry-After), longer than an operation may take."""


def require(
    condition: object,
    *,
    expected: str,
    seen: str,
    mark: Mark | None = None,
    grade: Verdict | None = None,
    damage: Damage | None = None,
) -> None:
    """End the scenario with a finding unless `condition` holds. `damage`: what it means for users, if not the requirement's.

    Raises:
        Breach: graded by the requirement's level, or by `grade`.
    """
    if not condition:
        raise Breach(expected=expected, seen=seen, mark=mark, grade=grade, damage=damage)


def advise(condition: object, *, expected: str, seen: str, mark: Mark | None = None) -> None:
    """End the scenario with a warning unless `condition` holds, whatever level and damage the requirement has.

    Raises:
        Breach: graded as a warning.
    """
    require(condition, expected=expected, seen=seen, mark=mark, grade=Verdict.WARNING, damage=Damage.UNCLEAR_ERROR)


def untestable(reason: str) -> NoReturn:
    """End the scenario: it did not reach the situation that it tests.

    Raises:
        Untestable: always.
    """
    raise Untestable(reason)
