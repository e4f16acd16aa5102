"""Converts exchanges to transcripts: both sides as text of bounded length, with the offending part marked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from oauth_gauntlet.model import Mark, Result, exchange_place
from oauth_gauntlet.protocol import JSONObject
from oauth_gauntlet_reports.evidence.wire_text import Line, wire_lines


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A piece of one side's text, marked or not."""

    text: str
    marked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Transcript:
    """One exchange. `number` counts from 1; `fault` is the fault that the server made, or "".

    `offending` is true for an exchange that a finding is about.
    """

    number: int
    fault: str
    offending: bool
    sent: tuple[Piece, ...]
    received: tuple[Piece, ...]


def marked_exchange(result: Result) -> tuple[int, Mark | None]:
    """Return the index of the exchange that the first finding is about, and the finding's mark.

    Without a mark, or if no exchange has the mark's index, it is the last exchange. The result must have an exchange.
    """
    mark = result.findings[0].mark if result.findings else None
    return exchange_place(mark, len(result.exchanges)), mark


def transcripts(result: Result) -> tuple[Transcript, ...]:
    """Return the exchanges of a result in order."""
    marks = _marks(result)
    return tuple(
        _transcript(number, exchange, marks.get(number - 1, ()), offending=number - 1 in marks)
        for number, exchange in enumerate(result.exchanges, start=1)
    )


def decisive(result: Result, most: int) -> Transcript | None:
    """Return the exchange that the first finding is about, or the last exchange; None without exchanges.

    A piece of more than `most` characters is shortened in the middle.
    """
    if not result.exchanges:
        return None
    place, marks = next(iter(_marks(result).items()), (len(result.exchanges) - 1, ()))
    whole = _transcript(place + 1, result.exchanges[place], marks, offending=True)
    return replace(whole, sent=_shortened(whole.sent, most), received=_shortened(whole.received, most))


def _shortened(side: tuple[Piece, ...], most: int) -> tuple[Piece, ...]:
    return tuple(replace(piece, text=_without_middle(piece.text, most)) for piece in side)


def _without_middle(text: str, most: int) -> str:
    if len(text) <= most:
        return text
    half = most // 2
    return f"{text[:half]}\n... ({len(text) - 2 * half} characters are left out here)\n{text[-half:]}"


def _marks(result: Result) -> dict[int, tuple[Mark, ...]]:
    """Return the marks by the index of the exchange; a finding without one is about the last exchange."""
    count = len(result.exchanges)
    found: dict[int, tuple[Mark, ...]] = {}
    for finding in result.findings:
        place = exchange_place(finding.mark, count)
        found[place] = (*found.get(place, ()), *((finding.mark,) if finding.mark is not None else ()))
    return found


def _transcript(number: int, exchange: JSONObject, marks: tuple[Mark, ...], *, offending: bool) -> Transcript:
    # Each mark is searched separately; overlapping marks are merged.
    versions = [wire_lines(exchange, mark) for mark in marks] or [wire_lines(exchange)]
    lines = [_with_all_marks(same) for same in zip(*versions, strict=True)]
    return Transcript(
        number=number,
        fault=str(exchange.get("fault") or ""),
        offending=offending,
        sent=_pieces([line for line in lines if line.side == ">"]),
        received=_pieces([line for line in lines if line.side == "<"]),
    )


def _with_all_marks(same: tuple[Line, ...]) -> Line:
    marks = [mark for line in same for mark in line.marks]
    return replace(same[0], marks=_merged(marks)) if marks else same[0]


def _merged(marks: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    merged: list[tuple[int, int]] = []
    for begin, end in sorted(marks):
        if merged and begin <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((begin, end))
    return tuple(merged)


def _pieces(lines: list[Line]) -> tuple[Piece, ...]:
    """Return lines as the smallest number of pieces, because a page may contain many transcripts."""
    pieces: list[Piece] = []
    plain = ""
    for line in lines:
        place = 0
        for begin, end in line.marks:
            plain += line.text[place:begin]
            pieces += [Piece(text=plain)] if plain else []
            pieces.append(Piece(text=line.text[begin:end], marked=True))
            plain, place = "", end
        plain += line.text[place:] + "\n"
    return (*pieces, Piece(text=plain.removesuffix("\n")))
