"""Count what a run shows about a client, by requirement. Pure.

A requirement counts once, with the most severe verdict of its scenarios. RFC requirements are those of level must. A
profile is counted apart: a client that never claimed to follow it cannot break an RFC by it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from oauth_gauntlet.model.requirements import Level
from oauth_gauntlet.model.verdict import SEVERITY, Verdict

if TYPE_CHECKING:
    from oauth_gauntlet.model.results import Result


@dataclass(frozen=True, kw_only=True, slots=True)
class Tally:
    """The number of requirements by the most severe verdict of their scenarios."""

    counts: Mapping[Verdict, int]

    def of(self, *verdicts: Verdict) -> int:
        """Return the number of requirements with one of these verdicts."""
        return sum(self.counts.get(verdict, 0) for verdict in verdicts)

    @property
    def applicable(self) -> int:
        """The number of requirements with a scenario that was applicable."""
        return sum(count for verdict, count in self.counts.items() if verdict is not Verdict.NOT_APPLICABLE)

    @property
    def met(self) -> int:
        """The number of requirements that the client meets, also with advice."""
        return self.of(Verdict.PASS, Verdict.WARNING)

    @property
    def unproved(self) -> int:
        """The number of requirements with a scenario that proved nothing, and without a red one."""
        return self.of(Verdict.ERROR, Verdict.UNTESTABLE)

    @property
    def following(self) -> int:
        """The number of requirements that are not met only because another one is not."""
        return self.of(Verdict.CONSEQUENCE)

    @property
    def unproved_words(self) -> str:
        """``; 2 untestable; 1 error``, without zeros."""
        untestable, errors = self.of(Verdict.UNTESTABLE), self.of(Verdict.ERROR)
        return (f"; {untestable} untestable" if untestable else "") + (f"; {number(errors, 'error')}" if errors else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """What a run shows, in numbers.

    `rfc` counts the requirements of level must, `common` those of every level except profiles, and `profiles` those of each
    profile that was asked. `known` is the number of failures that the baseline knows.
    """

    rfc: Tally
    common: Tally
    profiles: Mapping[str, Tally]
    known: int = 0

    @property
    def words(self) -> str:
        """The numbers in one line: ``meets 77 of 77 applicable RFC requirements; 0 hazards; 5 warnings``."""
        common = self.common
        met = f"meets {self.rfc.met} of {self.rfc.applicable} applicable RFC requirements"
        counts = (
            f"{number(common.of(Verdict.HAZARD), 'hazard')}; {number(common.of(Verdict.WARNING), 'warning')}"
            f"{common.unproved_words}"
        )
        following = f"; {number(common.following, 'consequence')}" if common.following else ""
        return f"{met}; {counts}{following}" + (f"; {number(self.known, 'known failure')}" if self.known else "")

    @property
    def profile_lines(self) -> tuple[str, ...]:
        """A line for each profile that was asked: ``profile scim-connector: meets 30 of 31``."""
        return tuple(f"profile {name}: {profile_words(tally)}" for name, tally in self.profiles.items())


def profile_words(tally: Tally) -> str:
    """Return the numbers of a profile: ``meets 30 of 31; 1 untestable``."""
    warned = tally.of(Verdict.WARNING)
    return (
        f"meets {tally.met} of {tally.applicable}" + (f"; {number(warned, 'warning')}" if warned else "") + tally.unproved_words
    )


def standing(results: Iterable[Result]) -> Standing:
    """Return the numbers of a run's results."""
    groups = by_requirement(results).values()
    profiles: dict[str, list[Sequence[Result]]] = {}
    for group in groups:
        if (name := profile_of(group[0])) is not None:
            profiles.setdefault(name, []).append(group)
    common = [group for group in groups if profile_of(group[0]) is None]
    return Standing(
        rfc=tally(group for group in common if group[0].level is Level.MUST),
        common=tally(common),
        profiles={name: tally(profiles[name]) for name in sorted(profiles)},
        known=sum(_is_known_failure(group) for group in groups),
    )


def by_requirement(results: Iterable[Result]) -> dict[str, list[Result]]:
    """Return results by the id of their requirement, in the order of the results."""
    groups: dict[str, list[Result]] = {}
    for result in results:
        groups.setdefault(result.id, []).append(result)
    return groups


def profile_of(result: Result) -> str | None:
    """Return the name of the profile that a result belongs to, or None."""
    return result.profile if result.level is Level.PROFILE else None


def tally(groups: Iterable[Sequence[Result]]) -> Tally:
    """Return the number of requirements by verdict; each group contains the results of one requirement."""
    counted = Counter(min((result.verdict for result in group), key=SEVERITY.index) for group in groups)
    return Tally(counts={verdict: counted[verdict] for verdict in SEVERITY if counted[verdict]})


def number(count: int, word: str) -> str:
    """Return a number with its word: ``1 hazard``, ``2 hazards``."""
    return f"{count} {word}{'' if count == 1 else 's'}"


def _is_known_failure(group: Sequence[Result]) -> bool:
    red = [result for result in group if result.verdict.failing]
    return bool(red) and all(result.expected is not None for result in red)
