"""Bugs in reading members with a wrong type or an empty value."""

from typing import Any

from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.bugs.broken import Broken


class MembersTakenForText(Broken):
    """Assumes that scope, error and refresh_token are strings."""

    seen_in = ("manfredsteyer/angular-oauth2-oidc#687", "nxtbgthng/OAuth2Client#196", "IBM/mcp-context-forge#4594")

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            for name in ("scope", "error", "refresh_token"):
                if document is not None and name in document:
                    document[name].strip()
            return document


class EmptyScopeCrashes(Broken):
    """Crashes if scope or error is an empty string."""

    seen_in = ("CZ-NIC/pyoidc#389", "polyvariant/sttp-oauth2#488")

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            for name in ("scope", "error"):
                if document is not None and document.get(name) == "":
                    raise IndexError(name)
            return document


class OddRefreshTokenKept(Broken):
    """Converts a refresh token of any type with str(), and keeps it."""

    seen_in = ("decocms/studio#6083", "decocms/studio#6081")

    class Responses(TokenResponseReader):
        def refresh_token(self, document: Any) -> str | None:
            value = document.get("refresh_token")
            return str(value) if value else None


class RefreshTokenSentRaw(Broken):
    """Writes the refresh token into the body without encoding it."""

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return "&".join(
                f"{self.encoded(name)}={value if name == 'refresh_token' else self.encoded(value)}" for name, value in pairs
            ).encode()
