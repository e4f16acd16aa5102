"""The head of a message as octets, where its fields do not tell everything.

A folded field, a second Content-Length, an interim response or a bare CR is on the wire, and not in the fields that were
parsed, or that a fault changed after them.
"""

from __future__ import annotations

import re

from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest, RecordedResponse

MOST_SHOWN = 16 * 1024
"""How many octets of a head are kept in its JSON representation."""

_INTERIM = re.compile(rb"HTTP/1\.1 1(?!01)\d\d ")
_END = b"\r\n\r\n"


def raw_request_head(request: RecordedRequest) -> str | None:
    """Return the head of a request as it arrived (latin-1), or None if its fields tell the same."""
    return _differing(request.raw, f"{request.method} {request.target} HTTP/{request.http_version}", request.headers)


def raw_response_head(response: RecordedResponse) -> str | None:
    """Return the head of a response as it was written (latin-1), interim ones included; None if its fields tell the same."""
    return _differing(response.raw, f"HTTP/1.1 {response.status} {response.reason}", response.headers)


def _differing(raw: bytes, first_line: str, headers: Headers) -> str | None:
    end = raw.find(_END)
    start = 0
    while end >= 0 and _INTERIM.match(raw, start):
        start = end + len(_END)
        end = raw.find(_END, start)
    if end < 0:
        return None
    octets = raw[:end]
    head = octets.decode("latin-1")
    told = "\r\n".join([first_line, *(f"{name}: {value}" for name, value in headers)])
    return None if told in {head, octets.decode("utf-8", "surrogateescape")} else head[:MOST_SHOWN]
