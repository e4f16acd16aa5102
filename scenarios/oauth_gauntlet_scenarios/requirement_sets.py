"""Named sets of requirements: what a report is about, so that two reports can be compared.

A set is frozen: its file lists the ids, and carries a version that rises whenever the list changes. `all` is the whole
catalogue, whose version is the tool's own.
"""

from __future__ import annotations

import difflib
import hashlib
import tomllib
from collections.abc import Iterable
from functools import cache
from pathlib import Path

from oauth_gauntlet import __version__
from oauth_gauntlet.model import RequirementSet
from oauth_gauntlet.protocol import GrantType

EVERYTHING = "all"

_FOLDER = Path(__file__).parent / "sets"


def requirement_set(name: str) -> RequirementSet:
    """Return the set of a name.

    Raises:
        ValueError: there is none; the text has the nearest and lists all.
    """
    found = requirement_sets().get(name)
    if found is None:
        near = difflib.get_close_matches(name, requirement_sets(), cutoff=0.4)
        hint = f", did you mean {near[0]}?" if near else ";"
        raise ValueError(f"unknown set of requirements {name!r}{hint} there are {', '.join(requirement_sets())}")
    return found


@cache
def requirement_sets() -> dict[str, RequirementSet]:
    """Return every set by name, `all` first."""
    everything = RequirementSet(name=EVERYTHING, version=__version__, title="The whole catalogue")
    return {EVERYTHING: everything} | {found.name: found for found in map(_read, sorted(_FOLDER.glob("*.toml")))}


def digest(ids: Iterable[str], grants: Iterable[str]) -> str:
    """Return the fingerprint of a set's content, which its file carries too: a change without a new version is noticed."""
    return hashlib.sha256("\n".join([*sorted(ids), *sorted(grants)]).encode()).hexdigest()[:16]


def _read(path: Path) -> RequirementSet:
    with path.open("rb") as file:
        document = tomllib.load(file)
    by_short = {grant.short: grant for grant in GrantType}
    return RequirementSet(
        name=path.stem,
        version=document["version"],
        title=document["title"],
        ids=frozenset(document["ids"]),
        grants=frozenset(by_short[name] for name in document["grants"]),
    )
