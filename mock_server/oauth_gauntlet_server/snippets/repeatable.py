"""A recorded request as far as it can be sent again: where to, and without what belongs to one connection."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote

from oauth_gauntlet_server.http.http_request import Headers, RecordedRequest

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")

_OF_THE_CONNECTION = frozenset(
    {"host", "connection", "keep-alive", "content-length", "transfer-encoding", "te", "trailer", "upgrade", "expect"}
)

# What may stand in a URL unescaped; a percent sign is part of an escape already.
_SAFE = "%/?:@!$&'()*+,;=~-._"


@dataclass(frozen=True, kw_only=True, slots=True)
class Repeatable:
    """What to send: `headers` are latin-1 text, in their order, those of the connection left out."""

    method: str
    url: str
    headers: Headers
    body: bytes


def repeatable(request: RecordedRequest, base_url: str) -> Repeatable:
    """Return a request as it can be sent again to the server at `base_url`.

    Not to where its Host header leads: whoever pastes a command does not look, and what it holds are credentials.
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
