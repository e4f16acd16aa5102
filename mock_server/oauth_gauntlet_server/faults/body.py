"""Family: the body, whatever it means."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.http.answer import NO_STORE, Answer
from oauth_gauntlet_server.http.wire_steps import EditHead, EndlessAfter

MOST_ENDLESS = 4 * 1024**3
"""Octets after which an endless body ends all the same: nothing of ours runs for ever."""


@register
@dataclass(frozen=True, kw_only=True)
class Body(Fault):
    """Send the genuine answer with another body; the request is processed, and status and headers stay.

    Seen: proxies that append to a body or put their own page into it, servers with a debugging line before the JSON.
    """

    name: ClassVar[str] = "body"

    content: bytes

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Replace the body."""
        return answer.with_body(self.content)


@register
@dataclass(frozen=True, kw_only=True)
class BodyAround(Fault):
    """Put octets before and behind the genuine body.

    Seen: ``)]}',`` before JSON (Google's guard against script inclusion), a PHP warning before it, a line of HTML that a
    proxy appends, a second document behind the first.
    """

    name: ClassVar[str] = "body_around"

    before: bytes = b""
    after: bytes = b""

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Add them."""
        return answer.with_body(self.before + answer.body + self.after)


@register
@dataclass(frozen=True, kw_only=True)
class DeepBody(Fault):
    """Answer 200 with JSON nested so deep; the request is not processed.

    A parser that recurses without a limit dies of it (RFC 8259 §9 lets a parser limit the depth). For documents that no
    honest server makes. `kind` says what is nested; the member access_token stands beside.
    """

    name: ClassVar[str] = "deep_body"

    depth: int = 10_000
    kind: Literal["array", "object"] = "array"

    def __post_init__(self) -> None:
        if not 1 <= self.depth <= 10**6:
            raise FaultError(f"fault {self.name}: depth lies between 1 and 10^6, got {self.depth}")

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Answer with the nest."""
        opening, closing = (b"[", b"]") if self.kind == "array" else (b'{"a":', b"}")
        inner = b"" if self.kind == "array" else b"null"
        nest = opening * self.depth + inner + closing * self.depth
        body = b'{"access_token": "deep", "token_type": "Bearer", "expires_in": 3600, "nest": ' + nest + b"}"
        return Answer(status=200, headers=(("Content-Type", "application/json"), *NO_STORE), body=body)


@register
@dataclass(frozen=True, kw_only=True)
class LargeBody(Fault):
    """Make the genuine body so many octets long, by white space behind it or inside of it, or by one more member.

    A client has to bound what it reads. Seen: debug output, user profiles inside token answers.
    """

    name: ClassVar[str] = "large_body"

    octets: int = 10_000_000
    by: Literal["member", "space", "inner-space"] = "member"

    def __post_init__(self) -> None:
        if not 1 <= self.octets <= 10**9:
            raise FaultError(f"fault {self.name}: octets lies between 1 and 10^9, got {self.octets}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Pad on the way out."""
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
    """Send the genuine answer without a length, and go on behind its body with these octets for ever.

    For documents that no honest server makes; only a limit of size or time ends it (after `most` octets we do). By default
    white space, so that the document stays valid.
    """

    name: ClassVar[str] = "endless_body"

    octets: bytes = b" "
    most: int = MOST_ENDLESS

    def __post_init__(self) -> None:
        if not self.octets:
            raise FaultError(f"fault {self.name}: octets is not empty")
        if not 0 <= self.most <= MOST_ENDLESS:
            raise FaultError(f"fault {self.name}: most lies between 0 and {MOST_ENDLESS}, got {self.most}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Take the length out of the head, and never end."""
        return (
            answer.with_header("Connection", "close")
            .with_wire(EditHead(_without_length))
            .with_wire(EndlessAfter(self.octets, self.most))
        )


@register
@dataclass(frozen=True, kw_only=True)
class UntilClose(Fault):
    """Send the genuine answer without a length; the end of the connection is its end (RFC 9112 §6.3, last rule).

    Legal, and a client cannot tell a whole answer from a part of one but by its JSON. Seen: HTTP/1.0 servers, CGI.
    """

    name: ClassVar[str] = "until_close"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Take the length out of the head."""
        return answer.with_header("Connection", "close").with_wire(EditHead(_without_length))


def _without_length(head: bytes) -> bytes:
    lines = head.split(b"\r\n")
    return b"\r\n".join(line for line in lines if not line.lower().startswith(b"content-length:"))
