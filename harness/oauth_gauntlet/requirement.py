"""Define the decorator that makes a pytest test the scenario of a requirement.

A scenario is a test function, to which the harness gives its arguments (`oauth_gauntlet.arguments`). The decorator adds what
a report shows (id, level, basis, statement) and what the plugin selects by (grants, and what an adapter must declare):

    @requirement("parse.expires-in-string", level=INTEROP, basis=practice("Azure AD v1 sends the lifetime as a string."),
                 statement="An expires_in that is a decimal string is understood, or treated as unknown.")
    def test_expires_in_string(tenant, client):
        '''Do: the response contains expires_in as "3600". Check: there is a token, with a lifetime of 3600 s or none.'''

The function runs once for each grant of the requirement and for each of its variants, if it has any. With `renewals` it also
runs with the second token request of a client in place of the first one (`oauth_gauntlet.lab.renewal`).
"""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

import pytest

from oauth_gauntlet.arguments import arguments_problem
from oauth_gauntlet.marker import MARKER
from oauth_gauntlet.model import Basis, Binds, Damage, Level, RenewalKind, Requirement
from oauth_gauntlet.model.basis import damage as damage
from oauth_gauntlet.model.basis import page as page
from oauth_gauntlet.model.basis import practice as practice
from oauth_gauntlet.model.basis import quote as quote
from oauth_gauntlet.model.basis import rule as rule
from oauth_gauntlet.protocol import JSON, GrantType

MUST = Level.MUST
SHOULD = Level.SHOULD
INTEROP = Level.INTEROP
UNSAFE = Level.UNSAFE
PROFILE = Level.PROFILE

REFRESH_TOKEN = GrantType.REFRESH_TOKEN
CLIENT_CREDENTIALS = GrantType.CLIENT_CREDENTIALS
JWT_BEARER = GrantType.JWT_BEARER
PASSWORD = GrantType.PASSWORD
ALL = tuple(GrantType)

EXPIRY = RenewalKind.EXPIRY
REFRESH = RenewalKind.REFRESH
AFTER_401 = RenewalKind.AFTER_401

CLIENT = Binds.CLIENT
SENDER = Binds.SENDER
RECIPIENT = Binds.RECIPIENT
USER_AGENT = Binds.USER_AGENT
SERVER = Binds.SERVER

_ID = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+")

