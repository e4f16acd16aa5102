"""How a scenario says what it found.

`require` and `advise` end the scenario with a finding when their condition does not hold; a scenario therefore puts
its advice last. `untestable` ends it without one: the client never came to the point, and nothing was proved.
"""

from __future__ import annotations

from typing import NoReturn

from oauth_gauntlet.model import Finding, Level, Mark, Verdict


class Breach(AssertionError):
    """A requirement is not met: what was expected, what was seen, and where.

    `grade` is None where the requirement's own level decides.
    """

    def __init__(self, *, expected: str, seen: str, grade: Verdict | None = None, mark: Mark | None = None) -> None:
        super().__init__(f"expected {expected}; {seen}")
        self.expected = expected
        self.seen = seen
        self.grade = grade
        self.mark = mark

    def finding(self, level: Level) -> Finding:
        """Return the finding that this breach is, for a requirement of the given level."""
        by_level = Verdict.FAIL if level.binding else Verdict.WARN
        return Finding(expected=self.expected, seen=self.seen, grade=self.grade or by_level, mark=self.mark)


class Untestable(Exception):
    """The scenario could not come to its point."""


def require(condition: object, *, expected: str, seen: str, mark: Mark | None = None, grade: Verdict | None = None) -> None:
    """End the scenario with a finding unless `condition` holds.

    Raises:
        Breach: graded by the requirement's level, or by `grade`.
    """
    if not condition:
        raise Breach(expected=expected, seen=seen, mark=mark, grade=grade)


def advise(condition: object, *, expected: str, seen: str, mark: Mark | None = None) -> None:
    """End the scenario with a warning, whatever the requirement's level, unless `condition` holds.

    Raises:
        Breach: graded as a warning.
    """
    require(condition, expected=expected, seen=seen, mark=mark, grade=Verdict.WARN)


def untestable(reason: str) -> NoReturn:
    """End the scenario: it could not come to its point, for the reason given.

    Raises:
        Untestable: always.
    """
    raise Untestable(reason)
