"""Bugs with redirects."""

from typing import Any
from urllib.parse import urljoin, urlsplit

import httpx2

from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


def _target(url: str, response: Response) -> str | None:
    """Return the target of a redirect, or None."""
    location = response.header("location")
    return urljoin(url, location) if location and 300 <= response.status < 400 else None


class _Following(Transport):
    """A transport that follows one redirect with all header fields and the body."""

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send(method, url, headers, body)
        target = _target(url, response)
        if target is None or not self.follows(url, target):
            return response
        return super().send(method, target, self.onward(url, headers), body)

    def follows(self, url: str, target: str) -> bool:
        return True

    def onward(self, url: str, headers: Any) -> Any:
        return headers


class FollowsDownwards(Broken):
    """Follows a redirect of the token endpoint to any origin, even from https to http, with header fields and body."""

    seen_in = ("psf/requests#4716", "apache/httpcomponents-client#848")

    reached_by = ("a location",)

    Exchanges = _Following


class RedirectIsSuccess(Broken):
    """Treats every status below 400 as a success."""

    seen_in = ("framework7io/framework7#445",)

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status < 400


class RefererSent(Broken):
    """Follows a redirect, and sends the whole URL as Referer."""

    seen_in = ("sagebind/isahc#393", "guzzle/guzzle#3615")

    reached_by = ("a location",)

    class Exchanges(_Following):
        def onward(self, url: str, headers: Any) -> Any:
            return {**headers, "Referer": url}


class TokenFollows(Broken):
    """Follows a redirect of the resource to any origin, and sends the token there."""

    seen_in = ("googleapis/google-http-java-client#2181", "apify/crawlee#4134", "rest-client/rest-client#832")

    reached_by = ("a location",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send_with(token, method, url, headers, body)
        target = _target(url, response)
        return super().send_with(token, method, target, headers, body) if target else response


class FollowsAnywhere(Broken):
    """Lets its HTTP library follow redirects of the token endpoint, to any origin."""

    seen_in = ("Gitlawb/zero#729", "mvanhorn/cli-printing-press#4372", "CopilotKit/OpenBot#425")

    reached_by = ("a location",)

    class Exchanges(Transport):
        uses_proxies = False

        def client(self, trust: Any) -> httpx2.Client:
            return httpx2.Client(verify=trust, trust_env=False, follow_redirects=True, timeout=60)


class PortIgnored(Broken):
    """Follows a redirect to another port of the same host with header fields and body."""

    reached_by = ("a location",)

    class Exchanges(_Following):
        def follows(self, url: str, target: str) -> bool:
            return urlsplit(target).hostname == urlsplit(url).hostname


class HostIgnored(Broken):
    """Follows a redirect to another host with header fields and body, but not to another port."""

    reached_by = ("a location",)

    class Exchanges(_Following):
        def follows(self, url: str, target: str) -> bool:
            return urlsplit(target).hostname != urlsplit(url).hostname


class FollowsForEver(Broken):
    """Follows up to a hundred redirects."""

    seen_in = ("danwrong/restler#17", "ReactiveX/RxNetty#87", "twisted/twisted#2412")

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            for _ in range(100):
                if (target := _target(url, response)) is None:
                    break
                response = super().send(method, target, headers, body)
            return response


class BodyIntoUrl(Broken):
    """Turns a redirected POST into a GET with the body in the URL."""

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            target = _target(url, response)
            return super().send("GET", f"{target}?{body.decode()}", headers, None) if target and body else response


class SecretIntoUrl(BodyIntoUrl):
    """Sends its secret in the body by default, and turns a redirected POST into a GET with the body in the URL."""

    class Configurations(ConfigurationReader):
        def auth_method(self, given: Any, grant: Any) -> str:
            return super().auth_method({"token_endpoint_auth_method": "client_secret_post"} | dict(given), grant)
