"""Derive the ids of each requirement set from what the requirements quote, and write them into the set's file.

    python -m docs.requirement_sets                     # print what differs; exit code 1 if anything does
    python -m docs.requirement_sets rfc6749=3           # write the content of a set, as its version 3

A published version never changes: other content needs another version. Before the first release of a version you may write
it again.
"""

from __future__ import annotations

import argparse
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import oauth_gauntlet_scenarios
from oauth_gauntlet.model import Basis, Level, Requirement
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet_scenarios.catalogue import scenarios
from oauth_gauntlet_scenarios.requirement_sets import digest, raised_in

FOLDER = Path(str(oauth_gauntlet_scenarios.__file__)).parent / "sets"

ALWAYS = frozenset({"sanity.first", "sanity.last"})
"""Requirements of every set: the exchanges that show that a client works at all."""


def derived_ids(document: Mapping[str, Any], known: Iterable[Requirement]) -> frozenset[str]:
    """Return the ids of the requirements that belong to a set, by the rule of its file.

    `documents` names what the set is about. A requirement belongs to it if its level is `must` and one of these documents
    obliges the client; if its level is `should` and one recommends it; if its level is `unsafe` and it quotes one of them,
    whomever that sentence binds. The members of `raised` belong to it too, and those of `left_out` do not.
    """
    grants = {grant for grant in GrantType if grant.short in document["grants"]}
    found = {
        each.id
        for each in known
        if each.profile is None
        and grants.intersection(each.grants)
        and any(basis.document in document["documents"] and _carries(each.level, basis) for basis in each.basis)
    }
    return frozenset(found | ALWAYS | raised_in(document).keys()) - document.get("left_out", {}).keys()


def _carries(level: Level, basis: Basis) -> bool:
    carrying = {Level.MUST: basis.obliges, Level.SHOULD: basis.recommends or basis.obliges, Level.UNSAFE: True}
    return carrying.get(level, False)


def with_content(text: str, ids: Iterable[str], version: str) -> str:
    """Return the text of a set's file with other ids, another version, and their digest."""
    document = tomllib.loads(text)
    listed = "".join(f'  "{name}",\n' for name in sorted(ids))
    text = re.sub(r'(?m)^version = ".*"$', f'version = "{version}"', text)
    text = re.sub(r'(?m)^digest = ".*"$', f'digest = "{digest(ids, document["grants"], raised_in(document))}"', text)
    return re.sub(r"(?ms)^ids = \[$.*?^\]$", lambda _: f"ids = [\n{listed}]", text)


def differences() -> Iterator[str]:
    """Yield a line for each set whose file differs from what its rule finds."""
    known = [scenario.requirement for scenario in scenarios()]
    for path in sorted(FOLDER.glob("*.toml")):
        document = tomllib.loads(path.read_text(encoding="utf-8"))
        wanted, listed = derived_ids(document, known), set(document["ids"])
        if wanted != listed:
            more, fewer = sorted(wanted - listed), sorted(listed - wanted)
            yield f"{path.stem}: {' '.join([*(f'+{name}' for name in more), *(f'-{name}' for name in fewer)])}"
        elif document["digest"] != digest(listed, document["grants"], raised_in(document)):
            yield f"{path.stem}: the digest is not that of its content"


def main(arguments: list[str] | None = None) -> int:
    """Write the sets that are named with a version, or print what differs; return the exit code."""
    names = sorted(path.stem for path in FOLDER.glob("*.toml"))
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("sets", nargs="*", metavar="NAME=VERSION", help=f"write this set; names: {', '.join(names)}")
    given = [argument.partition("=") for argument in parser.parse_args(arguments).sets]
    wrong = next((f"{name}{sign}{version}" for name, sign, version in given if name not in names or not version), None)
    if wrong is not None:
        parser.error(f"{wrong}: expected NAME=VERSION, with one of the names {', '.join(names)}")
    known = [scenario.requirement for scenario in scenarios()]
    for name, _, version in given:
        path = FOLDER / f"{name}.toml"
        text = path.read_text(encoding="utf-8")
        path.write_text(with_content(text, derived_ids(tomllib.loads(text), known), version), encoding="utf-8")
    found = [] if given else list(differences())
    for line in found:
        print(line)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
