"""Report what a scenario has found: `require`, `advise` and `untestable`.

`require` and `advise` end the scenario with a finding when their condition does not hold; therefore a scenario calls
`advise` last. `untestable` ends it without a finding: the client never reached the tested situation.
"""

from __future__ import annotations

from typing import NoReturn

from oauth_gauntlet.model import Finding, Level, Mark, Verdict


class Breach(AssertionError):
    """A requirement is not met: what was expected, what was seen, and where.

    `grade` is None if the level of the requirement decides the verdict.
    """

    def __init__(self, *, expected: str, seen: str, grade: Verdict | None = None, mark: Mark | None = None) -> None:
        super().__init__(f"expected {expected}; {seen}")
        self.expected = expected
        self.seen = seen
        self.grade = grade
        self.mark = mark

    def finding(self, level: Level) -> Finding:
        """Return the finding of this breach, for a requirement of the given level."""
        return Finding(expected=self.expected, seen=self.seen, grade=self.grade or level.breach, mark=self.mark)


class Untestable(Exception):
    """The scenario did not reach the situation that it tests."""


def require(condition: object, *, expected: str, seen: str, mark: Mark | None = None, grade: Verdict | None = None) -> None:
    """End the scenario with a finding unless `condition` holds.

    Raises:
        Breach: graded by the requirement's level, or by `grade`.
    """
    if not condition:
        raise Breach(expected=expected, seen=seen, mark=mark, grade=grade)


def advise(condition: object, *, expected: str, seen: str, mark: Mark | None = None) -> None:
    """End the scenario with a warning unless `condition` holds, whatever the level of the requirement.

    Raises:
        Breach: graded as a warning.
    """
    require(condition, expected=expected, seen=seen, mark=mark, grade=Verdict.WARNING)


def untestable(reason: str) -> NoReturn:
    """End the scenario: it did not reach the situation that it tests.

    Raises:
        Untestable: always.
    """
    raise Untestable(reason)
