"""Freedoms in what is made of an answer."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.freedoms.free import Free


class OddLifetimeRefused(Free):
    """Refuses an answer whose expires_in is no number of seconds."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            found = super().expires_in(document)
            if found is None and document.get("expires_in") is not None:
                raise protocol_error("expires_in is no number of seconds")
            return found


class UnknownMembersDropped(Free):
    """Hands on what RFC 6749 names, and nothing else (§5.1: the client MUST ignore the rest)."""

    class Responses(TokenResponseReader):
        def extra(self, document: Any) -> Any:
            return {}


class CreatedTaken(Free):
    """Takes 201 for a success too."""

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status in {200, 201}


class NullRefreshTokenRefused(Free):
    """Refuses an answer whose refresh token is null or empty: RFC 6749 §5.1 knows no such thing."""

    class Responses(TokenResponseReader):
        def refresh_token(self, document: Any) -> str | None:
            if not document.get("refresh_token", "absent"):
                raise protocol_error("refresh_token is no token")
            return super().refresh_token(document)


class ByteOrderMarkRefused(Free):
    """Takes a byte order mark for an error (RFC 8259 §8.1: a parser MAY ignore it)."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            return None if body.startswith(b"\xef\xbb\xbf") else super().document(body)
