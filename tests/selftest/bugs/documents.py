"""Bugs that show only with answers as real providers send them."""

import base64
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.challenges import challenges
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken


class StringLifetimeIsNone(Broken):
    """Ignores an expires_in that is a string, and uses the token for ever."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            return None if isinstance(document.get("expires_in"), str) else super().expires_in(document)


class EndTakenForLifetime(Broken):
    """Takes a number in expires_at or expires_on, the time of the end, for the seconds until then."""

    seen_in = ("dreampowder/strava_flutter#51",)

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            end = document.get("expires_at") or document.get("expires_on")
            return float(end) if str(end).isdigit() else super().expires_in(document)


class EndMustBeDate(Broken):
    """Parses expires_at as an ISO date, and crashes if it is a number."""

    seen_in = ("lelylan/simple-oauth2#277",)

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            if "expires_at" in document:
                datetime.fromisoformat(document["expires_at"])
            return super().expires_in(document)


class EndMustBeNumber(Broken):
    """Parses expires_at and expires_on as numbers, and crashes if one is a date."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            for name in ("expires_at", "expires_on"):
                int(document.get(name, 0))
            return super().expires_in(document)


class LifetimeOfTheRefreshToken(Broken):
    """Takes the last member whose name ends with expires_in for the lifetime: it may be that of the refresh token."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            names = [name for name in document if name.endswith("expires_in")]
            return super().expires_in({"expires_in": document[names[-1]]} if names else document)


class ExtendedLifetime(Broken):
    """Uses the token for the seconds of ext_expires_in, which are meant for an outage of the server."""

    class Responses(TokenResponseReader):
        def expires_in(self, document: Any) -> float | None:
            extended = document.get("ext_expires_in")
            return super().expires_in({"expires_in": extended} if extended else document)


class FirstLifetimeCounts(Broken):
    """Keeps the lifetime of the first token response for all later tokens."""

    reached_by = ("get_token again",)

    lifetime_s: Any = None

    def keep(self, granted: Any) -> Any:
        self.lifetime_s = self.lifetime_s or granted.expires_in
        return super().keep(replace(granted, expires_in=self.lifetime_s))


class EndOfTheTokenItself(Broken):
    """Reads exp in a JWT access token, and takes it for the end of the token."""

    seen_in = ("perarnborg/vuex-oidc#179",)

    reached_by = ("fault token_member",)

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        exp = _claims(granted.access_token).get("exp")
        return replace(held, expires_at=float(exp)) if isinstance(exp, int) else held


class TokenMustBeReadable(Broken):
    """Decodes an access token that begins as a JWT does, and crashes if its claims are no JSON object with a number in exp."""

    seen_in = ("perarnborg/vuex-oidc#178", "okta/okta-auth-js#1609")

    class Responses(TokenResponseReader):
        def access_token(self, document: Any) -> str:
            found = super().access_token(document)
            if found.startswith("eyJ"):
                part = found.split(".")[1]
                int(json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))["exp"])
            return found


class EndOfTheTokenLoops(Broken):
    """Sends up to three requests if exp in a JWT access token is nearer than five minutes."""

    reached_by = ("fault token_member",)

    def exchange(self, grant: Any) -> Any:
        for _ in range(3):
            held = super().exchange(grant)
            exp = _claims(held.grant.access_token).get("exp")
            if not isinstance(exp, int) or exp > self.now() + 300:
                break
        return held


class TypeFromATable(Broken):
    """Looks the token type up in a table, and crashes if it is missing or not there."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            {"bearer": 1, "mac": 2, "dpop": 3}[document["token_type"].lower()]
            return super().token_type(document)


class RefreshOrNothing(Broken):
    """Uses the refresh token beside client credentials or an assertion, and reports an error if the server refuses it."""

    seen_in = ("anonrig/nestjs-keycloak-admin#11",)

    def ends_refresh(self, grant: Any, failure: Any) -> bool:
        return grant is GrantType.PASSWORD and super().ends_refresh(grant, failure)


class ForbiddenRefreshRepeated(Broken):
    """Goes back to its grant after invalid_grant only, not if the server allows this client no refresh."""

    def ends_refresh(self, grant: Any, failure: Any) -> bool:
        return bool(failure.error.oauth_error == "invalid_grant")


