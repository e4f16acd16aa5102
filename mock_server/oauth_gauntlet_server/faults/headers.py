"""Family: header fields of the genuine answer."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import ClassVar

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.wire_steps import EditHead


@register
@dataclass(frozen=True, kw_only=True)
class ContentType(Fault):
    """Send the genuine answer with another Content-Type, or with none.

    Breaks RFC 6749 §5.1, which wants application/json. Seen: text/html and text/plain from hand-written servers,
    application/json with all kinds of charset.
    """

    name: ClassVar[str] = "content_type"

    value: str | None = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Replace the header field."""
        return answer.with_header("Content-Type", self.value)


@register
@dataclass(frozen=True, kw_only=True)
class Header(Fault):
    """Set a header field of the genuine answer, remove it (null), or `add` one beside what is there.

    For Cache-Control missing or wrong (breaks RFC 6749 §5.1), ETag, Set-Cookie, Vary, a second Content-Type. Seen:
    public cache headers put on by CDNs, cookies of load balancers on token answers.
    """

    name: ClassVar[str] = "header"

    header: str
    value: str | None = None
    add: bool = False

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Change the one field."""
        if self.add and self.value is not None:
            return replace(answer, headers=(*answer.headers, (self.header, self.value)))
        return answer.with_header(self.header, self.value)


@register
@dataclass(frozen=True, kw_only=True)
class RawHeaders(Fault):
    """Put these octets among the header fields of the genuine answer: each line as it stands, each ended by CRLF.

    For what no library lets through: folded fields (RFC 9112 §5.2), space before the colon, no colon, NUL, bare CR.
    Seen: folded fields from old proxies, octets of UTF-8 and Latin-1 in values.
    """

    name: ClassVar[str] = "raw_headers"

    octets: bytes

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Put them behind the fields that are there."""
        octets = self.octets if self.octets.endswith(b"\r\n") else self.octets + b"\r\n"
        return answer.with_wire(EditHead(lambda head: head[:-2] + octets + b"\r\n"))


@register
@dataclass(frozen=True, kw_only=True)
class HugeHeaders(Fault):
    """Add so many header fields, of so many octets each, to the genuine answer.

    Clients bound what they read: Node 16 KiB, Python's http.client 100 fields of 64 KiB. Seen: gateways that add tracing
    and policy fields, cookies that grow.
    """

    name: ClassVar[str] = "huge_headers"

    fields: int = 1
    octets: int = 70_000

    def __post_init__(self) -> None:
        if self.fields < 1 or self.octets < 1 or self.fields * self.octets > 10**8:
            raise FaultError(f"fault {self.name}: fields and octets are at least 1, and at most 10^8 octets in all")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Add them on the wire: the record shows the answer without."""
        added = b"".join(b"X-Huge-%d: %b\r\n" % (number, b"h" * self.octets) for number in range(self.fields))
        return answer.with_wire(EditHead(lambda head: head[:-2] + added + b"\r\n"))
