"""Bugs of clients whose renewal is another message than their first token request, or takes another way: that one is right."""

import ssl
from base64 import b64encode
from typing import Any
from urllib.parse import urlencode

import httpx2

from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Transport
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.redirects import _Following
from tests.selftest.bugs.request import ParametersInUrl, SentTwice


class _AtRenewal(Broken):
    """Uses its own `Requests` and `Exchanges` only after it was granted a token."""

    reached_by = ("a renewal",)

    # Which of several callers sends the wrong renewal, and what the others have got until then.
    by_chance = ("concurrency.",)

    granted = False
    renewing = False
    first_transport: Transport | None = None

    def configure(self, config: Any) -> None:
        self.granted = self.renewing = False
        super().configure(config)

    def close(self) -> None:
        if self.first_transport is not None:
            self.first_transport.close()
        self.first_transport = None
        super().close()

    def new_transport(self, configuration: Any) -> Transport:
        return Transport(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)

    def request_builder(self, configuration: Any) -> TokenRequestBuilder:
        return self.Requests(configuration) if self.renewing else TokenRequestBuilder(configuration)

    def exchange(self, grant: Any) -> Any:
        configuration, transport = self._ready()
        self.renewing = self.granted
        if self.renewing and self.Exchanges is not Transport and self.first_transport is None:
            # Not closed here: other callers may still have a request under way.
            self.first_transport, self.transport = transport, super().new_transport(configuration)
        held = super().exchange(grant)
        self.granted = True
        return held


class OtherMethodAtRenewal(_AtRenewal):
    """Renews with client_secret_basic, whatever method is configured."""

    seen_in = ("dart-archive/oauth2#90",)

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            return self.configuration.client_secret is not None


class BodyAtRenewal(_AtRenewal):
    """Renews with client_secret_post, whatever method is configured."""

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            return False

        def client_parameters(self) -> Any:
            pairs, secret = super().client_parameters(), self.configuration.client_secret
            return [*pairs, ("client_secret", secret)] if secret and len(pairs) == 1 else pairs


class BothMethodsAtRenewal(_AtRenewal):
    """Renews with the credentials in the header and in the body."""

    seen_in = ("eclipse-vertx/vertx-auth#153",)

    class Requests(TokenRequestBuilder):
        def client_parameters(self) -> Any:
            configuration = self.configuration
            pairs = [("client_id", configuration.client_id), ("client_secret", configuration.client_secret)]
            return [(name, value) for name, value in pairs if value is not None]

        def in_header(self) -> bool:
            return self.configuration.client_id is not None and self.configuration.client_secret is not None


class ClientLostAtRenewal(_AtRenewal):
    """Renews without any client authentication."""

    seen_in = ("p2/OAuth2#72", "teranetsrl/oauth2_client#13")

    class Requests(TokenRequestBuilder):
        def in_header(self) -> bool:
            return False

        def client_parameters(self) -> Any:
            return []

        def client_assertion_parameters(self, now: float) -> Any:
            return []


class SecretUnencodedAtRenewal(_AtRenewal):
    """Renews with Basic credentials that are not form-urlencoded."""

    class Requests(TokenRequestBuilder):
        def basic(self) -> str:
            configuration = self.configuration
            return f"Basic {b64encode(f'{configuration.client_id}:{configuration.client_secret}'.encode()).decode()}"


class SecretInUrlAtRenewal(_AtRenewal):
    """Renews with the client secret in the URL."""

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            url, secret = super().url(pairs), self.configuration.client_secret
            return f"{url}{'&' if '?' in url else '?'}{urlencode({'client_secret': secret})}" if secret else url


class OtherEndpointAtRenewal(_AtRenewal):
    """Renews at a URL that it makes from the token URL."""

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            head, mark, query = super().url(pairs).partition("?")
            return f"{head}/refresh{mark}{query}"


class QueryLostAtRenewal(_AtRenewal):
    """Renews at the token URL without its query."""

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            return super().url(pairs).partition("?")[0]


class GetAtRenewal(_AtRenewal):
    """Renews with GET."""

    class Requests(TokenRequestBuilder):
        method = "GET"


class AcceptLostAtRenewal(_AtRenewal):
    """Renews without an Accept field."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            headers = super().headers()
            del headers["Accept"]
            return headers


class TextAtRenewal(_AtRenewal):
    """Renews with a form whose Content-Type says text/plain."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Content-Type": "text/plain"}


class UnverifiedAtRenewal(_AtRenewal):
    """Renews without verifying certificates."""

    seen_in = ("requests/requests-oauthlib#195",)

    reached_by = ("a renewal by https",)

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            return super().client(ssl._create_unverified_context())


class RedirectsFollowedAtRenewal(_AtRenewal):
    """Follows redirects in renewals, to any origin, with header fields and body."""

    reached_by = ("a redirected renewal",)

    Exchanges = _Following


class SentTwiceAtRenewal(_AtRenewal):
    """Sends each renewal twice: a timer and the caller renew at the same time."""

    Exchanges = SentTwice.Exchanges


class ParametersInUrlAtRenewal(_AtRenewal):
    """Renews with grant_type in the URL, too."""

    Requests = ParametersInUrl.Requests
