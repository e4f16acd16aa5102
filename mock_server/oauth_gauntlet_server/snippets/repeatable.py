"""Prepare a recorded request to be sent again: safe target, no headers that belong to one connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_OF_THE_CONNECTION = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
)

# Characters that need no escape in a URL; a percent sign is already part of an escape.
_SAFE = "%/?:@!$&'()*+,;=~-._"


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeatable:
    """A request to send; `headers` are latin-1 text in their original order, without those of the connection."""

    method: str
    url: str
    headers: Headers
    body: bytes


def repeatable(request: RecordedRequest, base_url: str) -> Repeatable:
    """Return a request that can be sent again to the server at `base_url`.

    The Host header is ignored: it could lead credentials to another server when somebody pastes the command.
    """
    target = request.path + (f"?{request.query}" if request.query else "")
    return Repeatable(
        method=request.method if _TOKEN.fullmatch(request.method) else "POST",
        url=base_url.rstrip("/") + "/" + quote(target.encode("latin-1", "replace"), safe=_SAFE).lstrip("/"),
        headers=tuple(
            (name, value)
            for name, value in request.headers
            if _TOKEN.fullmatch(name) and name.lower() not in _OF_THE_CONNECTION and not re.search(r"[\x00\r\n]", value)
        ),
        body=request.body,
    )
