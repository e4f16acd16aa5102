"""Read survivors.toml: the mutants that are known to survive, and why each may.

    ["oauth_gauntlet.results.gate"]
    survivors = [
        { function = "evaluate", was = "...", now = "...", reason = "..." },
    ]

`was` and `now` are the lines that differ, as a run prints them. Only their shape is compared (mutants.py), so that an entry
stays right when a variable is renamed; it covers all mutants of the function with this shape. `function` is empty for code
outside of functions and classes. An explanation is wrong if its mutant is killed or does not exist.
"""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mutation.mutants import Mutant, shape

_KEYS = {"function", "was", "now", "reason"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Explanation:
    """One survivor, and why it may survive."""

    module: str
    function: str
    was: str
    now: str
    reason: str

    @property
    def name(self) -> tuple[str, str, str]:
        """The name of the mutant, as `Mutant.name` returns it."""
        return self.module, self.function, shape(self.was, self.now)


@dataclass(frozen=True, slots=True)
class Explanations:
    """All explanations."""

    entries: tuple[Explanation, ...]

    def about(self, modules: Collection[str]) -> Explanations:
        """Return the explanations for some modules."""
        return Explanations(tuple(entry for entry in self.entries if entry.module in modules))

    def unexplained(self, survivors: Iterable[Mutant]) -> list[Mutant]:
        """Return the survivors without an explanation."""
        known = {entry.name for entry in self.entries}
        return [mutant for mutant in survivors if mutant.name not in known]

    def without_survivor(self, survivors: Iterable[Mutant]) -> list[Explanation]:
        """Return the explanations of mutants that are not among the survivors."""
        names = {mutant.name for mutant in survivors}
        return [entry for entry in self.entries if entry.name not in names]


def load_explanations(path: Path) -> Explanations:
    """Return the explanations in a file.

    Raises:
        ValueError: the file is not valid TOML, or an entry is incomplete; the message contains the entry.
    """
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    return Explanations(
        tuple(_explanation(module, entry) for module, about in document.items() for entry in about["survivors"])
    )


def _explanation(module: str, entry: dict[str, Any]) -> Explanation:
    if set(entry) != _KEYS or not all(isinstance(value, str) for value in entry.values()) or not entry["reason"].strip():
        raise ValueError(f"{module}: expected an entry with the texts {', '.join(sorted(_KEYS))}, got {entry}")
    return Explanation(module=module, **entry)
