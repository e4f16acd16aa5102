"""Bugs in front of redirects."""

from typing import Any
from urllib.parse import urljoin

import httpx2

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken


def _there(url: str, response: Response) -> str | None:
    """Return where a redirect leads to."""
    location = response.header("location")
    return urljoin(url, location) if location and 300 <= response.status < 400 else None


class _Following(Transport):
    """Exchanges that follow a redirect, with whatever they carry."""

    def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send(method, url, headers, body)
        there = _there(url, response)
        return super().send(method, there, self.onward(url, headers), body) if there else response

    def onward(self, url: str, headers: Any) -> Any:
        return headers


class FollowsDownwards(Broken):
    """Follows a redirect from https to http with all that it carries."""

    seen_in = ("psf/requests#4716", "apache/httpcomponents-client#848")

    reached_by = ("a location",)

    Exchanges = _Following


class RedirectIsSuccess(Broken):
    """Takes everything below 400 for a success."""

    seen_in = ("framework7io/framework7#445",)

    class Responses(TokenResponseReader):
        def is_success(self, status: int) -> bool:
            return status < 400


class RefererSent(Broken):
    """Sends the whole URL as Referer after a redirect."""

    seen_in = ("sagebind/isahc#393", "guzzle/guzzle#3615")

    reached_by = ("a location",)

    class Exchanges(_Following):
        def onward(self, url: str, headers: Any) -> Any:
            return {**headers, "Referer": url}


class TokenFollows(Broken):
    """Follows a redirect of the resource anywhere, with the token."""

    seen_in = ("googleapis/google-http-java-client#2181", "apify/crawlee#4134", "rest-client/rest-client#832")

    reached_by = ("a location",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send_with(token, method, url, headers, body)
        there = _there(url, response)
        return super().send_with(token, method, there, headers, body) if there else response


class FollowsAnywhere(Broken):
    """Follows redirects of the token endpoint as its HTTP library does, to any origin."""

    seen_in = ("Gitlawb/zero#729", "mvanhorn/cli-printing-press#4372", "CopilotKit/OpenBot#425")

    reached_by = ("a location",)

    class Exchanges(Transport):
        def client(self, trust: Any) -> httpx2.Client:
            return httpx2.Client(verify=trust, trust_env=False, follow_redirects=True, timeout=60)


class FollowsForEver(Broken):
    """Follows a redirect a hundred times."""

    seen_in = ("danwrong/restler#17", "ReactiveX/RxNetty#87", "twisted/twisted#2412")

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            for _ in range(100):
                if (there := _there(url, response)) is None:
                    break
                response = super().send(method, there, headers, body)
            return response


class BodyIntoUrl(Broken):
    """Turns a redirected POST into a GET, with the body in the URL."""

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            there = _there(url, response)
            return super().send("GET", f"{there}?{body.decode()}", headers, None) if there and body else response
