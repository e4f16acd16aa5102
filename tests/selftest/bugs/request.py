"""Bugs in the token request."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2

from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


class UserSentAlong(Broken):
    """Sends username with every grant if one is configured."""

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            pairs = super().grant_parameters(grant, refresh_token, now)
            user = self.configuration.username
            return [*pairs, ("username", user)] if user and grant is not GrantType.PASSWORD else pairs


class TrailingAmpersand(Broken):
    """Writes an ampersand after the last pair of the form, too."""

    seen_in = ("link-it/govway#69", "pusher/pusher-js#80")

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return super().body(pairs) + b"&"


class RedirectUriSent(Broken):
    """Sends redirect_uri with every grant."""

    seen_in = ("PrestaShopCorp/ps_accounts#491", "neverendingqs/oauth2-client-shell#24")

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [*super().scope_parameters(), ("redirect_uri", "https://client.example/callback")]


class MethodGet(Broken):
    """Requests a token with GET."""

    seen_in = ("python-social-auth/social-core#284", "mitsuhiko/flask-oauth#9")

    class Requests(TokenRequestBuilder):
        method = "GET"


class JsonBody(Broken):
    """Sends the parameters as JSON."""

    seen_in = ("h3poteto/megalodon-rs#96", "AnswerDotAI/fasthtml#761")

    class Requests(TokenRequestBuilder):
        def body(self, pairs: Any) -> bytes:
            return json.dumps(dict(pairs)).encode()

        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Content-Type": "application/json"}


class ParametersInUrl(Broken):
    """Also sends grant_type in the URL."""

    seen_in = ("cloudfoundry/cf-java-client#580", "beyond-all-reason/tachyon#149")

    class Requests(TokenRequestBuilder):
        def url(self, pairs: Any) -> str:
            return f"{super().url(pairs)}?grant_type={dict(pairs)['grant_type']}"


class GrantTypeTwice(Broken):
    """Sends grant_type twice."""

    seen_in = ("rapi-doc/RapiDoc#879", "modelcontextprotocol/rust-sdk#322")

    class Requests(TokenRequestBuilder):
        def parameters(self, *args: Any, **kwargs: Any) -> Any:
            pairs = super().parameters(*args, **kwargs)
            return [*pairs, pairs[0]]


class EmptyScopeSent(Broken):
    """Sends an empty scope if none is configured."""

    seen_in = ("mulesoft-labs/js-client-oauth2#98", "jumbojett/OpenID-Connect-PHP#392", "n8n-io/n8n#28159")

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return super().scope_parameters() or [("scope", "")]


class SentTwice(Broken):
    """Sends every token request twice, and uses the second answer."""

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if method == "POST" and b"grant_type" in (body or b""):
                super().send(method, url, headers, body)
            return super().send(method, url, headers, body)


class RefreshTokenCut(Broken):
    """Keeps only 4096 characters of the refresh token."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            text = given.get("refresh_token")
            return super().read({**given, "refresh_token": text[:4096]} if isinstance(text, str) else given)


class AcceptsHtml(Broken):
    """Sends Accept: text/html."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Accept": "text/html"}


class NullSpelled(Broken):
    """Sends scope=None if no scope is configured."""

    seen_in = ("soofstad/react-oauth2-pkce#116",)

    class Requests(TokenRequestBuilder):
        def scope_parameters(self) -> Any:
            return [("scope", str(self.configuration.scope))]


class Chunked(Broken):
    """Sends the form with the chunked transfer coding."""

    seen_in = ("envoyproxy/envoy#20179", "coupergateway/couper#163", "thaven/oauth#18")

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            client = super().client(trust)
            stream = client.stream

            def pieces(content: bytes) -> Iterator[bytes]:
                yield content

            def in_chunks(*args: Any, content: Any, **named: Any) -> Any:
                return stream(*args, content=pieces(content) if content else content, **named)

            client.stream = in_chunks  # type: ignore[method-assign]
            return client


class UserAgentLeftOut(Broken):
    """Sends no User-Agent."""

    seen_in = ("Kong/insomnia#7672", "box/box-python-sdk#161")

    class Exchanges(Transport):
        def client(self, trust: Any) -> Any:
            made = super().client(trust)
            del made.headers["user-agent"]
            return made


class AcceptsAnything(Broken):
    """Accepts every media type, as its HTTP library does by default, and reads JSON only."""

    seen_in = ("badgateway/oauth2-client#152", "dam-agents/dam#216", "IdentityModel/Thinktecture.IdentityModel#140")

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Accept": "*/*"}


class ContinueAwaited(Broken):
    """Asks for an interim response before each body, however small it is."""

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            return {**super().headers(), "Expect": "100-continue"}
