"""Family: the members of the token document. An error document is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register
from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.http.answer import NO_STORE, Answer


@register
@dataclass(frozen=True, kw_only=True)
class TokenMember(Fault):
    """Set a member of the token document to any JSON value; an error document is left alone.

    An access token that is a string is known to the server under that name, so that it works.
    Seen: expires_in as a string (Azure AD v1, Vimeo), refresh_token null (several), token_type in odd case.
    """

    name: ClassVar[str] = "token_member"

    member: str
    value: Any = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Set the member where the answer is a token document."""
        if self.member == "access_token" and isinstance(self.value, str):
            return renamed_token(answer, context, lambda _: str(self.value))
        return reshaped(answer, lambda document: {**document, self.member: self.value})


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
        return reshaped(answer, lambda document: {name: value for name, value in document.items() if name != self.member})


@register
@dataclass(frozen=True, kw_only=True)
class RenameTokenMember(Fault):
    """Send a member of the token document under another name.

    Breaks RFC 6749 §5.1. Seen: accessToken and expiresIn (camel case) from many hand-written servers, expires (Facebook),
    expires_on beside expires_in (Azure AD v1).
    """

    name: ClassVar[str] = "rename_token_member"

    member: str
    to: str

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Rename in place."""
        return reshaped(
            answer,
            lambda document: {self.to if name == self.member else name: value for name, value in document.items()},
        )


@register
@dataclass(frozen=True, kw_only=True)
class NestToken(Fault):
    """Wrap the token document into a member of another object, or into an array (empty `member`).

    Breaks RFC 6749 §5.1. Seen: {"data": {...}} (TikTok), {"authed_user": {...}} (Slack v2).
    """

    name: ClassVar[str] = "nest_token"

    member: str = "data"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Wrap the document."""
        return reshaped(answer, lambda document: {self.member: document} if self.member else [document])


@register
@dataclass(frozen=True, kw_only=True)
class RawTokenMember(Fault):
    """Set a member of the token document to JSON text as it stands here, or to what is no JSON at all.

    For what a JSON library does not write: ``3.6e3``, ``1e400``, ``NaN``, ``036``, a lone surrogate. With `keep` the member
    that is there stays, so that it is there twice; RFC 8259 §4 leaves open which counts. Seen: NaN from JavaScript
    arithmetic, duplicate members from servers that append to a string.
    """

    name: ClassVar[str] = "raw_token_member"

    member: str
    text: bytes
    keep: Literal["none", "first", "last"] = "none"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Join the document by hand."""
        document = token_document(answer)
        if document is None:
            return answer
        pairs = [(name, json.dumps(value).encode()) for name, value in document.items()]
        own = (self.member, self.text)
        others = pairs if self.keep != "none" else [pair for pair in pairs if pair[0] != self.member]
        # `keep` says which of the two is the genuine one.
        joined = [own, *others] if self.keep == "last" else [*others, own]
        members = b", ".join(json.dumps(name).encode() + b": " + text for name, text in joined)
        return answer.with_body(b"{" + members + b"}")


@register
@dataclass(frozen=True, kw_only=True)
class LongToken(Fault):
    """Make the access token so many characters long; the server knows it, so that it works.

    RFC 6749 §1.4 leaves the size open. Seen: JWTs of 8 KiB and more with group claims (Azure AD), which some clients cut.
    """

    name: ClassVar[str] = "long_token"

    octets: int = 65_536

    def __post_init__(self) -> None:
        if not 1 <= self.octets <= 10**7:
            raise FaultError(f"fault {self.name}: octets lies between 1 and 10^7, got {self.octets}")

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Lengthen the token where the answer is a token document."""
        return renamed_token(answer, context, lambda token: token.ljust(self.octets, "a"))


@register
@dataclass(frozen=True, kw_only=True)
class GrantedScope(Fault):
    """Say another scope than was asked for: narrowed, widened, in another order, or none (RFC 6749 §3.3, §5.1).

    All are legal for a server; a client has to look. `scope` is the token added or kept. Seen: narrowed where a user
    unticks a box (Google), widened by defaults (Azure AD), reordered (most).
    """

    name: ClassVar[str] = "granted_scope"

    change: Literal["narrowed", "widened", "reordered", "removed"] = "narrowed"
    scope: str = "gauntlet_extra"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - whatever the request was
        """Change the member scope."""

        def changed(document: dict[str, Any]) -> dict[str, Any]:
            tokens = str(document.get("scope", "")).split()
            if self.change == "removed":
                return {name: value for name, value in document.items() if name != "scope"}
            other = {"narrowed": tokens[:1], "widened": [*tokens, self.scope], "reordered": tokens[::-1]}[self.change]
            return {**document, "scope": " ".join(other)}

        return reshaped(answer, changed)


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


def token_document(answer: Answer) -> dict[str, Any] | None:
    """Return the token document of an answer: one of status 200 (RFC 6749 §5.1); any other holds nothing to misshape."""
    return answer.document() if answer.status == 200 else None


def reshaped(answer: Answer, change: Callable[[dict[str, Any]], Any]) -> Answer:
    """Return the answer with its token document changed; the answer itself where it holds none."""
    document = token_document(answer)
    return answer if document is None else answer.with_body(json.dumps(change(document)).encode())


def renamed_token(answer: Answer, context: FaultContext, rename: Callable[[str], str]) -> Answer:
    """Return the answer with another access token, which the server knows as well; itself where it holds no document."""

    def changed(document: dict[str, Any]) -> dict[str, Any]:
        issued = str(document.get("access_token", ""))
        token = rename(issued)
        context.rename_token(issued, token)
        return {**document, "access_token": token}

    return reshaped(answer, changed)
