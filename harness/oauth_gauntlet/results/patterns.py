"""Match the names of scenarios with the patterns of a baseline. Pure.

A name consists of words and the grant in brackets: ``parse.not-json.html[password+refresh]``. A pattern is such a name. What it
leaves out at the end matches everything: ``parse.not-json`` covers each variant, grant and renewal. ``*`` replaces a
whole word, or everything in the brackets; at the end it says the same as nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeAlias

from oauth_gauntlet.reading import Malformed

ANY = "*"

_Shape: TypeAlias = tuple[tuple[int, ...], bool]
"""The places of the words that are not ``*``, and whether the pattern has a grant."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Pattern:
    """The words of a pattern without those at the end that are ``*``, and the grant, ``*`` for any.

    Two texts with equal patterns cover the same scenarios.
    """

    words: tuple[str, ...]
    grant: str

    def covers(self, scenario: str) -> bool:
        """Return whether the pattern matches the name of a scenario."""
        words, grant = _parts(scenario)
        return (
            self.grant in {ANY, grant}
            and len(self.words) <= len(words)
            and all(word in {ANY, named} for word, named in zip(self.words, words, strict=False))
        )

    @property
    def precision(self) -> tuple[int, bool]:
        """How specific the pattern is. If several patterns match a scenario, the most specific one applies."""
        places, has_grant = self._shape
        return len(places), has_grant

    @property
    def _shape(self) -> _Shape:
        return tuple(place for place, word in enumerate(self.words) if word != ANY), self.grant != ANY


def pattern_of(text: str) -> Pattern:
    """Return the pattern that a text means.

    Raises:
        Malformed: a word is empty, or ``*`` stands for a part of a word.
    """
    words, grant = _parts(text)
    for part in (*words, grant):
        if not part or (ANY in part and part != ANY):
            raise Malformed(
                "scenario: * stands for a whole word or for the grant, not for a part of one; "
                "example: parse.expires-in-odd.*[client_credentials]"
            )
    while words and words[-1] == ANY:
        words = words[:-1]
    return Pattern(words=words, grant=grant)


class PatternIndex:
    """Finds the most specific of many patterns. The time for a name does not depend on their number."""

    def __init__(self, patterns: Iterable[Pattern]) -> None:
        self._shapes: dict[_Shape, dict[tuple[str, ...], int]] = {}
        for number, pattern in enumerate(patterns):
            shape = pattern._shape
            self._shapes.setdefault(shape, {}).setdefault(_key(shape, pattern.words, pattern.grant), number)
        self._found: dict[str, int | None] = {}
        self._order = sorted(self._shapes, key=lambda shape: (len(shape[0]), shape[1]), reverse=True)

    def find(self, scenario: str) -> int | None:
        """Return the number, from 0, of the most specific pattern that matches a name; the first of equals; else None."""
        if scenario not in self._found:  # an update of a baseline asks for each name several times
            self._found[scenario] = self._search(scenario)
        return self._found[scenario]

    def _search(self, scenario: str) -> int | None:
        words, grant = _parts(scenario)
        found: int | None = None
        precision: tuple[int, bool] | None = None
        for shape in self._order:
            places, has_grant = shape
            if found is not None and (len(places), has_grant) != precision:
                break
            if places and places[-1] >= len(words):
                continue
            number = self._shapes[shape].get(_key(shape, words, grant))
            if number is not None and (found is None or number < found):
                found, precision = number, (len(places), has_grant)
        return found


def _key(shape: _Shape, words: tuple[str, ...], grant: str) -> tuple[str, ...]:
    places, has_grant = shape
    literal = tuple(words[place] for place in places)
    return (*literal, grant) if has_grant else literal


def _parts(scenario: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a name or pattern, and its grant (``*`` without brackets)."""
    words, bracket, grant = scenario.partition("[")
    return tuple(words.split(".")), grant.removesuffix("]") if bracket else ANY
