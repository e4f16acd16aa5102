"""Find the scenarios in which an altered client can behave differently from the reference client.

watched_client.py notes, for each scenario, what the reference client did there. An altered client can only make a difference
where one of its parts gave another result, or where a method that it overrides was called. In all other scenarios it does
exactly what the reference client does, so the verdict is known without a run.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterable, Mapping

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
