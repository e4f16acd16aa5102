"""Bugs in reading error responses."""

import json
import re
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.errors import oauth_error, protocol_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class Only400(Broken):
    """Reads the error document only if the status is 400."""

    seen_in = ("openid/AppAuth-iOS#234",)

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            return super().failure(response, document if response.status == 400 else None)


class ChallengesRead(Broken):
    """Parses WWW-Authenticate before the error document, and crashes on a challenge that it does not know."""

    seen_in = ("jcgregorio/httplib2#249", "dotnet/corefx#11452")

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            fields = [value for name, value in response.headers if name.lower() == "www-authenticate"]
            for value in fields:
                match = re.fullmatch(r'\w+ \w+="[^",]*"', value)
                if match is None or len(fields) > 1:
                    raise KeyError("realm")
            return super().failure(response, document)


class DescriptionFormatted(Broken):
    """Uses error_description as a format string, and encodes it as ASCII."""

    seen_in = ("python-social-auth/social-core#77",)

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            text = (document or {}).get("error_description", "")
            text.encode("ascii")
            text.format()
            return super().failure(response, document)


class DescriptionChecked(Broken):
    """Rejects an error document if its description is long or does not match the grammar."""

    seen_in = ("spring-attic/spring-security-oauth#1795",)

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            text = (document or {}).get("error_description", "")
            if len(text) > 1000 or not re.fullmatch(r"[\x20-\x21\x23-\x5B\x5D-\x7E]*", text):
                return protocol_error("this is no error response", response.status)
            return super().failure(response, document)


class OddErrorsCrash(Broken):
    """Assumes that error is a string."""

    seen_in = ("badgateway/oauth2-client#146", "aerele/jarvis#169")

    class Responses(TokenResponseReader):
        def error_code(self, document: Any) -> str | None:
            return None if document is None or "error" not in document else document["error"].lower()


class ErrorWith200Taken(Broken):
    """Treats an error document with status 200 as a success."""

    seen_in = ("jaredhanson/passport-oauth2#6", "octokit/auth-oauth-app.js#13", "cmd-johnson/deno-oauth2-client#25")

    class Responses(TokenResponseReader):
        def refuse_error(self, document: Any, response: Any) -> None:
            pass

        def access_token(self, document: Any) -> str:
            return str(document.get("access_token"))

        def token_type(self, document: Any) -> str:
            return str(document.get("token_type") or "Bearer")


class StatusIgnored(Broken):
    """Reads a token from a response with any status."""

    seen_in = ("requests/requests-oauthlib#446", "oauthlib/oauthlib#510", "authlib/authlib#281")

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return True


class _Unchecked(TokenResponseReader):
    """Takes what a response contains for a token."""

    def refuse_error(self, document: Any, response: Any) -> None:
        pass

    def access_token(self, document: Any) -> Any:
        return document.get("access_token")

    def token_type(self, document: Any) -> str:
        return str(document.get("token_type") or "Bearer")


class RefreshUnchecked(Broken):
    """Checks the response to a refresh less than the first one: it may lack the token, or contain an error."""

    def refresh(self) -> Any:
        strict, self.responses = self.responses, _Unchecked()
        try:
            return super().refresh()
        finally:
            self.responses = strict


class KnownFailuresOnly(Broken):
    """Treats a response as a success unless its status is in a list of failures."""

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status not in {400, 401, 403, 404, 405, 429, 500, 502, 503, 504}


class FailureKept(Broken):
    """Reports a failure, but keeps the token that came with it."""

    reached_by = ("a status other than 200",)

    def ask(self, grant: Any) -> Any:
        outer = self
        strict = self.responses

        class Keeping(type(strict)):  # type: ignore[misc]
            def failure(self, response: Response, document: Any) -> Exception:
                if document and isinstance(document.get("access_token"), str):
                    outer.held = outer.keep(strict.read(replace(response, status=200, body=_without_error(document))))
                return super().failure(response, document)  # type: ignore[no-any-return]

        self.responses = Keeping()
        try:
            return super().ask(grant)
        finally:
            self.responses = strict


class FailsForGood(Broken):
    """Reports the first failure of the token endpoint again whenever it is asked."""

    reached_by = ("a token request that failed",)

    failed: ClientFailure | None = None

    def ask(self, grant: Any) -> Any:
        if self.failed is not None:
            raise self.failed
        try:
            return super().ask(grant)
        except ClientFailure as failure:
            self.failed = failure
            raise


class DescriptionAssumedText(Broken):
    """Assumes that error_description and error_uri are strings."""

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            for name in ("error_description", "error_uri"):
                if name in (document or {}):
                    document[name].strip()
            return super().failure(response, document)


class HtmlCrashes(Broken):
    """Raises the errors of its JSON parser unchanged."""

    seen_in = ("n8n-io/n8n#27089", "authlib/authlib#928")

    class Responses(TokenResponseReader):
        def document(self, body: bytes) -> Any:
            return json.loads(body)


class CodeLost(Broken):
    """Reports an error of the server without its code."""

    seen_in = ("jaredhanson/passport-oauth2#172", "wilfredinni/noodle#159")

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            try:
                return super().read(response)
            except ClientFailure as failure:
                raise ClientFailure(replace(failure.error, oauth_error=None, message="the server returned an error")) from None


class DescriptionLost(Broken):
    """Reports the code of an error, but not its description."""

    seen_in = ("DuendeSoftware/foss#205", "DuendeArchive/identity-model-oidc-client-js#1069")

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            try:
                return super().read(response)
            except ClientFailure as failure:
                text = failure.error.oauth_error or failure.error.message
                blank = replace(failure.error, message=text, oauth_error_description=None, oauth_error_uri=None)
                raise ClientFailure(blank) from None


class UnknownCodeCrashes(Broken):
    """Looks up the error code in a table of the codes of RFC 6749, and crashes on any other."""

    seen_in = ("micronaut-projects/micronaut-security#2334",)

    class Responses(TokenResponseReader):
        def error_code(self, document: Any) -> str | None:
            code = super().error_code(document)
            return None if code is None else _CODES[code]


class FailureIsRejection(Broken):
    """Reports invalid_grant for every status from 500 upwards."""

    seen_in = ("InsForge/insforge-mcp#107",)

    class Responses(TokenResponseReader):
        def failure(self, response: Response, document: Any) -> Exception:
            if response.status < 500:
                return super().failure(response, document)
            return oauth_error(code="invalid_grant", description=None, uri=None, status=response.status)


class StatusLookedUp(Broken):
    """Looks up the status in a short table, and crashes on any other."""

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return {200: True, 400: False, 401: False, 500: False, 503: False}[status]


class Impolite(Broken):
    """Repeats a request immediately after 429, 500 or 503."""

    seen_in = ("dart-lang/http#1841", "camunda-community-hub/zeebe-client-node-js#244")

    reached_by = ("a status other than 200",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            return super().send(method, url, headers, body) if response.status in {429, 500, 503} else response


_CODES = {
    code: code
    for code in (
        *("invalid_request", "invalid_client", "invalid_grant"),
        *("unauthorized_client", "unsupported_grant_type", "invalid_scope"),
    )
}


def _without_error(document: Any) -> bytes:
    return json.dumps({name: value for name, value in document.items() if name != "error"}).encode()
