"""Define the decorator that makes a pytest test the scenario of a requirement.

A scenario is an ordinary test function. The decorator adds what a report shows (id, level, basis, statement) and what
the plugin selects by (grants, and what an adapter must declare):

    @requirement("parse.expires-in-string", level=INTEROP, basis=practice("Azure AD v1 sends the lifetime as a string."),
                 statement="An expires_in that is a decimal string is understood, or treated as unknown.")
    def test_expires_in_string(tenant, client):
        '''Do: the response contains expires_in as "3600". Check: there is a token, with a lifetime of 3600 s or none.'''

The function runs once for each grant of the requirement and for each of its variants, if it has any.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from oauth_gauntlet.marker import MARKER
from oauth_gauntlet.model import Basis, BasisKind, Binds, Level, Requirement
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
class Scenario:
    """A requirement with the test function that judges it. `waits`: see `requirement`."""

    requirement: Requirement
    function: Callable[..., None]
    variants: tuple[Variant, ...] = ()
    waits: bool = False

    @property
    def description(self) -> str:
        """What the scenario does and checks: the docstring of its function."""
        return inspect.getdoc(self.function) or ""

    def names(self) -> tuple[str, ...]:
        """Return every scenario id of this function."""
        return tuple(
            scenario_id(self.requirement, grant, variant)
            for grant in self.requirement.grants
            for variant in (self.variants or (None,))
        )


def scenario_id(requirement: Requirement, grant: GrantType, variant: Variant | None = None) -> str:
    """Return a scenario id, such as ``parse.expires-in-odd.negative[client_credentials]``."""
    middle = f".{variant.name}" if variant else ""
    return f"{requirement.id}{middle}[{grant.short}]"


def requirement(
    id: str,  # noqa: A002 - the usual name
    *,
    level: Level,
    basis: Basis | Iterable[Basis] = (),
    source: str = "",
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
    platform: bool = False,
    waits: bool = False,
) -> Callable[[TestFunction], TestFunction]:
    """Declare that the decorated test is the scenario of a requirement.

    `basis` carries the level (see `oauth_gauntlet.model.basis`). `profile` names the profile of a requirement of level
    `profile`. `covered_by` names more specific requirements: where one of them fails, a failure here is its consequence.
    `refused_as` are the reasons (``error_description``) with which the mock server by itself refuses what the requirement
    forbids, ``*`` stands for any text: where it does so in other scenarios, their failures are consequences of this one.
    `parameters`, `capabilities` and `auth_methods` name what an adapter must declare for the scenario to apply.
    `variants` maps names to values, or lists names that are their own values. `auth_method_variants` lists authentication
    methods instead: each is a variant that applies if the adapter declares the method. `platform`: the HTTP stack decides it,
    and most clients take that from their platform; findings name it. `waits`: the scenario mostly waits in
    real time, so it runs concurrently with the others that wait. Such a scenario may use the fixtures tenant, client
    and ports only.

    Raises:
        ValueError: the id is malformed, the basis does not carry the level, or the function has no docstring.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"requirement id {id!r}: expected lower-case words, as in 'parse.expires-in-string'")
    declared = Requirement(
        id=id,
        level=level,
        basis=(basis,)
        if isinstance(basis, Basis)
        else tuple(basis) or (Basis(kind=BasisKind.PRACTICE, sentence="", document=source),),
        profile=profile,
        covered_by=tuple(covered_by),
        refused_as=tuple(refused_as),
        statement=statement,
        grants=tuple(grants),
        parameters=frozenset(parameters),
        capabilities=frozenset(capabilities),
        auth_methods=frozenset(auth_methods),
        platform=platform,
    )
    problem = declared.problem()
    if problem is not None and not source:
        raise ValueError(f"requirement {id}: {problem}")
    pairs = variants.items() if isinstance(variants, Mapping) else ((name, name) for name in variants)
    listed = (
        *(Variant(name=name, value=value) for name, value in pairs),
        *(Variant(name=method, value=method, auth_method=method) for method in auth_method_variants),
    )

    def decorate(function: TestFunction) -> TestFunction:
        if not function.__doc__:
            raise ValueError(f"the scenario of {id} needs a docstring: what it does and what it checks")
        scenario = Scenario(requirement=declared, function=function, variants=listed, waits=waits)
        return getattr(pytest.mark, MARKER)(scenario)(function)  # type: ignore[no-any-return]

    return decorate


def scenario_of(function: Any) -> Scenario | None:
    """Return the scenario that a test function is decorated as, or None."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == MARKER:
            scenario: Scenario = mark.args[0]
            return scenario
    return None
