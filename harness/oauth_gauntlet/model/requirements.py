"""Requirements, their levels, and sets of requirements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from oauth_gauntlet.model.basis import Basis, BasisKind, source_of
from oauth_gauntlet.model.damage import Damage
from oauth_gauntlet.model.verdict import Verdict
from oauth_gauntlet.protocol import JSON, GrantType


class Level(StrEnum):
    """What a requirement claims about a client that deviates."""

    MUST = "must"
    """A sentence or a grammar rule binds the client (or sender, recipient, user agent): a violation."""
    UNSAFE = "unsafe"
    """No sentence binds the client, but a token or a secret gets lost, or identities get mixed up: a hazard."""
    SHOULD = "should"
    """A document recommends it to the client: a warning."""
    INTEROP = "interop"
    """Widespread practice: a client that deviates fails with some servers. A warning."""
    PROFILE = "profile"
    """A document that the user chose (`Requirement.profile`) says it: a deviation from that profile."""

    @property
    def breach(self) -> Verdict:
        """The verdict on a client that deviates."""
        return _BREACHES[self]

    @property
    def binding(self) -> bool:
        """Whether a client that deviates fails. Otherwise it gets a warning."""
        return self.breach.failing


_BREACHES = {
    Level.MUST: Verdict.VIOLATION,
    Level.UNSAFE: Verdict.HAZARD,
    Level.SHOULD: Verdict.WARNING,
    Level.INTEROP: Verdict.WARNING,
    Level.PROFILE: Verdict.DEVIATION,
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Requirement:
    """One thing that a client must do, with its level and its basis.

    It applies to the grants in `grants`, and only to adapters that declare all `parameters`, `capabilities` and
    `auth_methods`. `profile` names the profile that it belongs to (level `profile`). `covered_by` names requirements
    that test a part of it more specifically: if one of them is not met, this one cannot be met either. `refused_as`
    are the reasons that the mock server gives when it refuses what this requirement forbids; ``*`` stands for any text.
    `platform`: the HTTP stack decides it, which most clients take from their platform; findings name that platform.
    `damage` is what a client does that does not meet it; None: its set decides (`RequirementSet.judged`).
    """

    id: str
    level: Level
    basis: tuple[Basis, ...]
    statement: str
    grants: tuple[GrantType, ...]
    parameters: frozenset[str] = frozenset()
    capabilities: frozenset[str] = frozenset()
    auth_methods: frozenset[str] = frozenset()
    profile: str | None = None
    covered_by: tuple[str, ...] = ()
    refused_as: tuple[str, ...] = ()
    platform: bool = False
    damage: Damage | None = None

    @property
    def source(self) -> str:
        """The places of its basis in one line: ``RFC 6749 2.3.1, 5.1; practice``."""
        return source_of(self.basis)

    @property
    def category(self) -> str:
        """The first part of the id: ``parse`` of ``parse.expires-in-string``."""
        return self.id.partition(".")[0]

    @property
    def needed(self) -> list[str]:
        """The names of all parameters, capabilities and methods that an adapter must declare, sorted."""
        return sorted(self.parameters | self.capabilities | self.auth_methods)

    def problem(self) -> str | None:
        """Return why the basis does not carry the level, or None if it does."""
        if not self.basis:
            return "it has no basis"
        carries = {
            Level.MUST: any(each.obliges for each in self.basis),
            Level.UNSAFE: any(each.kind is BasisKind.DAMAGE for each in self.basis),
            Level.SHOULD: any(each.recommends for each in self.basis),
            Level.PROFILE: self.profile is not None and any(each.kind is BasisKind.PROFILE for each in self.basis),
        }
        needed = {
            Level.MUST: "a quoted sentence with MUST, SHALL or REQUIRED, or a rule of form, that binds the client",
            Level.UNSAFE: "a basis `damage`: what is lost",
            Level.SHOULD: "a quoted sentence with SHOULD or RECOMMENDED that binds the client",
            Level.PROFILE: "the name of its profile, and a basis `page`",
        }
        return None if carries.get(self.level, True) else f"level {self.level} needs {needed[self.level]}"

    def to_json(self) -> dict[str, JSON]:
        """Return the JSON representation that ``oauth-gauntlet list --format json`` prints."""
        return {
            "id": self.id,
            "category": self.category,
            "level": str(self.level),
            "profile": self.profile,
            "source": self.source,
            "basis": [each.to_json() for each in self.basis],
            "statement": self.statement,
            "grants": [str(grant) for grant in self.grants],
            "needs": {
                "parameters": sorted(self.parameters),
                "capabilities": sorted(self.capabilities),
                "token_endpoint_auth_methods": sorted(self.auth_methods),
            },
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class RequirementSet:
    """A named set of requirements, for some grants. `ids` is None for the whole catalogue.

    `raised` names requirements for which the set's document says more than their own basis: the level that it has for
    them, and its sentence. `damages` has the damage by category, and by id where a requirement differs from its category.
    """

    name: str
    version: str
    title: str
    ids: frozenset[str] | None = None
    grants: frozenset[GrantType] = frozenset(GrantType)
    raised: Mapping[str, tuple[Level, Basis]] = field(default_factory=dict)
    damages: Mapping[str, Damage] = field(default_factory=dict)

    @property
    def everything(self) -> bool:
        """Whether this is the whole catalogue."""
        return self.ids is None

    def judged(self, requirement: Requirement) -> Requirement:
        """Return a requirement as the set judges it: with its damage, and the level and sentence of the set's own document."""
        by_category = self.damages.get(requirement.category, Damage.NO_TOKEN)
        requirement = replace(requirement, damage=requirement.damage or self.damages.get(requirement.id, by_category))
        if requirement.id not in self.raised:
            return requirement
        level, basis = self.raised[requirement.id]
        return replace(requirement, level=level, basis=(basis, *requirement.basis))

    def covers(self, requirement_id: str, grant: GrantType) -> bool:
        """Return whether the set contains a requirement for a grant."""
        return grant in self.grants and (self.ids is None or requirement_id in self.ids)

    def to_json(self) -> dict[str, JSON]:
        """Return the set's name and version (option ``set`` of results.json)."""
        return {"name": self.name, "version": self.version}
