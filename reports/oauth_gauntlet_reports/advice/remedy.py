"""Loads the remedies: how a client meets a requirement, and how published clients do it.

The texts are in ``remedies/CATEGORY.toml``; several requirements with one cause share a text. A requirement that this version
does not know, for example in results of another version, has no remedy.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

FOLDER = resources.files("oauth_gauntlet_reports.advice") / "remedies"
"""The folder of the texts."""

HEADING = "How to get it right"
"""The heading of a remedy."""

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """How a published client meets the requirement; `seen` is the place in its code: client, version, file."""

    how: str
    seen: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """How a client meets a requirement, in one to three sentences; code is between backticks."""

    text: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A piece of a text; `code` is true for text between backticks."""

    text: str
    code: bool


def remedy(requirement_id: str) -> Remedy | None:
    """Return the remedy of a requirement, or None."""
    return remedies().get(requirement_id)


@cache
def remedies() -> dict[str, Remedy]:
    """Return all remedies by requirement id; the first call reads the files."""
    found: dict[str, Remedy] = {}
    for file in sorted(FOLDER.iterdir(), key=lambda each: each.name):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["remedy"]:
            examples = tuple(Example(how=_joined(each["how"]), seen=_joined(each["seen"])) for each in entry.get("example", ()))
            found |= dict.fromkeys(entry["of"], Remedy(text=_joined(entry["text"]), examples=examples))
    return found


def spans(text: str) -> tuple[Span, ...]:
    """Return a text in pieces, without the backticks; an unpaired backtick is text."""
    pieces = enumerate(_CODE.split(text))
    return tuple(Span(text=piece, code=bool(number % 2)) for number, piece in pieces if piece)


def _joined(text: str) -> str:
    """Return a text with its line breaks replaced by spaces."""
    return " ".join(text.split())
