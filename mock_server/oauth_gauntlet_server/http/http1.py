"""HTTP/1.1 responses: framing, connection persistence, and serialization.

The octets are written by hand, because a library would correct the errors that this server makes on purpose.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest

# RFC 9110 §8.6: no Content-Length with 204; with 304 it would describe another response.
_NO_CONTENT = frozenset({204, 304})


def stays_open(request: RecordedRequest) -> bool:
    """Return whether the client expects the connection to persist (RFC 9112 §9.3)."""
    values = request.header_values("connection")
    if not values:
        return request.http_version != "1.0"
    options = {option.strip().lower() for value in values for option in value.split(",")}
    if request.http_version == "1.0":
        return "keep-alive" in options
    return "close" not in options


def http_date(epoch_s: float) -> str:
    """Return an instant in the format of the Date field (RFC 9110 §5.6.7)."""
    return _http_date(int(epoch_s))


@lru_cache(maxsize=64)
def _http_date(epoch_s: int) -> str:
    # Cached, because a busy server sends many responses within one second.
    return formatdate(epoch_s, usegmt=True)


def framed(answer: Answer, *, method: str, keep_alive: bool, now: float) -> tuple[Answer, bool]:
    """Return the answer as it is sent, and whether the connection persists after it.

    Adds Date (`now`, in seconds since the epoch; RFC 9110 §6.6.1), Content-Length and Connection where the answer does not
    have them already. A fault may have set a wrong Content-Length or a Transfer-Encoding: then the connection does not
    persist.
    """
    has_content = method != "HEAD" and answer.status not in _NO_CONTENT
    given = {name.lower(): value for name, value in answer.headers}
    length = str(len(answer.body))
    is_chunked = "transfer-encoding" in given
    framed_well = not is_chunked and (not has_content or given.get("content-length", length) == length)
    keep_alive = keep_alive and framed_well and given.get("connection", "keep-alive").lower() == "keep-alive"
    headers = answer.headers
    if "date" not in given:
        headers = (*headers, ("Date", http_date(now)))
    if "content-length" not in given and not is_chunked and answer.status not in _NO_CONTENT:
        headers = (*headers, ("Content-Length", length))
    if "connection" not in given:
        headers = (*headers, _KEPT if keep_alive else _CLOSED)
    body = answer.body if has_content else b""
    return Answer(status=answer.status, reason=answer.reason, headers=headers, body=body, wire=answer.wire), keep_alive


def framed_by_close(answer: Answer, *, now: float) -> Answer:
    """Return an answer of unknown length as it is sent: closing the connection ends it (RFC 9112 §6.3).

    `now` is the time for the Date field, in seconds since the epoch.
    """
    kept = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return replace(answer, headers=(*kept, ("Date", http_date(now)), _CLOSED))


_KEPT = ("Connection", "keep-alive")
_CLOSED = ("Connection", "close")


def serialized(answer: Answer) -> bytes:
    """Return the octets of an answer, with nothing corrected: status line, header fields, content."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason_phrase()}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    head = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return head.encode("latin-1") + answer.body
    except UnicodeEncodeError:
        # A fault set text outside latin-1; a careless server would send it as UTF-8.
        return head.encode("utf-8", "surrogateescape") + answer.body
