"""`Answer`: a response of the server as a value, to which faults are applied before it is sent."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from oauth_gauntlet_server.http.http_request import MOST_RAW, Headers, RecordedResponse, first_value
from oauth_gauntlet_server.http.wire_plan import ByteStream, WireStep

NO_STORE: Headers = (("Cache-Control", "no-store"), ("Pragma", "no-cache"))
"""RFC 6749 §5.1 requires these header fields in every response that contains tokens."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """Status, headers and body, and the wire steps for sending them.

    `stream` replaces the body of an answer that is made while it is sent; the sender closes it.
    """

    status: int
    headers: Headers = ()
    body: bytes = b""
    reason: str = ""
    wire: tuple[WireStep, ...] = ()
    stream: ByteStream | None = None

    def header(self, name: str) -> str | None:
        """Return the value of the first header field of that name, or None."""
        return first_value(self.headers, name)

    def with_header(self, name: str, value: str | None) -> Answer:
        """Return the answer with exactly one header field of that name, or without it if `value` is None."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=kept if value is None else (*kept, (name, value)))

    def with_status(self, status: int) -> Answer:
        """Return the answer with another status and the reason phrase of that status."""
        return replace(self, status=status, reason="")

    def with_body(self, body: bytes) -> Answer:
        """Return the answer with another body. Content-Length is removed, so that `framed` adds the right one."""
        return replace(self.with_header("Content-Length", None), body=body)

    def with_wire(self, step: WireStep) -> Answer:
        """Return the answer with one more wire step, which is applied after the others."""
        return replace(self, wire=(*self.wire, step))

    def document(self) -> dict[str, Any] | None:
        """Return the body parsed as a JSON object, or None if it is anything else."""
        try:
            value = json.loads(self.body)
        except ValueError:
            return None
        return value if isinstance(value, dict) else None

    def reason_phrase(self) -> str:
        """Return the reason phrase to send."""
        if self.reason:
            return self.reason
        try:
            return HTTPStatus(self.status).phrase
        except ValueError:
            return "Unknown"

    def recorded(self, raw: bytes = b"") -> RecordedResponse:
        """Return the answer as a recorded response; `raw` contains the octets that are written."""
        return RecordedResponse(
            status=self.status,
            reason=self.reason_phrase(),
            headers=self.headers,
            body=self.body,
            raw=raw[:MOST_RAW],
            truncated=len(raw) > MOST_RAW,
        )


def json_answer(status: int, document: Mapping[str, Any], headers: Headers = NO_STORE) -> Answer:
    """Return an answer with a JSON document.

    The media type has no charset parameter: RFC 8259 §11 defines none, although the examples of RFC 6749 show one.
    """
    return Answer(
        status=status,
        headers=(("Content-Type", "application/json"), *headers),
        body=json.dumps(document).encode(),
    )
