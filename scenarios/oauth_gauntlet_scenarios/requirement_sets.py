"""Named sets of requirements. Two reports about the same set and version can be compared.

A set is about documents, such as RFC 6749: it contains the requirements whose basis quotes what these documents demand
(`must`) or recommend (`should`) of a client, and the hazards (`unsafe`) in what they define. It is frozen: its file lists
the ids that this rule found when the set was made, and has a version, which rises when the content changes
(``python -m docs.requirement_sets``).

A file may also raise a requirement, where a document of the set says more than the requirement's own basis.

`all` is the whole catalogue; its version is the version of oauth-gauntlet.
"""

from __future__ import annotations

import hashlib
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from oauth_gauntlet import __version__
from oauth_gauntlet.model import Basis, Level, RequirementSet
from oauth_gauntlet.model.basis import quote
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reading import unknown_name
from oauth_gauntlet_scenarios.damages import BY_NAME

EVERYTHING = "all"

_FOLDER = Path(__file__).parent / "sets"


def requirement_set(name: str) -> RequirementSet:
    """Return the set with this name.

    Raises:
        ValueError: no set has this name; the message suggests the nearest name and lists all.
    """
    found = requirement_sets().get(name)
    if found is None:
        raise ValueError(unknown_name("set of requirements", name, requirement_sets()))
    return found


@cache
def requirement_sets() -> dict[str, RequirementSet]:
    """Return every set by name, `all` first."""
    everything = RequirementSet(name=EVERYTHING, version=__version__, title="The whole catalogue", damages=BY_NAME)
    return {EVERYTHING: everything} | {found.name: found for found in map(_read, sorted(_FOLDER.glob("*.toml")))}


def digest(ids: Iterable[str], grants: Iterable[str], raised: Mapping[str, tuple[Level, Basis]]) -> str:
    """Return the digest of a set's content.

    The set's file states it, so that a test finds a change without a new version.
    """
    said = [f"{name} {level} {basis.place} {basis.sentence}" for name, (level, basis) in sorted(raised.items())]
    return hashlib.sha256("\n".join([*sorted(ids), *sorted(grants), *said]).encode()).hexdigest()[:16]


def raised_in(document: Mapping[str, Any]) -> dict[str, tuple[Level, Basis]]:
    """Return the requirements that the file of a set raises: the level and the sentence by id."""
    return {
        name: (Level(entry["level"]), quote(entry["place"], entry["sentence"]))
        for name, entry in document.get("raised", {}).items()
    }


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
        raised=raised_in(document),
        damages=BY_NAME,
    )
