"""Family: the body of the answer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Bounds, SomeOctets
from oauth_gauntlet_server.http.answer import NO_STORE, Answer
from oauth_gauntlet_server.http.wire_steps import EditHead, EndlessAfter

MOST_ENDLESS = 4 * 1024**3
"""After this many octets an endless body ends nevertheless, so that no thread of the server runs forever."""


@register
@dataclass(frozen=True, kw_only=True)
class Body(Fault):
    """Send the genuine answer with another body; the request is processed, and status and headers stay.

    Seen: proxies that append to a body or replace it by their own page, servers that print a debugging line
    before the JSON.
    """

    name: ClassVar[str] = "body"

    content: bytes

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other body."""
        return answer.with_body(self.content)


@register
@dataclass(frozen=True, kw_only=True)
class BodyAround(Fault):
    """Send the genuine answer with octets added before and after its body.

    Seen: ``)]}',`` before JSON (Google's guard against script inclusion), a PHP warning before it, a line of
    HTML that a proxy appends, a second JSON document after the first.
    """

    name: ClassVar[str] = "body_around"

    before: bytes = b""
    after: bytes = b""

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the octets around its body."""
        return answer.with_body(self.before + answer.body + self.after)


@register
@dataclass(frozen=True, kw_only=True)
class DeepBody(Fault):
    """Answer 200 with JSON that is nested `depth` levels deep; the request is not processed.

    A parser that recurses without a limit crashes (RFC 8259 §9 allows a parser to limit the depth). No honest
    server sends such documents. `kind` is what is nested; the document also contains an access_token.
    """

    name: ClassVar[str] = "deep_body"

    depth: Annotated[int, Bounds(minimum=1, maximum=10**6)] = 10_000
    kind: Literal["array", "object"] = "array"

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer with the nested document."""
        opening, closing = (b"[", b"]") if self.kind == "array" else (b'{"a":', b"}")
        inner = b"" if self.kind == "array" else b"null"
        nest = opening * self.depth + inner + closing * self.depth
        body = b'{"access_token": "deep", "token_type": "Bearer", "expires_in": 3600, "nest": ' + nest + b"}"
        return Answer(status=200, headers=(("Content-Type", "application/json"), *NO_STORE), body=body)


@register
@dataclass(frozen=True, kw_only=True)
class LargeBody(Fault):
    """Send the genuine answer with its body enlarged to `octets`.

    `by`: ``member`` (one more member of the document), ``space`` (white space after the body),
    ``inner-space`` (white space before its last brace). A client must limit how much it reads. Seen: debug
    output, user profiles inside token answers.
    """

    name: ClassVar[str] = "large_body"

    octets: Annotated[int, Bounds(minimum=1, maximum=10**9)] = 10_000_000
    by: Literal["member", "space", "inner-space"] = "member"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the enlarged body, or itself if its body is large enough already."""
        missing = self.octets - len(answer.body)
        if missing <= 0:
            return answer
        if self.by == "space" or not answer.body.endswith(b"}"):
            return answer.with_body(answer.body + b" " * missing)
        if self.by == "inner-space":
            return answer.with_body(answer.body[:-1] + b" " * missing + b"}")
        start = answer.body[:-1] + b', "padding": "'
        return answer.with_body(start + b"p" * max(0, self.octets - len(start) - 2) + b'"}')


@register
@dataclass(frozen=True, kw_only=True)
class EndlessBody(Fault):
    """Send the genuine answer without Content-Length, and repeat `octets` after its body without end.

    No honest server sends such documents. Only the client's limit of size or time ends the answer; after
    `most` octets this server closes the connection. The default octets are white space, so that the document
    stays valid JSON.
    """

    name: ClassVar[str] = "endless_body"

    octets: SomeOctets = b" "
    most: Annotated[int, Bounds(minimum=0, maximum=MOST_ENDLESS)] = MOST_ENDLESS

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer without Content-Length, followed by the endless octets."""
        return (
            answer.with_header("Connection", "close")
            .with_wire(EditHead(_without_length))
            .with_wire(EndlessAfter(self.octets, self.most))
        )


@register
@dataclass(frozen=True, kw_only=True)
class UntilClose(Fault):
    """Send the genuine answer without Content-Length; the end of the connection ends the body (RFC 9112 §6.3, last rule).

    This is legal. Only the JSON shows a client whether the answer is complete. Seen: HTTP/1.0 servers, CGI.
    """

    name: ClassVar[str] = "until_close"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer without Content-Length."""
        return answer.with_header("Connection", "close").with_wire(EditHead(_without_length))


def _without_length(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"content-length:"))
