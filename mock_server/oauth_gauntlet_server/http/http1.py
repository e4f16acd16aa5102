"""HTTP/1.1 answers: how long they are, what becomes of the connection, and how they are spelled.

They are spelled by hand, since a server that is to lie on the wire must not be corrected by a library.
"""

from __future__ import annotations

from dataclasses import replace
from email.utils import formatdate
from functools import lru_cache

from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest

# RFC 9110 §8.6: no Content-Length with 204; with 304 it would speak of another response.
_NO_CONTENT = frozenset({204, 304})


def stays_open(request: RecordedRequest) -> bool:
    """Whether the client expects the connection to be used again (RFC 9112 §9.3)."""
    said = request.header_values("connection")
    if not said:
        return request.http_version != "1.0"
    options = {option.strip().lower() for value in said for option in value.split(",")}
    if request.http_version == "1.0":
        return "keep-alive" in options
    return "close" not in options


def http_date(epoch_s: float) -> str:
    """Return an instant as Date has it (RFC 9110 §5.6.7)."""
    return _http_date(int(epoch_s))


@lru_cache(maxsize=64)
def _http_date(epoch_s: int) -> str:
    # Many answers are made in one second.
    return formatdate(epoch_s, usegmt=True)


def framed(answer: Answer, *, method: str, keep_alive: bool, now: float) -> tuple[Answer, bool]:
    """Return an answer as it goes onto the wire, and whether the connection can be used after it.

    Where the answer does not say itself when it was made (`now`, in seconds since the epoch; RFC 9110 §6.6.1), how long
    it is and what becomes of the connection, that is added. An answer whose length is not what it says, as a fault may
    have it, ends the connection.
    """
    has_content = method != "HEAD" and answer.status not in _NO_CONTENT
    said = {name.lower(): value for name, value in answer.headers}
    length = str(len(answer.body))
    is_chunked = "transfer-encoding" in said
    framed_well = not is_chunked and (not has_content or said.get("content-length", length) == length)
    keep_alive = keep_alive and framed_well and said.get("connection", "keep-alive").lower() == "keep-alive"
    headers = answer.headers
    if "date" not in said:
        headers = (*headers, ("Date", http_date(now)))
    if "content-length" not in said and not is_chunked and answer.status not in _NO_CONTENT:
        headers = (*headers, ("Content-Length", length))
    if "connection" not in said:
        headers = (*headers, _KEPT if keep_alive else _CLOSED)
    body = answer.body if has_content else b""
    return Answer(status=answer.status, reason=answer.reason, headers=headers, body=body, wire=answer.wire), keep_alive


def framed_by_its_end(answer: Answer, *, now: float) -> Answer:
    """Return an answer of unknown length as it goes onto the wire: the end of the connection is its end (RFC 9112 §6.3).

    `now` is when it was made, in seconds since the epoch.
    """
    kept = tuple(pair for pair in answer.headers if pair[0].lower() != "content-length")
    return replace(answer, headers=(*kept, ("Date", http_date(now)), _CLOSED))


_KEPT = ("Connection", "keep-alive")
_CLOSED = ("Connection", "close")


def spelled(answer: Answer) -> bytes:
    """Return the octets of an answer as it stands: status line, header fields, content."""
    lines = [f"HTTP/1.1 {answer.status} {answer.reason_phrase()}"]
    lines += [f"{name}: {value}" for name, value in answer.headers]
    head = "\r\n".join(lines) + "\r\n\r\n"
    try:
        return head.encode("latin-1") + answer.body
    except UnicodeEncodeError:
        # A fault's own text; UTF-8 is what a server that does not care would send.
        return head.encode("utf-8", "surrogateescape") + answer.body
