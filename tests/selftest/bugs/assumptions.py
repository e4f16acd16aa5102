"""Bugs of assumptions about a response: what it never contained when the client was written."""

from typing import Any

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken

MOST_FIELDS = 1000


class BodyIsToken(Broken):
    """Takes a body that is no JSON object for the access token itself, even an empty one."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            found = super().document(body)
            return {"token_type": "Bearer", "body": body.decode("latin-1")} if found is None else found

        def access_token(self, document: Any) -> str:
            return str(document["body"]) if "body" in document else super().access_token(document)


class MediaTypeCase(Broken):
    """Compares the media type with application/json, case-sensitively."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            media_type = response.header("content-type") or ""
            if media_type.lower().startswith("application/json") and not media_type.startswith("application/json"):
                raise TypeError("not JSON")
            return super().read(response)


class FractionCrashes(Broken):
    """Assumes that expires_in is an integer."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            if isinstance(document.get("expires_in"), float):
                raise TypeError("an integer is required")
            return super().expires_in(document)


class LeewayNeedsRoom(Broken):
    """Starts a timer that renews the token 60 s before its end; a shorter lifetime gives a negative delay, and a crash."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            lifetime_s = super().expires_in(document)
            if lifetime_s is not None and lifetime_s < 60:
                raise ValueError("the delay must not be negative")
            return lifetime_s


class EmptyTypeCrashes(Broken):
    """Capitalises token_type, and assumes that it has a first letter."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            value = document.get("token_type")
            if isinstance(value, str):
                document = {**document, "token_type": value[0].upper() + value[1:]}
            return super().token_type(document)


class ManyFieldsCrash(Broken):
    """Keeps header fields in a table of fixed size."""

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            if len(response.headers) > MOST_FIELDS:
                raise IndexError("too many header fields")
            return response
