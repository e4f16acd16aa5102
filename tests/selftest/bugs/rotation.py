"""Bugs in refreshing."""

from typing import Any

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from tests.selftest.bugs.broken import Broken


class RefreshTokenLowered(Broken):
    """Converts the configured refresh token to lower case."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            return super().read({**given, "refresh_token": (given.get("refresh_token") or "").lower()})


class RefreshReturnsHeld(Broken):
    """Returns its cached token for a refresh."""

    seen_in = ("cyrusagents/cyrus#1071",)

    def refresh(self) -> Any:
        return self.get_token()


class FirstRefreshTokenForEver(Broken):
    """Always sends the configured refresh token, and ignores new ones."""

    seen_in = ("authlib/authlib#548", "ilios/frontend#2527", "lanes-sh/link#109")

    def next_refresh_token(self, received: str) -> str:
        return self.refresh_token or received


class EveryOtherRotation(Broken):
    """Ignores every second new refresh token."""

    count = 0

    def next_refresh_token(self, received: str) -> str:
        self.count += 1
        return received if self.count % 2 else self.refresh_token or received


class TenGenerations(Broken):
    """Ignores new refresh tokens from the tenth on."""

    count = 0

    def next_refresh_token(self, received: str) -> str:
        self.count += 1
        return received if self.count < 10 else self.refresh_token or received


class RefreshTokenDropped(Broken):
    """Discards its refresh token if the response contains none."""

    seen_in = ("modelcontextprotocol/python-sdk#2271", "lelylan/simple-oauth2#431", "frappe/frappe#26266")

    reached_by = ("keep",)

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        self.refresh_token = held.grant.refresh_token
        return held


class ScopeAskedAgain(Broken):
    """Requests the configured scope on refresh, although less was granted."""

    seen_in = ("earendil-works/pi#2357", "soofstad/react-oauth2-pkce#132")

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            more = self.scope_parameters() if grant is GrantType.REFRESH_TOKEN is not self.configuration.grant else []
            return super().grant_parameters(grant, refresh_token, now) + more


class NullReplacesRefreshToken(Broken):
    """Reads a null refresh token as the string None."""

    seen_in = ("IdentityModel/IdentityModel.AspNetCore#91", "contextbridge/aether#55", "calcom/cal.diy#7764")

    class Responses(TokenResponseReader):
        def refresh_token(self, document: Any) -> str | None:
            if document.get("refresh_token", "") is None:
                return "None"
            return super().refresh_token(document)


class PasswordSentAgain(Broken):
    """Keeps the password, and renews with it although it has a refresh token."""

    reached_by = ("is_fresh",)

    def renew(self) -> Any:
        configuration, _ = self._ready()
        return self.exchange(configuration.grant)


class RefreshTokenToResource(Broken):
    """Sends the refresh token to the resource as well."""

    reached_by = ("send_with",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: str | None) -> Any:
        return super().send_with(token, method, url, {**headers, "X-Refresh-Token": self.refresh_token or ""}, body)
