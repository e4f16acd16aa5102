"""Select the scenarios of a run, and order them. Pure."""

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
"""The names of the grants that a user may give: the registered identifier, and ``jwt-bearer`` for the long one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Selection:
    """The requested part of the catalogue. Empty `grants` and None select everything.

    `keyword` is pytest's ``-k`` expression. pytest applies it; this class only reports it.
    """

    requirements: RequirementSet
    grants: frozenset[GrantType] = frozenset()
    level: str | None = None
    keyword: str | None = None

    def covers(self, requirement: Requirement, grant: GrantType) -> bool:
        """Return whether the selection contains a requirement for a grant."""
        wanted = self.requirements.covers(requirement.id, grant) and (not self.grants or grant in self.grants)
        return wanted and requirement.level in _BY_LEVEL[self.level]

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


def sanity_first_and_last(requirement_id: str) -> int:
    """Return a sort key that puts the sanity exchanges first and last, so that a client that died meanwhile is noticed."""
    return {"sanity.first": 0, "sanity.last": 2}.get(requirement_id, 1)
