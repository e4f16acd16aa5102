"""Find the profiles, and say which of them a run did not ask.

A package of scenarios offers its profiles by an entry point, so that the harness does not import the package.
"""

from __future__ import annotations

from collections.abc import Iterable
from importlib.metadata import entry_points

from oauth_gauntlet.errors import UsageError
from oauth_gauntlet.model import Profile
from oauth_gauntlet.reading import unknown_name

GROUP = "oauth_gauntlet.profiles"
"""The entry point group. An entry is a function that returns the profiles of its package."""


def known_profiles() -> dict[str, Profile]:
    """Return every profile that an installed package offers, by name."""
    found: tuple[Profile, ...] = tuple(profile for entry in entry_points(group=GROUP) for profile in entry.load()())
    return {profile.name: profile for profile in sorted(found, key=lambda each: each.name)}


def profiles_named(names: Iterable[str], own: Iterable[str] = ()) -> frozenset[str]:
    """Return the names, checked. `own` are the profiles that the user's own scenarios declare.

    Raises:
        UsageError: there is no profile of a name; the text contains the nearest name and lists all.
    """
    known, wanted = known_profiles().keys() | own, frozenset(names)
    for name in sorted(wanted - known):
        raise UsageError(unknown_name("profile", name, sorted(known)))
    return wanted


def not_asked_line(names: Iterable[str]) -> str | None:
    """Return the line that names profiles which a run did not ask, and how to ask them; None if there are none."""
    listed = ", ".join(f"profile {name} (--profile {name})" for name in names)
    return f"not asked: {listed}" if listed else None
