"""Family: status line, interim responses, and HTTP errors in place of the genuine answer."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import formatdate
from typing import Annotated, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.parameter_types import Bounds, FieldLines, FinalStatus
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.http.wire_steps import EditHead, SendBefore


@register
@dataclass(frozen=True, kw_only=True)
class HttpStatus(Fault):
    """Answer with any status, body and headers; the request is not processed.

    `headers` is a list of name and value pairs. A Content-Length among them is sent unchanged, even if it is
    wrong. Seen: gateways and load balancers that answer 502 or 503 with an HTML page, rate limits with 429
    and text, login pages with 200.
    """

    name: ClassVar[str] = "http_status"

    status: FinalStatus
    body: str = ""
    content_type: str | None = None
    headers: Headers = ()

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer with the given status, headers and body."""
        content_type = () if self.content_type is None else (("Content-Type", self.content_type),)
        return Answer(status=self.status, headers=(*content_type, *self.headers), body=self.body.encode())


@register
@dataclass(frozen=True, kw_only=True)
class Status(Fault):
    """Send the genuine answer with another status; the request is processed.

    Seen: 201 Created with a token (hand-written servers), 203 from a proxy that changed the answer, 400 in
    place of 401.
    """

    name: ClassVar[str] = "status"

    status: FinalStatus

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other status."""
        return answer.with_status(self.status)


@register
@dataclass(frozen=True, kw_only=True)
class RetryAfter(Fault):
    """Answer 503, 429 or another status with Retry-After (RFC 9110 §10.2.3); the request is not processed.

    `form` decides whether Retry-After contains seconds or a date; the date is in the time of the tenant's
    clock. Seen: seconds at most providers, dates at some (Akamai, older Microsoft APIs).
    """

    name: ClassVar[str] = "retry_after"

    seconds: Annotated[int, Bounds(minimum=-999_999_999, maximum=999_999_999)] = 120
    status: FinalStatus = 503
    form: Literal["seconds", "date"] = "seconds"

    def instead(self, context: FaultContext) -> Answer:
        """Return an answer with Retry-After and a text body."""
        value = str(self.seconds) if self.form == "seconds" else formatdate(context.now + self.seconds, usegmt=True)
        headers = (("Content-Type", "text/plain"), ("Retry-After", value))
        return Answer(status=self.status, headers=headers, body=b"try again later")


@register
@dataclass(frozen=True, kw_only=True)
class StatusLine(Fault):
    """Send the genuine answer with exactly this status line, correct or wrong (RFC 9112 §4).

    Seen: HTTP/1.0 from old appliances, a missing reason phrase together with the space before it (embedded
    servers), ``ICY 200 OK``.
    """

    name: ClassVar[str] = "status_line"

    line: bytes

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other status line."""
        line = self.line
        return answer.with_wire(EditHead(lambda head: line + head[head.index(b"\r\n") :]))


@register
@dataclass(frozen=True, kw_only=True)
class Interim(Fault):
    """Send `times` interim responses before the genuine answer (RFC 9110 §15.2); a client must be able to parse them.

    Seen: 103 Early Hints from CDNs, 102 from WebDAV proxies, 100 Continue without a request for it (IIS).
    """

    name: ClassVar[str] = "interim"

    status: Annotated[int, Bounds(minimum=100, maximum=199, excluded=101)] = 103
    times: Annotated[int, Bounds(minimum=1, maximum=1_000)] = 1
    headers: FieldLines = ()

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the interim responses before it."""
        fields = "".join(f"{name}: {value}\r\n" for name, value in self.headers)
        return answer.with_wire(SendBefore(f"HTTP/1.1 {self.status} Interim\r\n{fields}\r\n".encode() * self.times))
