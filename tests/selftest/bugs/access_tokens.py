"""Bugs with access tokens that are no strings, or that look encoded."""

import html
import json
from typing import Any
from urllib.parse import unquote

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.resource import sent_unchecked


class AnyTokenTaken(Broken):
    """Checks that access_token is present, and nothing else: an object or null becomes the token."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> Any:
            return document["access_token"] if "access_token" in document else super().access_token(document)


class BooleansTaken(Broken):
    """Converts a boolean access_token with str()."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            value = document.get("access_token")
            return str(value).lower() if isinstance(value, bool) else super().access_token(document)


class NumbersAsDoubles(Broken):
    """Converts a numeric access_token to a double, and writes that one."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            value = document.get("access_token")
            number = isinstance(value, int | float) and not isinstance(value, bool)
            return repr(float(value)) if number else super().access_token(document)


class _Changed(Broken):
    """Changes the access token."""

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            return self.changed(super().access_token(document))

        def changed(self, token: str) -> str:
            return token


class TokenPercentDecoded(_Changed):
    """Percent-decodes the access token."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return unquote(token)


class TokenFormDecoded(_Changed):
    """Replaces plus signs in the access token by blanks."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return token.replace("+", " ")


class TokenUnescapedForHtml(_Changed):
    """Decodes HTML entities in the access token."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return html.unescape(token)


class TokenUnescapedAgain(_Changed):
    """Decodes backslash escapes in the access token once more after the JSON parser."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return token.encode("ascii", "backslashreplace").decode("unicode_escape") if "\\" in token else token


class TokenUnquoted(_Changed):
    """Removes quotation marks around the access token."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return token.strip("\"'")


class TokenWithoutPadding(_Changed):
    """Removes equals signs at the end of the access token."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return token.rstrip("=")


class TokenWithoutDots(_Changed):
    """Removes dots at the end of the access token: an empty signature of a JWT."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return token.rstrip(".")


class TokenBlanksCollapsed(_Changed):
    """Collapses blanks within the access token."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return " ".join(token.split())


class TokenDigitsAsDouble(_Changed):
    """Keeps an access token of digits as a number."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            return f"{float(token):.0f}" if token.isdigit() else token


class TokenStoredAsJson(_Changed):
    """Keeps the access token in a store that reads every value as JSON if it can."""

    class Responses(_Changed.Responses):
        def changed(self, token: str) -> str:
            try:
                return str(json.loads(token))
            except ValueError:
                return token


class TokenEncodedForUrl(Broken):
    """Percent-encodes the access token in the Authorization header."""

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        value = token.access_token.replace("+", "%2B").replace("/", "%2F").replace("=", "%3D")
        return transport.send(method, url, {**headers, "Authorization": f"Bearer {value}"}, body)


class SchemeOfTokenType(Broken):
    """Uses any token_type as the scheme of the Authorization header (as golang.org/x/oauth2 does)."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            return str(document.get("token_type") or "Bearer")

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        scheme = "Bearer" if token.token_type.lower() == "bearer" else token.token_type
        return transport.send(method, url, {**headers, "Authorization": f"{scheme} {token.access_token}"}, body)


class TokenTypeSmuggles(SchemeOfTokenType):
    """Writes token_type into the request header without checking it for line ends."""

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        if not {"\r", "\n"} & set(token.token_type):
            return super().send_with(token, method, url, headers, body)
        return sent_unchecked(method, url, f"{token.token_type} {token.access_token}")


class TokenTypeAssumedText(Broken):
    """Assumes that token_type is a string."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            return super().token_type({"token_type": document.get("token_type", "").lower()})
