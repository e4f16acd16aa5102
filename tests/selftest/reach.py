"""Find the scenarios in which an altered client can behave differently from the reference client.

watched_client.py notes, for each scenario, what the reference client did there. An altered client can only make a difference
where one of its parts gave another result, or where a method that it overrides was called. In all other scenarios it does
exactly what the reference client does, so the verdict is known without a run.
"""

from __future__ import annotations

import inspect
from collections.abc import Collection, Iterable, Mapping, Sequence
from itertools import islice
from zlib import crc32

from oauth_gauntlet.reference.transport import Transport
from tests.selftest import bugs, freedoms
from tests.selftest.altered import Altered
from tests.selftest.bugs.broken import Broken
from tests.selftest.freedoms.free import Free

_FACTORIES = {
    "__init__",
    "hello",
    "configuration_reader",
    "request_builder",
    "response_reader",
    "metadata_reader",
    "new_transport",
}
"""Methods that make the parts; the parts themselves are compared."""


def altered_clients() -> dict[str, type[Altered]]:
    """Return all bugs and freedoms by name."""
    return {each.name: each.value for each in (*bugs.Bug, *freedoms.Freedom)}


def spec_of(client: type[Altered]) -> str:
    """Return the client spec of a bug or a freedom."""
    package, _, _ = client.__module__.rpartition(".")
    return f"py:{package}:{client.__name__}"


FEW = 150
"""A client that reaches at most so many scenarios runs all of them. The others take most of the time of all tests."""


def sample(name: str, scenarios: Sequence[str], caught_by: Collection[str]) -> list[str]:
    """Return the scenarios that a test run uses for a client: all that must catch it, and `FEW` others.

    The others are of different requirements. The names alone decide which: different clients run different scenarios.
    `python -m tests.selftest.matrix` always runs all.
    """
    if len(scenarios) <= FEW:
        return list(scenarios)
    others: dict[str, str] = {}
    for scenario in sorted(set(scenarios) - set(caught_by), key=lambda each: crc32(f"{name} {each}".encode())):
        others.setdefault(_requirement_of(scenario), scenario)
    used = {*islice(others.values(), FEW), *caught_by}
    return [each for each in scenarios if each in used]


def _requirement_of(scenario: str) -> str:
    """Return the first two parts of a scenario id, e.g. "parse.not-json" of "parse.not-json.html[password]"."""
    return ".".join(scenario.partition("[")[0].split(".")[:2])


def reached(client: type[Altered], name: str, seen: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the scenarios in which the client can differ from the reference client, sorted."""
    marks = {f"{part} of {name}" for part in ("Configurations", "Requests", "Responses")}
    if client.reached_by:
        marks |= set(client.reached_by)
    else:
        ours = [each for each in client.__mro__[: client.__mro__.index(Altered)] if each not in (Broken, Free)]
        overridden = {name for each in ours for name, value in vars(each).items() if inspect.isfunction(value)}
        marks |= overridden - _FACTORIES
        if client.Exchanges is not Transport:
            marks.add("send")
    return sorted(scenario for scenario, notes in seen.items() if marks & set(notes))
