"""Converts an exchange to the text on the wire, and finds the offending part in it.

Control characters are escaped, so that octets from a client cannot control a terminal.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from oauth_gauntlet.files.escaping import escaped
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import JSONObject

MOST_LINE = 1600
"""Maximum number of characters shown of a line; keys and tokens may have 64 KiB."""

MOST_LINES = 200
"""Maximum number of lines shown of a body."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Line:
    """One line of wire text; `side` is ``>`` (sent) or ``<`` (received); `marks` are start and end of marked parts."""

    side: str
    text: str
    marks: tuple[tuple[int, int], ...] = ()


def wire_lines(exchange: JSONObject, mark: Mark | None = None) -> tuple[Line, ...]:
    """Return both sides of an exchange as lines, with the text of `mark` marked."""
    request, response = exchange["request"], exchange["response"]
    head = [f"{request['method']} {request['target']} HTTP/{request.get('http_version', '1.1')}"]
    sent = _side(">", [*head, *_headers(request), "", *_body(request)], _wanted(mark, "request"))
    if response is None:
        return (*sent, Line(side="<", text="(the connection was closed without a response)"))
    received = [_status(response), *_headers(response), "", *_body(response)]
    return (*sent, *_side("<", received, _wanted(mark, "response")))


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


def _headers(message: dict[str, Any]) -> list[str]:
    return [f"{name}: {value}" for name, value in message["headers"]]


def _body(message: dict[str, Any]) -> list[str]:
    body: str = message["body"]
    lines = body.split("\n", MOST_LINES) if body else []
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"... ({lines[MOST_LINES].count(chr(10)) + 1} more lines)"]
    if message.get("body_truncated"):
        lines.append(f"... (cut; {message['body_length']} octets in all)")
    return lines


def _side(side: str, texts: list[str], wanted: str) -> tuple[Line, ...]:
    return tuple(_line(side, text.rstrip("\r"), wanted) for text in texts)


def _line(side: str, whole: str, wanted: str) -> Line:
    # Lines may have 64 MiB: cut before escaping, which only adds characters. A mark may end after the cut.
    text = escaped(whole[: MOST_LINE + 1 + len(wanted)])
    found: list[tuple[int, int]] = []
    start = text.find(wanted) if wanted else -1
    while start >= 0:
        found.append((start, start + len(wanted)))
        start = text.find(wanted, start + len(wanted))
    if len(text) > MOST_LINE:
        text = f"{text[:MOST_LINE]}... ({len(whole)} characters)"
        found = [(begin, min(end, MOST_LINE)) for begin, end in found if begin < MOST_LINE]
    return Line(side=side, text=text, marks=tuple(found))
