"""Freedoms in reading a token response."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from oauth_gauntlet.protocol import Token
from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.freedoms.free import Free


class OddLifetimeRefused(Free):
    """Rejects a response if its expires_in is no number of seconds."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            found = super().expires_in(document)
            if found is None and document.get("expires_in") is not None:
                raise protocol_error("expires_in is no number of seconds")
            return found


class UnknownMembersDropped(Free):
    """Returns only the members that RFC 6749 names (§5.1: the client MUST ignore the rest)."""

    class Responses(TokenResponseReader):
        def extra(self, document: Any) -> Any:
            return {}


class LongTokenRefused(Free):
    """Rejects an access token of more than 32 KiB: no request could carry it (RFC 6749 §5.1 leaves sizes undefined)."""

    # No scenario has such a value: this shows that the usual ones pass.
    reached_by = ("is_fresh",)

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            found = super().access_token(document)
            if len(found) > 32 * 1024:
                raise protocol_error("an access token that no request can carry")
            return found


class CreatedTaken(Free):
    """Also treats 201 as a success."""

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status in {200, 201}


class NullRefreshTokenRefused(Free):
    """Rejects a response with a null or empty refresh token: RFC 6749 §5.1 does not allow it."""

    class Responses(TokenResponseReader):
        def refresh_token(self, document: Any) -> str | None:
            if not document.get("refresh_token", "absent"):
                raise protocol_error("refresh_token is no token")
            return super().refresh_token(document)


class ByteOrderMarkRefused(Free):
    """Treats a byte order mark as an error (RFC 8259 §8.1: a parser MAY ignore it)."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            return None if body.startswith(b"\xef\xbb\xbf") else super().document(body)


class OnlyB64Tokens(Free):
    """Rejects a bearer token that is no b64token: it could not send it (RFC 6750 §2.1)."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            token = super().access_token(document)
            if not re.fullmatch(r"[A-Za-z0-9._~+/-]+=*", token):
                raise protocol_error("the access token is no b64token")
            return token


class NumericTokenTaken(Free):
    """Takes the digits of a whole number as the access token (RFC 6749 §5.1 makes the server send a string)."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            value = document.get("access_token")
            return str(value) if isinstance(value, int) and not isinstance(value, bool) else super().access_token(document)


class OtherScopeRefused(Free):
    """Rejects a token with another scope than the requested one (RFC 6749 §3.3 only makes the server tell it)."""

    reached_by = ("another scope",)

    def ask(self, grant: Any) -> Any:
        granted = super().ask(grant)
        configuration, _ = self._ready()
        if granted.scope and configuration.scope and set(granted.scope.split(" ")) != set(configuration.scope.split(" ")):
            raise protocol_error("another scope was granted")
        return granted


class ScopeListRead(Free):
    """Reads a scope that is an array of strings, or separated by commas, as several scopes."""

    class Responses(TokenResponseReader):
        def read(self, response: Any) -> Any:
            granted = super().read(response)
            scope = (self.document(response.body) or {}).get("scope")
            parts = scope.split(",") if isinstance(scope, str) else scope
            if isinstance(parts, list) and parts and all(isinstance(each, str) for each in parts):
                return replace(granted, scope=" ".join(parts))
            return granted


class TokenTypeCheckedAtUse(Free):
    """Returns a token of any type, and reports an error when it would have to use one that is not Bearer (RFC 6749 §7.1)."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            value = document.get("token_type")
            return value if isinstance(value, str) and value else super().token_type(document)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Any:
        if (token.token_type or "").lower() != "bearer":
            raise protocol_error("a token of this type cannot be used")
        return super().send_with(token, method, url, headers, body)


class NulRefused(Free):
    """Rejects a document with U+0000 in a string, as Jansson does (RFC 8259 §9: limits on the contents of strings)."""

    # No scenario has such a value: this shows that the usual ones pass.
    reached_by = ("is_fresh",)

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            return None if b"\\u0000" in body else super().document(body)


class EmptyScopeShown(Free):
    """Shows an empty scope if the response has none, as languages without null do."""

    def exposed(self, held: Any) -> Token:
        token = super().exposed(held)
        return replace(token, scope=token.scope or "")


class LifetimeLessATenthShown(Free):
    """Shows nine tenths of the lifetime: the rest is its leeway."""

    def exposed(self, held: Any) -> Token:
        token = super().exposed(held)
        if token.expires_in is None or token.expires_at is None:
            return token
        leeway = token.expires_in / 10
        return replace(token, expires_in=token.expires_in - leeway, expires_at=token.expires_at - leeway)
