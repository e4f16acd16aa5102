"""Bugs of clients whose renewal has other parameters than their first token request: that one is right."""

from typing import Any

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.bugs.assertions import ExpPassed
from tests.selftest.bugs.encoding import UrnEncodedTwice
from tests.selftest.bugs.members import RefreshTokenSentRaw
from tests.selftest.bugs.request import GrantTypeTwice
from tests.selftest.bugs.second_requests import _AtRenewal


class ScopeLostAtRenewal(_AtRenewal):
    """Renews without the scope, also where it sends its grant again."""

    seen_in = ("activepieces/activepieces#8054",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return []


class ScopeShortenedAtRenewal(_AtRenewal):
    """Renews with the first token of the scope only, also with a refresh token."""

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **named: Any) -> Any:
            pairs = [pair for pair in super().parameters(*args, **named) if pair[0] != "scope"]
            scope = self.configuration.scope
            return [*pairs, ("scope", scope.split(" ")[0])] if scope else pairs


class EmptyScopeAtRenewal(_AtRenewal):
    """Renews with an empty scope where none is configured."""

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **named: Any) -> Any:
            pairs = super().parameters(*args, **named)
            return pairs if self.configuration.scope else [*pairs, ("scope", "")]


class ResourceLostAtRenewal(_AtRenewal):
    """Renews without the resource indicator, also where it sends its grant again."""

    class Requests(TokenRequestBuilder):
        def resource_parameters(self) -> Any:
            return []


class PayloadLostAtRenewal(_AtRenewal):
    """Renews without the additional payload, such as an audience."""

    seen_in = ("rest-sh/restish#1",)

    class Requests(TokenRequestBuilder):
        def payload_parameters(self) -> Any:
            return []


class _WithOldToken(_AtRenewal):
    """Gives the old access token to the builder of its renewal."""

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        vars(builder)["old_token"] = self.old_token
        return builder

    old_token = ""

    def keep(self, granted: Any) -> Any:
        self.old_token = granted.access_token
        return super().keep(granted)


class OldTokenAtRenewal(_WithOldToken):
    """Renews with the old access token in the Authorization field: the middleware for resources sends all requests."""

    seen_in = ("sidebase/nuxt-auth#931", "googleapis/oauth2client#706")

    class Requests(TokenRequestBuilder):
        old_token = ""

        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Authorization": f"Bearer {self.old_token}"}


class OldTokenInBodyAtRenewal(_WithOldToken):
    """Renews with the old access token in the body."""

    class Requests(TokenRequestBuilder):
        old_token = ""

        def parameters(self, *args: Any, **named: Any) -> Any:
            return [*super().parameters(*args, **named), ("access_token", self.old_token)]


class OldTokenInFieldAtRenewal(_WithOldToken):
    """Renews with the old access token in a header field of its own."""

    class Requests(TokenRequestBuilder):
        old_token = ""

        def headers(self) -> dict[str, str]:
            return {**super().headers(), "X-Access-Token": self.old_token}


class UserRepeatedAtRefresh(_AtRenewal):
    """Sends the user name beside the refresh token."""

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            pairs, user = super().grant_parameters(grant, refresh_token, now), self.configuration.username
            return [*pairs, ("username", user)] if grant is GrantType.REFRESH_TOKEN and user else pairs


class GrantTypeTwiceAtRenewal(_AtRenewal):
    """Renews with two grant_type parameters: the first form is a template, and the renewal appends to it."""

    Requests = GrantTypeTwice.Requests


class UrnEncodedTwiceAtRenewal(_AtRenewal):
    """Percent-encodes the URN of the grant type twice when it renews."""

    Requests = UrnEncodedTwice.Requests


class ExpPassedAtRenewal(_AtRenewal):
    """Renews with an assertion that has just expired."""

    Requests = ExpPassed.Requests


class RefreshTokenSentRawAtRenewal(_AtRenewal):
    """Renews with a refresh token that is not encoded."""

    Requests = RefreshTokenSentRaw.Requests


class NullSpelledAtRenewal(_AtRenewal):
    """Renews with scope=None where none is configured."""

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **named: Any) -> Any:
            pairs = super().parameters(*args, **named)
            return pairs if self.configuration.scope else [*pairs, ("scope", "None")]
