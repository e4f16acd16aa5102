"""Family: the members of the token document.

These faults change a token document (RFC 6749 §5.1) only: a JSON object with status 200. An error document is sent
unchanged.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, ClassVar, Literal

from oauth_gauntlet_server.faults.base import Fault, FaultContext, register, success_document, with_changed_document
from oauth_gauntlet_server.faults.parameter_types import Bounds
from oauth_gauntlet_server.http.answer import NO_STORE, Answer


@register
@dataclass(frozen=True, kw_only=True)
class TokenMember(Fault):
    """Set a member of the token document to any JSON value; an error document is sent unchanged.

    If `member` is access_token and the value is a string, the server accepts that value as a token.
    Seen: expires_in as a string (Azure AD v1, Vimeo), refresh_token null (several), token_type in unusual
    case.
    """

    name: ClassVar[str] = "token_member"

    member: str
    value: Any = None

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Return the answer with the member set, or itself if it is not a token document."""
        if self.member == "access_token" and isinstance(self.value, str):
            return renamed_token(answer, context, lambda _: str(self.value))
        return with_changed_document(answer, lambda document: {**document, self.member: self.value})


@register
@dataclass(frozen=True, kw_only=True)
class WithoutTokenMember(Fault):
    """Remove a member from the token document; an error document is sent unchanged.

    Breaks RFC 6749 §5.1 for access_token and token_type. Seen: no expires_in (Slack), no token_type
    (Facebook, formerly).
    """

    name: ClassVar[str] = "without_token_member"

    member: str

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer without the member, or itself if it is not a token document."""
        return with_changed_document(
            answer, lambda document: {name: value for name, value in document.items() if name != self.member}
        )


@register
@dataclass(frozen=True, kw_only=True)
class RenameTokenMember(Fault):
    """Send a member of the token document under another name.

    Breaks RFC 6749 §5.1. Seen: accessToken and expiresIn (camel case) from many hand-written servers, expires
    (Facebook), expires_on in addition to expires_in (Azure AD v1).
    """

    name: ClassVar[str] = "rename_token_member"

    member: str
    to: str

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the member renamed in its place, or itself if it is not a token document."""
        return with_changed_document(
            answer,
            lambda document: {self.to if name == self.member else name: value for name, value in document.items()},
        )


@register
@dataclass(frozen=True, kw_only=True)
class NestToken(Fault):
    """Wrap the token document in a member of another object, or in an array (if `member` is empty).

    Breaks RFC 6749 §5.1. Seen: {"data": {...}} (TikTok), {"authed_user": {...}} (Slack v2).
    """

    name: ClassVar[str] = "nest_token"

    member: str = "data"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the wrapped document, or itself if it is not a token document."""
        return with_changed_document(answer, lambda document: {self.member: document} if self.member else [document])


@register
@dataclass(frozen=True, kw_only=True)
class RawTokenMember(Fault):
    """Set a member of the token document to exactly this text, which need not be JSON.

    Use it for text that a JSON library does not write: ``3.6e3``, ``1e400``, ``NaN``, ``036``, a lone
    surrogate. With `keep` the document contains the member twice, the genuine one ``first`` or ``last``; RFC
    8259 §4 does not define which of the two counts. Seen: NaN from JavaScript arithmetic, duplicate members
    from servers that append to a string.
    """

    name: ClassVar[str] = "raw_token_member"

    member: str
    text: bytes
    keep: Literal["none", "first", "last"] = "none"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the text in its document, or itself if it is not a token document."""
        document = success_document(answer)
        if document is None:
            return answer
        pairs = [(name, json.dumps(value).encode()) for name, value in document.items()]
        own = (self.member, self.text)
        others = pairs if self.keep != "none" else [pair for pair in pairs if pair[0] != self.member]
        # `keep` is the place of the genuine member.
        joined = [own, *others] if self.keep == "last" else [*others, own]
        members = b", ".join(json.dumps(name).encode() + b": " + text for name, text in joined)
        return answer.with_body(b"{" + members + b"}")


@register
@dataclass(frozen=True, kw_only=True)
class LongToken(Fault):
    """Lengthen the access token to `octets`; the server accepts the longer token.

    RFC 6749 §1.4 does not limit the size. Seen: JWTs of 8 KiB and more with group claims (Azure AD), which
    some clients truncate.
    """

    name: ClassVar[str] = "long_token"

    octets: Annotated[int, Bounds(minimum=1, maximum=10**7)] = 65_536

    def transform(self, answer: Answer, context: FaultContext) -> Answer:
        """Return the answer with the longer token, or itself if it is not a token document."""
        return renamed_token(answer, context, lambda token: token.ljust(self.octets, "a"))


@register
@dataclass(frozen=True, kw_only=True)
class GrantedScope(Fault):
    """Send another scope than the genuine one: narrowed, widened, reordered or removed (RFC 6749 §3.3, §5.1).

    All of these are legal for a server; a client must look at the scope that it gets. ``narrowed`` keeps the
    first scope token only, ``widened`` adds the token `scope`. Seen: narrowed if a user unticks a box
    (Google), widened by defaults (Azure AD), reordered (most).
    """

    name: ClassVar[str] = "granted_scope"

    change: Literal["narrowed", "widened", "reordered", "removed"] = "narrowed"
    scope: str = "gauntlet_extra"

    def transform(self, answer: Answer, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return the answer with the other scope, or itself if it is not a token document."""

        def changed(document: dict[str, Any]) -> dict[str, Any]:
            tokens = str(document.get("scope", "")).split()
            if self.change == "removed":
                return {name: value for name, value in document.items() if name != "scope"}
            other = {"narrowed": tokens[:1], "widened": [*tokens, self.scope], "reordered": tokens[::-1]}[self.change]
            return {**document, "scope": " ".join(other)}

        return with_changed_document(answer, changed)


@register
@dataclass(frozen=True, kw_only=True)
class TokenResponse(Fault):
    """Answer 200 with exactly these octets as the token document; the request is not processed.

    Use it for documents that no honest server sends: duplicate members, unusual escapes, half a document.
    """

    name: ClassVar[str] = "token_response"

    body: bytes

    def instead(self, context: FaultContext) -> Answer:  # noqa: ARG002 - the same for every request
        """Return an answer with the octets and the header fields of a token response."""
        return Answer(status=200, headers=(("Content-Type", "application/json"), *NO_STORE), body=self.body)


def renamed_token(answer: Answer, context: FaultContext, rename: Callable[[str], str]) -> Answer:
    """Return the answer with another access token, which the server accepts too; itself if it is not a token document."""

    def changed(document: dict[str, Any]) -> dict[str, Any]:
        issued = str(document.get("access_token", ""))
        token = rename(issued)
        context.rename_token(issued, token)
        return {**document, "access_token": token}

    return with_changed_document(answer, changed)
