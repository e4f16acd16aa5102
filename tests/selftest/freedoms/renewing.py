"""Freedoms in renewals: what may differ from the first token request."""

from __future__ import annotations

import uuid
from typing import Any

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.freedoms.free import Free


class PayloadWithTheGrantOnly(Free):
    """Sends the additional payload with its grant, and not with a refresh token that follows from it."""

    reached_by = ("a renewal",)

    class Requests(TokenRequestBuilder):
        def parameters(self, grant: Any, **named: Any) -> Any:
            pairs = super().parameters(grant, **named)
            added = (
                set(self.payload_parameters()) if grant is GrantType.REFRESH_TOKEN is not self.configuration.grant else set()
            )
            return [pair for pair in pairs if pair not in added]


class AnotherQueryEachTime(Free):
    """Adds a parameter to the token URL that differs in each request, as MSAL does (client-request-id)."""

    reached_by = ("a renewal",)

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url = super().url(pairs)
            return f"{url}{'&' if '?' in url else '?'}client-request-id={uuid.uuid4()}"


class AcceptAtRefreshOnly(Free):
    """Names JSON in Accept only when it sends a refresh token; without the field everything is accepted (RFC 9110 12.5.1)."""

    reached_by = ("a renewal",)

    grant: Any = None

    class Requests(TokenRequestBuilder):
        refreshes = False

        def headers(self) -> dict[str, str]:
            headers = super().headers()
            return headers if self.refreshes else {name: value for name, value in headers.items() if name != "Accept"}

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        builder = super().request_builder(configuration)
        vars(builder)["refreshes"] = self.grant is GrantType.REFRESH_TOKEN
        return builder

    def ask(self, grant: Any) -> Any:
        self.grant = grant
        return super().ask(grant)