class ErrorMemberAssumed(Broken):
    """Crashes if an error document has no member error."""

    class Responses(TokenResponseReader):
        def failure(self, response: Any, document: Any) -> Exception:
            if document is not None:
                document["error"]
            return super().failure(response, document)


class ScopeWrittenAsText(Broken):
    """Splits the scope of the response at commas, and asks for the text of that list when it refreshes."""

    seen_in = ("jasonraimondi/ts-oauth2-server#9",)

    class Responses(TokenResponseReader):
        def read(self, response: Any) -> Any:
            granted = super().read(response)
            scope = (self.document(response.body) or {}).get("scope")
            if isinstance(scope, str) and "," in scope:
                scope = scope.split(",")
            return replace(granted, scope=str(scope)) if scope else granted

    class Requests(TokenRequestBuilder):
        granted: str | None = None

        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            repeated = grant is GrantType.REFRESH_TOKEN is not self.configuration.grant and self.granted
            more = [("scope", self.granted)] if repeated else []
            return super().grant_parameters(grant, refresh_token, now) + more

    def request_builder(self, configuration: Any) -> Any:
        builder = self.Requests(configuration)
        builder.granted = self.held.grant.scope if self.held else None
        return builder


class ChallengeCompared(Broken):
    """Looks for the text error="invalid_token" in the first WWW-Authenticate field."""

    def is_invalid_token(self, response: Response) -> bool:
        return response.status == 401 and 'error="invalid_token"' in (response.header("www-authenticate") or "")


class OneChallengeRead(Broken):
    """Reads only the first challenge, as one whose scheme is written Bearer."""

    seen_in = ("AzureAD/azure-activedirectory-library-for-android#1086",)

    def is_invalid_token(self, response: Response) -> bool:
        first = (response.header("www-authenticate") or "").startswith("Bearer ") and challenges(response.headers)[0]
        return response.status == 401 and bool(first) and first.parameters.get("error") == "invalid_token"


class ReasonCutAtCommas(Broken):
    """Splits the challenge at commas and equals signs, whether they are quoted or not."""

    def is_invalid_token(self, response: Response) -> bool:
        parts = (response.header("www-authenticate") or "").removeprefix("Bearer ").split(",")
        found: dict[str, str] = {}
        for name, _, value in (part.strip().partition("=") for part in parts):
            found.setdefault(name, value.strip('"'))
        return response.status == 401 and found.get("error") == "invalid_token"


class AnyMentionRenews(Broken):
    """Renews its token if the response mentions invalid_token anywhere in its challenge, whatever the status and the error."""

    def is_invalid_token(self, response: Response) -> bool:
        return "invalid_token" in (response.header("www-authenticate") or "")


class UnquotedErrorUnread(Broken):
    """Understands parameters only with quotes, and renews its token after 403 if it finds no reason."""

    def is_invalid_token(self, response: Response) -> bool:
        found = response.header("www-authenticate") or ""
        return response.status in {401, 403} and ('error="' not in found or super().is_invalid_token(response))


class ChallengeAssumed(Broken):
    """Crashes if a 401 has no challenge."""

    def is_invalid_token(self, response: Response) -> bool:
        return response.status == 401 and bool(challenges(response.headers)[0]) and super().is_invalid_token(response)


class RefusalReadAsObject(Broken):
    """Reads the body of a refusal as a JSON object, and crashes if it is none."""

    def is_invalid_token(self, response: Response) -> bool:
        if response.status in {401, 403}:
            json.loads(response.body or b"{}").get("error")
        return super().is_invalid_token(response)


class RefusedForGood(Broken):
    """Sends no further request to a resource that has refused a token, although another one may be accepted."""

    refused: Any = False

    # A story met it in two of four measurements of the same scenarios.
    by_chance = ("story.",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        if self.refused:
            raise configuration_error("the resource has refused the token")
        response = super().request(method, url, headers, body)
        self.refused = response.status in {401, 403}
        return response


def _claims(token: str) -> Any:
    """Return the claims of a JWT; an empty object if it is none."""
    try:
        part = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    except (IndexError, ValueError):
        return {}
    return claims if isinstance(claims, dict) else {}
