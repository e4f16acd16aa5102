"""Family: status and headers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from oauth_gauntlet_server.answer import Answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, final_status, register
from oauth_gauntlet_server.http_request import Headers


@register
@dataclass(frozen=True, kw_only=True)
class HttpStatus(Fault):
    """Answer with any status, body and headers; the request is not processed.

    Seen: gateways and load balancers that answer 502 or 503 with an HTML page, rate limits with 429 and text, login
    pages with 200. `headers` is a list of name and value pairs; a Content-Length
    among them stands as it is, right or wrong.
    """

    name: ClassVar[str] = "http_status"

    status: int
    body: str = ""
    content_type: str | None = None
    headers: Headers = ()

    def __post_init__(self) -> None:
        final_status(self.name, self.status)

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Answer with what was given, and nothing else."""
        content_type = () if self.content_type is None else (("Content-Type", self.content_type),)
        return Answer(status=self.status, headers=(*content_type, *self.headers), body=self.body.encode())


@register
@dataclass(frozen=True, kw_only=True)
class ContentType(Fault):
    """Send the genuine answer with another Content-Type, or with none.

    Breaks RFC 6749 §5.1, which wants application/json. Seen: text/html and text/plain from hand-written servers.
    """

    name: ClassVar[str] = "content_type"

    value: str | None = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Replace the header field."""
        return answer.with_header("Content-Type", self.value)