TestFunction = TypeVar("TestFunction", bound=Callable[..., None])


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One of several values that a scenario runs with. `name` becomes the last part of the scenario id.

    With an `auth_method` the variant applies only to an adapter that declares this method.
    """

    name: str
    value: JSON
    auth_method: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """What a scenario runs with once: a grant, a variant if there are any, and the kind of renewal if one is judged."""

    grant: GrantType
    variant: Variant | None = None
    renewal: RenewalKind | None = None

    @property
    def last_part(self) -> str:
        """The end of the scenario id in brackets: ``client_credentials+expiry``."""
        return self.grant.short if self.renewal is None else f"{self.grant.short}+{self.renewal}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """A requirement with the test function that judges it. The rest: see `requirement`."""

    requirement: Requirement
    function: Callable[..., None]
    variants: tuple[Variant, ...] = ()
    waits: bool = False
    thorough: bool = False
    renewals: Mapping[RenewalKind, tuple[GrantType, ...]] = field(default_factory=dict)
    renewal_variants: frozenset[str] | None = None
    first: bool = True

    @property
    def description(self) -> str:
        """What the scenario does and checks: the docstring of its function."""
        return inspect.getdoc(self.function) or ""

    def cases(self) -> tuple[Case, ...]:
        """Return what this function runs with: first requests by variant and grant, then renewals by kind."""
        variants = self.variants or (None,)
        grants = self.requirement.grants if self.first else ()
        first = [Case(grant=grant, variant=variant) for variant in variants for grant in grants]
        chosen = [each for each in variants if each is None or self._is_renewed(each)]
        renewed = [
            Case(grant=grant, variant=variant, renewal=kind)
            for kind, kind_grants in self.renewals.items()
            for variant in chosen
            for grant in kind_grants
        ]
        return (*first, *renewed)

    def names(self) -> tuple[str, ...]:
        """Return every scenario id of this function."""
        return tuple(scenario_id(self.requirement, case) for case in self.cases())

    def _is_renewed(self, variant: Variant) -> bool:
        return self.renewal_variants is None or variant.name in self.renewal_variants


def scenario_id(requirement: Requirement, case: Case) -> str:
    """Return a scenario id, such as ``parse.expires-in-odd.negative[client_credentials]``."""
    middle = f".{case.variant.name}" if case.variant else ""
    return f"{requirement.id}{middle}[{case.last_part}]"


def requirement(
    id: str,  # noqa: A002 - the usual name
    *,
    level: Level,
    basis: Basis | Iterable[Basis],
    statement: str,
    profile: str | None = None,
    covered_by: Iterable[str] = (),
    refused_as: Iterable[str] = (),
    grants: Iterable[GrantType] = ALL,
    parameters: Iterable[str] = (),
    capabilities: Iterable[str] = (),
    auth_methods: Iterable[str] = (),
    variants: Mapping[str, JSON] | Iterable[str] = (),
    auth_method_variants: Iterable[str] = (),
    renewals: Iterable[RenewalKind] | Mapping[RenewalKind, Iterable[GrantType]] = (),
    renewal_variants: Iterable[str] | None = None,
    first: bool = True,
    platform: bool = False,
    damage: Damage | None = None,
    waits: bool = False,
    thorough: bool = False,
) -> Callable[[TestFunction], TestFunction]:
    """Declare that the decorated test is the scenario of a requirement.

    `basis` carries the level (see `oauth_gauntlet.model.basis`). `profile` names the profile of a requirement of level
    `profile`. `covered_by` names more specific requirements: where one of them fails, a failure here is its consequence.
    `refused_as` are the reasons (``error_description``) with which the mock server by itself refuses what the requirement
    forbids, ``*`` stands for any text: where it does so in other scenarios, their failures are consequences of this one.
    `parameters`, `capabilities` and `auth_methods` name what an adapter must declare for the scenario to apply. `variants`
    maps names to values, or lists names that are their own values. `auth_method_variants` lists authentication methods
    instead: each is a variant that applies if the adapter declares the method. `renewals` are kinds of renewal for which
    the scenario runs too, with those of the grants that belong to the kind (`RenewalKind.grants`), or that a mapping names;
    with `renewal_variants` only these variants run there. Without `first` only renewals are judged. `platform`: the HTTP
    stack decides it, and most clients take that from their platform; findings name it. `damage`: what a client does that
    does not meet it, for the order of reports (this project: ``damages.py``). `waits`: the scenario mostly waits
    in real time, so it runs concurrently with the others that wait. Such a scenario takes
    fewer arguments. `thorough`: it may wait for minutes, so it applies with the effort ``thorough`` only.

    Raises:
        ValueError: the id is malformed, the basis does not carry the level, the function has no docstring or takes an
            argument that the harness does not give (`oauth_gauntlet.arguments`), or a renewal is declared that can never run.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"requirement id {id!r}: expected lower-case words, as in 'parse.expires-in-string'")
    grants = tuple(grants)
    renewed = _renewals(renewals, grants)
    used = set(grants) if first else {grant for of_kind in renewed.values() for grant in of_kind}
    declared = Requirement(
        id=id,
        level=level,
        basis=(basis,) if isinstance(basis, Basis) else tuple(basis),
        profile=profile,
        covered_by=tuple(covered_by),
        refused_as=tuple(refused_as),
        statement=statement,
        grants=tuple(grant for grant in grants if grant in used),
        parameters=frozenset(parameters),
        capabilities=frozenset(capabilities),
        auth_methods=frozenset(auth_methods),
        platform=platform,
        damage=damage,
    )
    problem = declared.problem()
    if problem is not None:
        raise ValueError(f"requirement {id}: {problem}")
    pairs = variants.items() if isinstance(variants, Mapping) else ((name, name) for name in variants)
    listed = (
        *(Variant(name=name, value=value) for name, value in pairs),
        *(Variant(name=method, value=method, auth_method=method) for method in auth_method_variants),
    )
    unknown = set(renewal_variants or ()) - {variant.name for variant in listed}
    if unknown or not all(renewed.values()) or not (first or renewed):
        raise ValueError(f"requirement {id}: a kind of renewal without a grant of the requirement, or an unknown variant")

    def decorate(function: TestFunction) -> TestFunction:
        # With python -OO no function has a docstring.
        if not function.__doc__ and sys.flags.optimize < 2:
            raise ValueError(f"the scenario of {id} needs a docstring: what it does and what it checks")
        problem = arguments_problem(function, waits=waits, has_variants=bool(listed))
        if problem is not None:
            raise ValueError(f"requirement {id}: {problem}")
        scenario = Scenario(
            requirement=declared,
            function=function,
            variants=listed,
            waits=waits,
            thorough=thorough,
            renewals=renewed,
            renewal_variants=None if renewal_variants is None else frozenset(renewal_variants),
            first=first,
        )
        return getattr(pytest.mark, MARKER)(scenario)(function)  # type: ignore[no-any-return]

    return decorate


def _renewals(
    declared: Iterable[RenewalKind] | Mapping[RenewalKind, Iterable[GrantType]], grants: tuple[GrantType, ...]
) -> dict[RenewalKind, tuple[GrantType, ...]]:
    """Return the grants for which each kind of renewal is judged."""
    wanted = declared if isinstance(declared, Mapping) else {kind: kind.grants for kind in declared}
    return {kind: tuple(grant for grant in of_kind if grant in grants) for kind, of_kind in wanted.items()}


def scenario_of(function: Any) -> Scenario | None:
    """Return the scenario that a test function is decorated as, or None."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == MARKER:
            scenario: Scenario = mark.args[0]
            return scenario
    return None
