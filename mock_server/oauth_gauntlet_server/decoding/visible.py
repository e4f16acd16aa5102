"""Make octets and text safe to show: unprintable characters are escaped, and long values are cut.

What a client sends cannot control a terminal, hide behind invisible characters, or flood the page.
"""

from __future__ import annotations

from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse

MOST_TEXT = 4_000
"""How many characters of one value are shown."""

MOST_WIRE = 24 * 1024
"""How many octets of one side of the wire are shown."""


def visible(text: str, most: int = MOST_TEXT) -> str:
    """Return text with unprintable characters escaped, cut after `most` characters."""
    shown = _escaped(text[:most])
    return shown if len(text) <= most else f"{shown}... ({len(text)} characters in total)"


def wire_text(octets: bytes, most: int = MOST_WIRE) -> str:
    """Return the octets of a message as lines of text, cut after `most` octets; what is not UTF-8 is escaped."""
    lines = octets[:most].decode("utf-8", "backslashreplace").replace("\r\n", "\n").split("\n")
    text = "\n".join(_escaped(line) for line in lines)
    return text if len(octets) <= most else f"{text}... ({len(octets)} octets in total)"


def request_octets(request: RecordedRequest) -> bytes:
    """Return a request as it was on the wire, or rebuilt from its fields if the server did not see its octets."""
    if request.raw:
        return request.raw
    lines = [f"{request.method} {request.target} HTTP/{request.http_version}"]
    return _message([*lines, *(f"{name}: {value}" for name, value in request.headers)], request.body)


def response_octets(response: RecordedResponse) -> bytes:
    """Return a response as it was written, or rebuilt from its fields if another server wrote it."""
    if response.raw:
        return response.raw
    lines = [f"HTTP/1.1 {response.status} {response.reason}"]
    return _message([*lines, *(f"{name}: {value}" for name, value in response.headers)], response.body)


def _message(lines: list[str], body: bytes) -> bytes:
    return ("\r\n".join(lines) + "\r\n\r\n").encode("utf-8", "surrogateescape") + body


def _escaped(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(
        each if each.isprintable() or each == "\t" else each.encode("unicode_escape", "backslashreplace").decode("ascii")
        for each in text
    )
