"""How a client gets a requirement right, and how published clients do it: what a finding says after what is wrong.

The texts are in ``remedies/CATEGORY.toml``, several requirements of one cause under one text. A requirement that this
version does not know, as a results stream of another version may hold, has none.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

FOLDER = resources.files("oauth_gauntlet_reports.advice") / "remedies"
"""Where the texts are."""

HEADING = "How to get it right"
"""What stands above a remedy."""

_CODE = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, kw_only=True, slots=True)
class Example:
    """How a published client does it, in a sentence; `seen` is where that was read: client, version, file."""

    how: str
    seen: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Remedy:
    """How a client gets a requirement right, in one to three sentences; what is code stands between backticks."""

    text: str
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A piece of a text, code or not."""

    text: str
    code: bool


def remedy(requirement_id: str) -> Remedy | None:
    """Return the remedy of a requirement, None where there is none."""
    return remedies().get(requirement_id)


@cache
def remedies() -> dict[str, Remedy]:
    """Return every remedy by the id of its requirement; the files are read when this is first called."""
    found: dict[str, Remedy] = {}
    for file in sorted(FOLDER.iterdir(), key=lambda each: each.name):
        for entry in tomllib.loads(file.read_text(encoding="utf-8"))["remedy"]:
            examples = tuple(Example(how=_joined(each["how"]), seen=_joined(each["seen"])) for each in entry.get("example", ()))
            found |= dict.fromkeys(entry["of"], Remedy(text=_joined(entry["text"]), examples=examples))
    return found


def spans(text: str) -> tuple[Span, ...]:
    """Return a text in pieces, without the backticks; a backtick that has no fellow is text."""
    pieces = enumerate(_CODE.split(text))
    return tuple(Span(text=piece, code=bool(number % 2)) for number, piece in pieces if piece)


def _joined(text: str) -> str:
    """Return a text that is wrapped in its file as one line."""
    return " ".join(text.split())
