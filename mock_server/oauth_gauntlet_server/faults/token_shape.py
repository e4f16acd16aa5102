"""Family: the token document and the body that holds it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from oauth_gauntlet_server.answer import NO_STORE, Answer
from oauth_gauntlet_server.faults.base import Fault, FaultContext, register


@register
@dataclass(frozen=True, kw_only=True)
class TokenMember(Fault):
    """Set a member of the token document to any JSON value; an error document is left alone.

    Seen: expires_in as a string (Azure AD v1, Vimeo), refresh_token null (several), token_type in odd case.
    """

    name: ClassVar[str] = "token_member"

    member: str
    value: Any = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Set the member where the answer is a token document."""
        document = _token_document(answer)
        if document is None:
            return answer
        return answer.with_body(json.dumps({**document, self.member: self.value}).encode())


@register
@dataclass(frozen=True, kw_only=True)
class WithoutTokenMember(Fault):
    """Leave a member out of the token document; an error document is left alone.

    Breaks RFC 6749 §5.1 for access_token and token_type. Seen: no expires_in (Slack), no token_type (Facebook once).
    """

    name: ClassVar[str] = "without_token_member"

    member: str

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Remove the member where the answer is a token document."""
        document = _token_document(answer)
        if document is None:
            return answer
        document.pop(self.member, None)
        return answer.with_body(json.dumps(document).encode())


@register
@dataclass(frozen=True, kw_only=True)
class TokenResponse(Fault):
    """Answer 200 with exactly these octets as the token document; the request is not processed.

    For documents that no honest server makes: duplicate members, odd escapes, half a document.
    """

    name: ClassVar[str] = "token_response"

    body: bytes

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Answer with the octets, labelled as a token response should be."""
        return Answer(status=200, headers=(("Content-Type", "application/json"), *NO_STORE), body=self.body)


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


def _token_document(answer: Answer) -> dict[str, Any] | None:
    # RFC 6749 §5.1: a token response has status 200; any other answer holds no token to misshape.
    return answer.document() if answer.status == 200 else None
