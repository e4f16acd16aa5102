"""The decorator that makes a pytest test a scenario about one requirement.

A scenario is an ordinary test function, readable on its own; the decorator adds what the reader of a report needs to
know (id, level, source, statement) and what the plugin needs to select it (grants, what an adapter has to declare):

    @requirement("parse.expires-in-string", level=INTEROP, source="practice",
                 statement="An expires_in that is a decimal string is understood, or treated as unknown.")
    def test_expires_in_string(tenant, client):
        '''Do: the answer carries expires_in as "3600". Check: a token comes out, with a lifetime of 3600 s or none.'''

The function runs once for each grant of the requirement, and for each of its variants, when it has some.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import pytest

from oauth_gauntlet.marker import MARKER
from oauth_gauntlet.model import Level, Requirement
from oauth_gauntlet.protocol import JSON, GrantType

MUST = Level.MUST
SHOULD = Level.SHOULD
INTEROP = Level.INTEROP
CONNECTOR = Level.CONNECTOR

REFRESH_TOKEN = GrantType.REFRESH_TOKEN
CLIENT_CREDENTIALS = GrantType.CLIENT_CREDENTIALS
JWT_BEARER = GrantType.JWT_BEARER
PASSWORD = GrantType.PASSWORD
ALL = tuple(GrantType)


_ID = re.compile(r"[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+")

TestFunction = TypeVar("TestFunction", bound=Callable[..., None])


@dataclass(frozen=True, kw_only=True, slots=True)
class Variant:
    """One of several values for which a scenario is run; `name` becomes the last part of the scenario's id."""

    name: str
    value: JSON


@dataclass(frozen=True, kw_only=True, slots=True)
class Scenario:
    """A requirement with the test function that stands for it."""

    requirement: Requirement
    function: Callable[..., None]
    variants: tuple[Variant, ...] = ()
    waits: bool = False

    @property
    def description(self) -> str:
        """What is done and what is checked, in words: the function's docstring."""
        return inspect.getdoc(self.function) or ""

    def names(self) -> tuple[str, ...]:
        """Every scenario id that this function gives rise to."""
        return tuple(
            scenario_id(self.requirement, grant, variant)
            for grant in self.requirement.grants
            for variant in (self.variants or (None,))
        )


def scenario_id(requirement: Requirement, grant: GrantType, variant: Variant | None = None) -> str:
    """Return the name of one run of a scenario, such as ``parse.expires-in-odd.negative[client_credentials]``."""
    middle = f".{variant.name}" if variant else ""
    return f"{requirement.id}{middle}[{grant.short}]"


def requirement(
    id: str,  # noqa: A002 - the field's word
    *,
    level: Level,
    source: str,
    statement: str,
    grants: Iterable[GrantType] = ALL,
    parameters: Iterable[str] = (),
    capabilities: Iterable[str] = (),
    auth_methods: Iterable[str] = (),
    variants: Mapping[str, JSON] | Iterable[str] = (),
    waits: bool = False,
) -> Callable[[TestFunction], TestFunction]:
    """Declare that the decorated test is the scenario of a requirement.

    `parameters`, `capabilities` and `auth_methods` name what an adapter must declare for the scenario to apply.
    `variants` maps names to values (or lists names that are their own values). `waits` says that most of the scenario is
    waiting in real time, so that it runs beside others of its kind; it may take the fixtures tenant, client and ports.

    Raises:
        ValueError: the id is malformed, or the function has no docstring to explain it.
    """
    if not _ID.fullmatch(id):
        raise ValueError(f"requirement id {id!r}: expected lower-case words, as in 'parse.expires-in-string'")
    declared = Requirement(
        id=id,
        level=level,
        source=source,
        statement=statement,
        grants=tuple(grants),
        parameters=frozenset(parameters),
        capabilities=frozenset(capabilities),
        auth_methods=frozenset(auth_methods),
    )
    pairs = variants.items() if isinstance(variants, Mapping) else ((name, name) for name in variants)
    listed = tuple(Variant(name=name, value=value) for name, value in pairs)

    def decorate(function: TestFunction) -> TestFunction:
        if not function.__doc__:
            raise ValueError(f"the scenario of {id} needs a docstring: what is done, what is checked")
        scenario = Scenario(requirement=declared, function=function, variants=listed, waits=waits)
        return getattr(pytest.mark, MARKER)(scenario)(function)  # type: ignore[no-any-return]

    return decorate


def scenario_of(function: Any) -> Scenario | None:
    """Return the scenario that a test function was declared to be, or None."""
    for mark in getattr(function, "pytestmark", ()):
        if mark.name == MARKER:
            scenario: Scenario = mark.args[0]
            return scenario
    return None
