"""Bugs in reading a token response."""

import json
import re
from dataclasses import replace
from typing import Any

from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken


class TokenInvented(Broken):
    """Converts any value of access_token with str(), even a missing one."""

    seen_in = ("postmanlabs/postman-app-support#2406",)

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            return str(document.get("access_token"))


class TokenTypeCase(Broken):
    """Compares token_type with Bearer, case-sensitively."""

    seen_in = ("istio-ecosystem/authservice#255",)

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            known = document.get("token_type") == "Bearer"
            return super().token_type(document if known else {"token_type": "unknown"})


class StringLifetimeCrashes(Broken):
    """Assumes that expires_in is a number."""

    seen_in = ("ramosbugs/oauth2-rs#85", "Colin-b/requests_auth#52", "delta-io/delta-sharing#628")

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            return document["expires_in"] + 0


class JsonErrorsRaw(Broken):
    """Raises the errors of its JSON parser unchanged, and treats any 2xx status as a success."""

    seen_in = ("authlib/authlib#132", "tavily-ai/tavily-cli#15")

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return 200 <= status < 300

        def document(self, body: bytes) -> Any:
            return json.loads(body.decode())


class DuplicatesJoined(Broken):
    """Joins the values of a duplicate access_token."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            if document:
                pairs = json.loads(body.removeprefix(b"\xef\xbb\xbf"), object_pairs_hook=list)
                values = [str(value) for name, value in pairs if name == "access_token"]
                document = {**document, **({"access_token": " ".join(values)} if len(values) > 1 else {})}
            return document


class SurrogatesPrinted(Broken):
    """Encodes every member as UTF-8, and crashes on a lone surrogate."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            for value in (document or {}).values():
                str(value).encode()
            return document


class NumbersCounted(Broken):
    """Converts floating-point numbers to integers in members that it does not know."""

    class Responses(TokenResponseReader):
        def extra(self, document: Any) -> Any:
            found = super().extra(document)
            return {name: int(value) if isinstance(value, float) else value for name, value in found.items()}


class CharsetRefused(Broken):
    """Rejects a Content-Type with parameters."""

    seen_in = ("paypal/spring-social-paypal-openidconnect#4", "attm2x/m2x-nodejs#33")

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            if ";" in (response.header("content-type") or ""):
                raise protocol_error("this is no JSON")
            return super().read(response)


class UnknownMembersRefused(Broken):
    """Rejects a response with members that it does not know."""

    seen_in = (
        "camunda-community-hub/camunda-tasklist-client-java#146",
        "dtinit/data-transfer-project#1449",
        "sam-huckaby/savvy#12",
    )

    class Responses(TokenResponseReader):
        def extra(self, document: Any) -> Any:
            found = super().extra(document)
            if found:
                raise protocol_error(f"unknown members: {', '.join(found)}")
            return found


class ScopeCountedOn(Broken):
    """Crashes if the response has no scope."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            granted = super().read(response)
            return replace(granted, scope=str(self.document(response.body)["scope"]))  # type: ignore[index]


class ObjectAssumed(Broken):
    """Assumes that any JSON document is an object."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            try:
                value = json.loads(body.removeprefix(b"\xef\xbb\xbf").decode("utf-8"))
            except (ValueError, RecursionError):
                return None
            return [] if value is None else value


class PairsAccepted(Broken):
    """Makes a dictionary of the document, and so takes a list of name/value pairs for an object."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            try:
                return dict(json.loads(body.removeprefix(b"\xef\xbb\xbf").decode("utf-8")))
            except (TypeError, ValueError, RecursionError):
                return None


class NeedsLifetime(Broken):
    """Rejects a response without expires_in."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            if "expires_in" not in document:
                raise protocol_error("the response has no expires_in")
            return super().expires_in(document)


class TokenSearched(Broken):
    """Finds the access token by a regular expression, not by a JSON parser."""

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            document = super().document(body)
            found = re.search(rb'"access_token":\s*"([^"]*)"', body)
            if document is None or "access_token" not in document:
                return document
            return {**document, "access_token": found[1].decode("utf-8", "replace") if found else None}
