"""Family: header fields of the genuine answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Bounds
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_steps import CloseAfter, EditHead


@register
@dataclass(frozen=True, kw_only=True)
class ContentType(Fault):
    """Send the genuine answer with another Content-Type, or without one (null).

    Breaks RFC 6749 §5.1, which requires application/json. Seen: text/html and text/plain from hand-written
    servers, application/json with various charset parameters.
    """

    name: ClassVar[str] = "content_type"

    value: str | None = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other Content-Type."""
        return answer.with_header("Content-Type", self.value)


@register
@dataclass(frozen=True, kw_only=True)
class Header(Fault):
    """Set a header field of the genuine answer, remove it (null), or `add` it without replacing fields of that name.

    Use it for a missing or wrong Cache-Control (breaks RFC 6749 §5.1), for ETag, Set-Cookie and Vary, or for
    a second Content-Type. Seen: CDNs that add public cache headers, cookies of load balancers on token
    answers.
    """

    name: ClassVar[str] = "header"

    header: str
    value: str | None = None
    add: bool = False

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the field set, removed or added."""
        if self.add and self.value is not None:
            return replace(answer, headers=(*answer.headers, (self.header, self.value)))
        return answer.with_header(self.header, self.value)


@register
@dataclass(frozen=True, kw_only=True)
class ContentLength(Fault):
    """Send the genuine answer whole, with another Content-Length, and close; ``{length}`` becomes the true length.

    A value that is no number is invalid: RFC 9112 §6.3 (5) requires that a client discards such an answer. A
    number that is too large announces octets that never come (§8: the answer is incomplete). Seen: values with
    a sign or a unit from hand-written servers, two lengths joined by a proxy, the length before a filter.
    """

    name: ClassVar[str] = "content_length"

    value: str

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other Content-Length."""
        stated = self.value.replace("{length}", str(len(answer.body)))
        return answer.with_header("Content-Length", stated).with_header("Connection", "close").with_wire(CloseAfter())


@register
@dataclass(frozen=True, kw_only=True)
class AnnouncedClose(Fault):
    """Announce the end of the connection (Connection: close), and go on reading requests from it.

    RFC 9112 §9.6: the client has to send its next request on another connection. Seen: servers and proxies that
    close some seconds after they said so; a request that comes in between may get lost.
    """

    name: ClassVar[str] = "announced_close"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the announcement on the wire; the listener does not see it."""
        return answer.with_wire(EditHead(lambda head: head.replace(b"Connection: keep-alive", b"Connection: close")))


@register
@dataclass(frozen=True, kw_only=True)
class RawHeaders(Fault):
    """Add these octets, unchanged, after the header fields of the genuine answer; a missing CRLF at the end is added.

    Use it for lines that HTTP libraries refuse to send: folded fields (RFC 9112 §5.2), a space before the
    colon, no colon, NUL, bare CR. Seen: folded fields from old proxies, values in UTF-8 and Latin-1.
    """

    name: ClassVar[str] = "raw_headers"

    octets: bytes

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the octets after its header fields."""
        octets = self.octets if self.octets.endswith(b"\r\n") else self.octets + b"\r\n"
        return answer.with_wire(EditHead(lambda head: head[:-2] + octets + b"\r\n"))


@register
@dataclass(frozen=True, kw_only=True)
class HugeHeaders(Fault):
    """Add `fields` header fields, each with a value of `octets`, to the genuine answer.

    Clients limit how much they read: Node 16 KiB in all, Python's http.client 100 fields of 64 KiB.
    Seen: gateways that add tracing and policy fields, cookies that grow.
    """

    name: ClassVar[str] = "huge_headers"

    fields: Annotated[int, Bounds(minimum=1, maximum=5_000)] = 1
    octets: Annotated[int, Bounds(minimum=1, maximum=200_000)] = 70_000

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer, to which the fields are added on the wire; the journal shows it without them."""
        added = b"".join(b"X-Huge-%d: %b\r\n" % (number, b"h" * self.octets) for number in range(self.fields))
        return answer.with_wire(EditHead(lambda head: head[:-2] + added + b"\r\n"))
