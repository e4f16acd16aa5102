"""Take the text of a baseline apart into entries, and put it together again, with every comment. Pure: text in, text out.

An entry that does not change keeps its octets. tomlkit, which keeps comments, needs minutes for a large file; so only
entries that change are parsed by it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

import tomlkit
from tomlkit.items import AoT, Table

from oauth_gauntlet_server.config.toml_lines import lines_of

_HEADER = re.compile(r"^[ \t]*\[\[[ \t]*expect[ \t]*\]\][ \t]*(#.*)?$")

_QUOTES = re.compile("\"\"\"|'''")
"""What may end a text of several lines: a line with it may look like a comment, and be none."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Block:
    """The text of one entry without empty lines around it. `key` is the text that it is sorted by."""

    text: str
    key: str

    @property
    def comments_below(self) -> str:
        """The comments after the entry and an empty line: they are about what follows, not about the entry."""
        lines = self.text.split("\n")
        start = len(lines)
        while start and (not lines[start - 1].strip() or _is_comment(lines[start - 1])):
            start -= 1
        while start < len(lines) and lines[start].strip():  # directly below the entry, and so about it
            start += 1
        return _stripped(lines[start:])

    def followed_by(self, comments: str) -> Block:
        """Return the entry with more comments below it."""
        return replace(self, text=f"{self.text}\n\n{comments}")

    def with_verdict(self, word: str) -> Block:
        """Return the entry with another verdict."""
        return replace(self, text=_edited(self.text, lambda table: table.__setitem__("verdict", word)))

    def without(self, patterns: Collection[str]) -> Block:
        """Return the entry without these patterns of its list."""

        def remove(table: Any) -> None:
            items = table["scenario"]
            for place in reversed(range(len(items))):
                if str(items[place]) in patterns:
                    del items[place]

        return replace(self, text=_edited(self.text, remove))

    def copy_for(self, pattern: str, word: str) -> Block:
        """Return an entry for another pattern and verdict with the other values of this one, without its comments."""
        (values,) = tomlkit.parse(self.text)["expect"].unwrap()
        return new_block({**values, "scenario": pattern, "verdict": word})


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """A baseline: the comments at its beginning, and its entries."""

    beginning: str
    blocks: tuple[Block, ...]

    def with_blocks(self, blocks: Iterable[Block | None]) -> Document:
        """Return the document with these in place of its entries, in the same order. None: the entry is gone.

        Comments that are not about a removed entry stay, below the entry before it.
        """
        beginning, kept = self.beginning, list[Block]()
        for old, new in zip(self.blocks, blocks, strict=True):
            comments = "" if new is not None else old.comments_below
            if new is not None:
                kept.append(new)
            elif comments and kept:
                kept[-1] = kept[-1].followed_by(comments)
            elif comments:
                beginning = f"{beginning}\n\n{comments}".strip("\n")
        return Document(beginning=beginning, blocks=tuple(kept))

    @property
    def text(self) -> str:
        """The text of the file, entries sorted by their first pattern."""
        parts = [self.beginning, *(block.text for block in sorted(self.blocks, key=lambda each: each.key))]
        text = "\n\n".join(part for part in parts if part)
        return f"{text}\n" if text else ""


def document_of(text: str, scenarios: Sequence[str]) -> Document:
    """Return the parts of a valid baseline. `scenarios` has the first pattern of each entry, in the order of the file."""
    text = text.replace("\r\n", "\n")
    starts = _starts(text, len(scenarios))
    if starts is None:
        text = _as_tables(text)
        starts = _starts(text, len(scenarios)) or ()
    lines = text.split("\n")
    if not starts:
        return Document(beginning=_stripped(lines), blocks=())
    begins = [_with_comments_above(lines, start) for start in starts]
    if not any(line.strip() for line in lines[: begins[0]]):
        begins[0] = starts[0]  # comments at the beginning of the file are about the file
    return Document(
        beginning=_stripped(lines[: begins[0]]),
        blocks=tuple(
            Block(text=_stripped(lines[begin:end]), key=scenario)
            for begin, end, scenario in zip(begins, (*begins[1:], len(lines)), scenarios, strict=True)
        ),
    )


def new_block(values: dict[str, Any]) -> Block:
    """Return an entry with these values. A list of patterns gets a line for each."""
    table = tomlkit.table()
    table.update(values)
    patterns = values["scenario"]
    if isinstance(patterns, list | tuple):
        array = tomlkit.array()
        array.extend(patterns)
        table["scenario"] = array.multiline(multiline=True)
    entries = AoT([])
    entries.append(table)
    document = tomlkit.document()
    document["expect"] = entries
    first = patterns if isinstance(patterns, str) else patterns[0]
    return Block(text=tomlkit.dumps(document).strip("\n"), key=first)


def _starts(text: str, count: int) -> Sequence[int] | None:
    """Return the places of the lines ``[[expect]]``, from 0; None if the entries are written in another form."""
    lines = text.split("\n")
    if not count:
        return None if any(line.strip() and not line.lstrip().startswith("#") for line in lines) else ()
    found = [place for place, line in enumerate(lines) if _HEADER.match(line)]
    if len(found) == count:
        return found
    # A text of several lines contains such a line, or an entry is written in another way.
    known = lines_of(text)
    found = sorted({known.get(("expect", place), 1) - 1 for place in range(count)})
    return found if len(found) == count and all(lines[place].lstrip().startswith("[[") for place in found) else None


def _with_comments_above(lines: Sequence[str], start: int) -> int:
    """Return the place of the first of the comments that stand directly above a line."""
    while start and _is_comment(lines[start - 1]):
        start -= 1
    return start


def _is_comment(line: str) -> bool:
    return line.lstrip().startswith("#") and not _QUOTES.search(line)


def _stripped(lines: Sequence[str]) -> str:
    return "\n".join(lines).strip("\n")


def _edited(text: str, edit: Callable[[Any], None]) -> str:
    document = tomlkit.parse(text)
    edit(document["expect"][0])
    return tomlkit.dumps(document).strip("\n")


def _as_table(entry: Any) -> Table:
    """Return an entry as a table with a line for each key, also if it was written as an inline table ``{ ... }``."""
    if isinstance(entry, Table):
        return entry
    table = tomlkit.table()
    table.update(entry.unwrap())
    return table


def _as_tables(text: str) -> str:
    """Return the text of a baseline with ``[[expect]]`` above each entry."""
    document = tomlkit.parse(text)
    tables = [_as_table(entry) for entry in document.pop("expect")]
    if tables:
        document["expect"] = AoT(tables)
    return tomlkit.dumps(document)
