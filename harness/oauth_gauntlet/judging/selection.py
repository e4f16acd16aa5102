"""Which scenarios a run is about, and in which order. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from oauth_gauntlet.model import Level, Requirement, RequirementSet
from oauth_gauntlet.protocol import JSON, GrantType

_BY_LEVEL = {
    None: frozenset(Level),
    "should": frozenset({Level.MUST, Level.CONNECTOR, Level.SHOULD}),
    "must": frozenset({Level.MUST, Level.CONNECTOR}),
}

GRANT_NAMES: dict[str, GrantType] = {grant.short: grant for grant in GrantType} | {str(grant): grant for grant in GrantType}
"""The names by which a user may call a grant: the registered identifier, or ``jwt-bearer`` for the long one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The part of the catalogue that was asked for; empty `grants` and None mean everything.

    `keyword` is pytest's ``-k`` expression, which pytest itself applies; it is here to be reported.
    """

    requirements: RequirementSet
    grants: frozenset[GrantType] = frozenset()
    level: str | None = None
    keyword: str | None = None

    def covers(self, requirement: Requirement, grant: GrantType) -> bool:
        """Whether a requirement is to be judged for a grant."""
        wanted = self.requirements.covers(requirement.id, grant) and (not self.grants or grant in self.grants)
        return wanted and requirement.level in _BY_LEVEL[self.level]

    def to_json(self) -> dict[str, JSON] | None:
        """Return what narrows the run to a part of its set, or None (option ``selection`` of results.json)."""
        narrowed: dict[str, JSON] = {}
        if self.grants:
            narrowed["grants"] = sorted(self.grants)
        if self.level:
            narrowed["level"] = self.level
        if self.keyword:
            narrowed["keyword"] = self.keyword
        return narrowed or None


def grants_named(names: Iterable[str]) -> frozenset[GrantType]:
    """Return the grants by the names that a user gave.

    Raises:
        ValueError: a name is none of a grant; the text lists those there are.
    """
    unknown = [name for name in names if name not in GRANT_NAMES]
    if unknown:
        raise ValueError(f"unknown grant {unknown[0]!r}; there are {', '.join(grant.short for grant in GrantType)}")
    return frozenset(GRANT_NAMES[name] for name in names)


def sanity_first_and_last(requirement_id: str) -> int:
    """Return a sort key that puts the sanity exchanges at both ends: a client that died in between is noticed."""
    return {"sanity.first": 0, "sanity.last": 2}.get(requirement_id, 1)
