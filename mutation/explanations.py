"""The survivors that are known, and why each may survive: survivors.toml.

    ["oauth_gauntlet.results.gate"]
    survivors = [
        { function = "judge", was = "...", now = "...", reason = "..." },
    ]

`was` and `now` are the lines that differ, as the run prints them; `function` is empty for what stands in none. An explanation
whose mutant is killed or gone is wrong.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation.mutants import Mutant

_KEYS = {"function", "was", "now", "reason"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """One survivor, and why."""

    module: str
    function: str
    was: str
    now: str
    reason: str

    @property
    def name(self) -> tuple[str, str, str, str]:
        """The mutant's name."""
        return self.module, self.function, self.was, self.now


@dataclass(frozen=True, slots=True)
class Explanations:
    """All of them."""

    entries: tuple[Explanation, ...]

    def about(self, modules: Collection[str]) -> Explanations:
        """Return those about some modules."""
        return Explanations(tuple(entry for entry in self.entries if entry.module in modules))

    def unexplained(self, survivors: Iterable[Mutant]) -> list[Mutant]:
        """Return the survivors that no entry is about."""
        known = {entry.name for entry in self.entries}
        return [mutant for mutant in survivors if mutant.name not in known]

    def about_none_of(self, survivors: Iterable[Mutant]) -> list[Explanation]:
        """Return the entries about none of the survivors."""
        names = {mutant.name for mutant in survivors}
        return [entry for entry in self.entries if entry.name not in names]


def load_explanations(path: Path) -> Explanations:
    """Read the file.

    Raises:
        ValueError: it is no TOML, or an entry lacks something; the text says which.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return Explanations(
        tuple(_explanation(module, entry) for module, about in document.items() for entry in about["survivors"])
    )


def _explanation(module: str, entry: dict[str, Any]) -> Explanation:
    if set(entry) != _KEYS or not all(isinstance(value, str) for value in entry.values()) or not entry["reason"].strip():
        raise ValueError(f"{module}: an entry needs {', '.join(sorted(_KEYS))} as text, and a reason; got {entry}")
    return Explanation(module=module, **entry)
