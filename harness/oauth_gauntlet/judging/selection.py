"""Select the scenarios of a run. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from oauth_gauntlet.model import Level, Requirement, RequirementSet, sanity_first_and_last
from oauth_gauntlet.protocol import JSON, GrantType

_BY_LEVEL = {
    None: frozenset(Level),
    "should": frozenset({Level.MUST, Level.UNSAFE, Level.SHOULD}),
    "unsafe": frozenset({Level.MUST, Level.UNSAFE}),
    "must": frozenset({Level.MUST}),
}

GRANT_NAMES: dict[str, GrantType] = {grant.short: grant for grant in GrantType} | {str(grant): grant for grant in GrantType}
"""The names of the grants that a user may give: the registered identifier, and ``jwt-bearer`` for the long one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The requested part of the catalogue. Empty `grants` and None select everything.

    A requirement of a profile is part of it only if `profiles` names the profile: neither the set nor the level
    decides there. `keyword` is pytest's ``-k`` expression. pytest applies it; this class only reports it.
    """

    requirements: RequirementSet
    grants: frozenset[GrantType] = frozenset()
    level: str | None = None
    profiles: frozenset[str] = frozenset()
    keyword: str | None = None

    def covers(self, requirement: Requirement, grant: GrantType) -> bool:
        """Return whether the selection contains a requirement for a grant."""
        if self.grants and grant not in self.grants:
            return False
        if requirement.profile is not None:
            return requirement.profile in self.profiles
        judged = self.requirements.judged(requirement)
        return self.requirements.covers(requirement.id, grant) and judged.level in _BY_LEVEL[self.level]

    def with_declared(self, profiles: Iterable[str]) -> Selection:
        """Return the selection that also asks the profiles that an adapter declares.

        A set or a level is an explicit request for exactly that; then only the profiles are asked that the user named.
        """
        if self.level is not None or not self.requirements.everything:
            return self
        return replace(self, profiles=self.profiles | frozenset(profiles))

    def to_json(self) -> dict[str, JSON] | None:
        """Return what restricts the run to a part of its set, or None (option ``selection`` of results.json)."""
        restrictions: dict[str, JSON] = {}
        if self.grants:
            restrictions["grants"] = sorted(self.grants)
        if self.level:
            restrictions["level"] = self.level
        if self.keyword:
            restrictions["keyword"] = self.keyword
        return restrictions or None


def grants_named(names: Iterable[str]) -> frozenset[GrantType]:
    """Return the grants with these names.

    Raises:
        ValueError: a name is not the name of a grant; the text lists the names.
    """
    unknown = [name for name in names if name not in GRANT_NAMES]
    if unknown:
        raise ValueError(f"unknown grant {unknown[0]!r}; there are {', '.join(grant.short for grant in GrantType)}")
    return frozenset(GRANT_NAMES[name] for name in names)


def place_in_run(requirement_id: str, *, waits: bool) -> int:
    """Return a sort key: sanity exchanges first and last, so that a client that died meanwhile is noticed.

    What waits in real time comes early: one worker of pytest-xdist waits while the others judge the rest.
    """
    return 2 * sanity_first_and_last(requirement_id) - waits


def asks_for_a_token(requirement_id: str) -> bool:
    """Return whether the requirement is that the client gets a token at all: a client that sends nothing fails it."""
    return requirement_id in {"sanity.first", "sanity.last"}
