"""Each method of a bug or freedom overrides one of the reference client, and each bug or freedom changes something.

Python 3.11 has no `typing.override`. Without this check a renamed method of the reference client would turn an override into
dead code.
"""

import importlib
import inspect
import pkgutil

import httpcore2
import pytest

from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.metadata import MetadataReader
from oauth_gauntlet.reference.proxies import Proxies
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Connections, Transport
from tests.selftest import bugs, freedoms, reach
from tests.selftest.altered import Altered
from tests.selftest.bugs.broken import Broken
from tests.selftest.freedoms.free import Free

PARTS = {
    "Configurations": ConfigurationReader,
    "Requests": TokenRequestBuilder,
    "Responses": TokenResponseReader,
    "Metadata": MetadataReader,
    "Exchanges": Transport,
}
BASES = (Altered, *PARTS.values(), Connections, Proxies, httpcore2.NetworkBackend)

NEW_METHODS = {
    "bugs.access_tokens._Changed.Responses": {"changed"},
    "bugs.callers._CacheOfTheClass": {"key"},
    "bugs.assertions.Assertions": {"claims", "header", "by_hand"},
    "bugs.callers._Meeting": {"meet"},
    "bugs.concurrent_requests._Recovering": {"recovered"},
    "bugs.lifetimes.TimerOverflows": {"fire"},
    "bugs.raw_http._Raw": {"exchanged", "unfolded", "measured", "cut", "ends_with", "understood", "unchunked"},
    "bugs.redirects._Following": {"onward", "follows"},
    "bugs.trouble.LeavesConnectionsOpen.Exchanges": {"handshake", "release"},
    "freedoms.assertions._Assertions": {"claims"},
}
"""Methods that override nothing, because they are helpers of their class and its subclasses."""

NEW_CLASSES = {"bugs.callers._Open"}
"""Classes that are neither a client nor a part of one."""


def name_of(cls):
    return f"{cls.__module__.removeprefix('tests.selftest.')}.{cls.__qualname__}"


def classes_of(holder, module):
    """Yield the classes that a module or a class defines, nested ones too."""
    for value in vars(holder).values():
        if inspect.isclass(value) and value.__module__ == module:
            yield value
            yield from classes_of(value, module)


def all_classes():
    found = {}
    for package in (bugs, freedoms):
        for info in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
            found |= {name_of(cls): cls for cls in classes_of(importlib.import_module(info.name), info.name)}
    return {name: cls for name, cls in found.items() if name not in NEW_CLASSES}


CLASSES = all_classes()


def methods(cls):
    return {name: value for name, value in vars(cls).items() if inspect.isfunction(value)}


def overridden(cls, name):
    """Return what a method of a class overrides, or None."""
    return next((vars(base)[name] for base in cls.__mro__[1:] if name in vars(base)), None)


def arguments_of(function):
    """Return positional and keyword arguments with which callers may call a function."""
    parameters = inspect.signature(function).parameters.values()
    positional = [each for each in parameters if each.kind in (each.POSITIONAL_ONLY, each.POSITIONAL_OR_KEYWORD)]
    return positional, {each.name: each for each in parameters if each.kind is each.KEYWORD_ONLY}


@pytest.mark.parametrize("name", CLASSES)
def test_a_class_overrides_methods_that_exist_and_accepts_their_arguments(name):
    cls = CLASSES[name]
    assert issubclass(cls, BASES)
    new = {method for method in methods(cls) if overridden(cls, method) is None}
    assert new == NEW_METHODS.get(name, set())
    for method, function in methods(cls).items():
        base = overridden(cls, method)
        made_without_arguments = method == "__init__" and issubclass(cls, Altered)
        if inspect.isfunction(base) and not made_without_arguments:
            positional, keywords = arguments_of(base)
            inspect.signature(function).bind(*positional, **keywords)


@pytest.mark.parametrize("client", [each for each in CLASSES.values() if issubclass(each, Altered)], ids=name_of)
def test_the_parts_of_a_client_have_the_names_and_the_bases_that_are_used(client):
    parts = {name: value for name, value in vars(client).items() if inspect.isclass(value)}
    assert parts.keys() <= PARTS.keys()
    for name, part in parts.items():
        assert issubclass(part, PARTS[name])
        assert part is not PARTS[name]


def changes(cls, above):
    """Return the members that a class or a base of it below `above` overrides with something else."""
    ours = [each for each in cls.__mro__[: cls.__mro__.index(above)] if each not in (Broken, Free)]
    names = {name for each in ours for name in vars(each) if name not in {"__doc__", "__module__", "__qualname__"}}
    return {name for name in names if hasattr(above, name) and getattr(cls, name) != getattr(above, name)}


@pytest.mark.parametrize("name", reach.altered_clients())
def test_a_client_differs_from_the_reference_client(name):
    client = reach.altered_clients()[name]
    changed = changes(client, Altered) - PARTS.keys() - {"reached_by", "__annotations__", "__firstlineno__"}
    for part, base in PARTS.items():
        if getattr(client, part) is not base:
            in_part = changes(getattr(client, part), base) - {"__annotations__", "__firstlineno__"}
            assert in_part, f"{part} overrides nothing"
            changed |= in_part
    assert changed or getattr(client, "undeclared", None)
