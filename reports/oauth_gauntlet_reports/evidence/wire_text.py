"""Converts an exchange to the text on the wire, and finds the offending part in it.

A mark is a text, not a place. It is looked for as a whole word, so that ``code`` does not mark a part of ``urlencoded``; only
if it occurs nowhere as a whole word, each occurrence is marked.

Control characters are escaped, so that octets from a client cannot control a terminal.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSONObject

_WORD = re.compile(r"\w")

MOST_LINE = 1600
"""Maximum number of characters shown of a line; keys and tokens may have 64 KiB."""

MOST_LINES = 200
"""Maximum number of lines shown of a head, and of a body."""

_NO_RESPONSE = "(the connection was closed without a response)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of wire text; `side` is ``>`` (sent) or ``<`` (received); `marks` are start and end of marked parts."""

    side: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


def wire_lines(exchange: JSONObject, mark: Mark | None = None) -> tuple[Line, ...]:
    """Return both sides of an exchange as lines, with the text of `mark` marked."""
    sent, received = _texts(exchange)
    lines = _side(">", sent, _wanted(mark, "request"))
    if received is None:
        return (*lines, Line(side="<", text=_NO_RESPONSE))
    return (*lines, *_side("<", received, _wanted(mark, "response")))


def wire_texts(exchange: JSONObject) -> list[str]:
    """Return both sides of an exchange as texts ``> line`` and ``< line``."""
    sent, received = _texts(exchange)
    return [*(f"> {_shown(text)}" for text in sent), *(f"< {_shown(text)}" for text in received or [_NO_RESPONSE])]


def _texts(exchange: JSONObject) -> tuple[list[str], list[str] | None]:
    """Return the lines that were sent, and those that were received, if any were."""
    request, response = exchange["request"], exchange["response"]
    first_line = f"{request['method']} {request['target']} HTTP/{request.get('http_version', '1.1')}"
    received = None if response is None else _message(response, _status(response))
    return _message(request, first_line), received


def _message(message: dict[str, Any], first_line: str) -> list[str]:
    return [text.rstrip("\r") for text in (*_bounded(_head(message, first_line)), "", *_body(message))]


def _wanted(mark: Mark | None, part: str) -> str:
    return escaped(mark.text) if mark is not None and mark.part == part else ""


def _status(response: dict[str, Any]) -> str:
    reason = response.get("reason")
    if reason is None:
        try:
            reason = HTTPStatus(response["status"]).phrase
        except ValueError:
            reason = ""
    return f"HTTP/1.1 {response['status']} {reason}"


def _head(message: dict[str, Any], first_line: str) -> list[str]:
    raw: str | None = message.get("head")
    return [first_line, *(f"{name}: {value}" for name, value in message["headers"])] if raw is None else raw.split("\r\n")


def _body(message: dict[str, Any]) -> list[str]:
    body: str = message["body"]
    lines = body.split("\n", MOST_LINES) if body else []
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"... ({lines[MOST_LINES].count(chr(10)) + 1} more lines)"]
    if message.get("body_truncated"):
        lines.append(f"... (cut; {message['body_length']} octets in all)")
    return lines


def _bounded(head: list[str]) -> list[str]:
    """Return the lines of a head, cut if there are too many."""
    return head if len(head) <= MOST_LINES else [*head[:MOST_LINES], f"... ({len(head) - MOST_LINES} more lines)"]


def _side(side: str, texts: list[str], wanted: str) -> tuple[Line, ...]:
    if not wanted:
        return tuple([Line(side=side, text=_shown(text)) for text in texts])
    before, after = (r"\b" if _WORD.match(edge) else "" for edge in (wanted[:1], wanted[-1:]))
    pattern = re.compile(f"{before}{re.escape(wanted)}{after}")
    lines = tuple(_line(side, text, wanted, pattern) for text in texts)
    if any(line.marks for line in lines):
        return lines
    return tuple(_line(side, text, wanted, re.compile(re.escape(wanted))) for text in texts)


def _line(side: str, whole: str, wanted: str, pattern: re.Pattern[str]) -> Line:
    # A mark may end after the cut.
    text = escaped(whole[: MOST_LINE + 1 + len(wanted)])
    found = [match.span() for match in pattern.finditer(text)] if wanted in text else []
    if len(text) > MOST_LINE:
        found = [(begin, min(end, MOST_LINE)) for begin, end in found if begin < MOST_LINE]
    return Line(side=side, text=_shown(whole), marks=tuple(found))


def _shown(whole: str) -> str:
    """Return a line, escaped, and cut if it is long."""
    # Lines may have 64 MiB: cut before escaping, which only adds characters.
    text = escaped(whole if len(whole) <= MOST_LINE else whole[: MOST_LINE + 1])
    return text if len(text) <= MOST_LINE else f"{text[:MOST_LINE]}... ({len(whole)} characters)"
