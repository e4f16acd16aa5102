"""Read the response of the token endpoint: return a grant, or raise an error of a documented kind."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass, field

from oauth_gauntlet.protocol import JSON, JSONObject
from oauth_gauntlet.reference.errors import oauth_error, protocol_error, transport_error
from oauth_gauntlet.reference.transport import Response

KNOWN = frozenset({"access_token", "token_type", "expires_in", "refresh_token", "scope"})

MOST_LIFETIME_S = 10 * 365 * 86_400
"""The longest lifetime in seconds; longer ones are cut, so that no clock arithmetic overflows."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Grant:
    """The content of a successful response. `expires_in` is in seconds; None if it is absent or not a valid number."""

    access_token: str = field(repr=False)
    token_type: str
    expires_in: float | None
    refresh_token: str | None = field(repr=False)
    scope: str | None
    extra: JSONObject = field(repr=False)


class TokenResponseReader:
    """Reads token responses. Each decision is a separate method."""

    def read(self, response: Response) -> Grant:
        """Return the grant of a response.

        Raises:
            ClientFailure: kind oauth for an OAuth error response, transport for any other status than 200, protocol for
                a status 200 without a valid token.
        """
        document = self.document(response.body)
        if not self.is_success(response.status):
            raise self.failure(response, document)
        if document is None:
            raise protocol_error("the response is not a JSON object", response.status)
        self.refuse_error(document, response)
        return Grant(
            access_token=self.access_token(document),
            token_type=self.token_type(document),
            expires_in=self.expires_in(document),
            refresh_token=self.refresh_token(document),
            scope=self.text_or_none(document.get("scope")),
            extra=self.extra(document),
        )

    def is_success(self, status: int) -> bool:
        """Return whether the status is 200 (RFC 6749 §5.1)."""
        return status == 200

    def document(self, body: bytes) -> JSONObject | None:
        """Return the body as a JSON object, or None; a byte order mark is ignored (RFC 8259 §8.1)."""
        try:
            value = json.loads(body.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
        except (ValueError, RecursionError):
            return None
        return value if isinstance(value, dict) else None

    def failure(self, response: Response, document: JSONObject | None) -> Exception:
        """Return the error of a response with another status than 200."""
        code = self.error_code(document)
        # 5xx means that the server failed, whatever the body contains: the grant was not rejected.
        if code is not None and response.status < 500:
            assert document is not None
            return oauth_error(
                code=code,
                description=self.text_or_none(document.get("error_description")),
                uri=self.text_or_none(document.get("error_uri")),
                status=response.status,
            )
        detail = f", error {code}" if code else ""
        return transport_error(
            f"the token endpoint answered HTTP {response.status}{detail}", response.status, response.retry_after_s()
        )

    def refuse_error(self, document: JSONObject, response: Response) -> None:
        """Reject an error document with status 200, which some servers send."""
        if "error" in document:
            raise self.failure_of_success(document, response)

    def failure_of_success(self, document: JSONObject, response: Response) -> Exception:
        """Return the error of an error document with status 200."""
        code = self.error_code(document)
        if code is None:
            return protocol_error("the response has a member error that is not a string", response.status)
        return oauth_error(
            code=code,
            description=self.text_or_none(document.get("error_description")),
            uri=self.text_or_none(document.get("error_uri")),
            status=response.status,
        )

    def error_code(self, document: JSONObject | None) -> str | None:
        """Return the error code, if it is a non-empty string."""
        code = None if document is None else document.get("error")
        return code if isinstance(code, str) and code else None

    def access_token(self, document: JSONObject) -> str:
        """Return the access token: an opaque non-empty string (RFC 6749 §5.1)."""
        value = document.get("access_token")
        if not isinstance(value, str) or not value:
            raise protocol_error("the response has no access_token")
        return value

    def token_type(self, document: JSONObject) -> str:
        """Return the token type; only Bearer is supported, case-insensitively (RFC 6749 §5.1, §7.1)."""
        value = document.get("token_type")
        if not isinstance(value, str) or value.lower() != "bearer":
            raise protocol_error(f"the token_type {value!r} is not supported; only Bearer is")
        return value

    def expires_in(self, document: JSONObject) -> float | None:
        """Return the lifetime in seconds; None if it is absent or not a number of seconds."""
        value = document.get("expires_in")
        if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) <= 20:
            value = int(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return None
        if isinstance(value, float) and not math.isfinite(value):
            return None
        if value < 0:
            return None
        return min(value, MOST_LIFETIME_S)

    def refresh_token(self, document: JSONObject) -> str | None:
        """Return the refresh token; null and the empty string count as absent."""
        return self.text_or_none(document.get("refresh_token"))

    def text_or_none(self, value: JSON) -> str | None:
        """Return a non-empty string, or None."""
        return value if isinstance(value, str) and value else None

    def extra(self, document: JSONObject) -> JSONObject:
        """Return the members that RFC 6749 does not name."""
        return {name: value for name, value in document.items() if name not in KNOWN}
