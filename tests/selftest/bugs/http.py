"""Bugs in HTTP beyond the token request itself: connections, caches, cookies, time limits."""

import contextlib
import http.client
import threading
from typing import Any, ClassVar
from urllib.parse import urlsplit, urlunsplit

import httpx2

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import transport_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.transport import Response, Transport
from tests.selftest.bugs.broken import Broken
from tests.selftest.bugs.raw_http import ON_THE_WIRE
from tests.selftest.bugs.resource import sent_unchecked


class CookiesKept(Broken):
    """Stores cookies, in one jar for all clients."""

    seen_in = ("zamzterz/Flask-pyoidc#153",)

    reached_by = ("a cookie",)

    class Exchanges(Transport):
        jar: ClassVar[httpx2.Cookies] = httpx2.Cookies()

        def client(self, trust: Any) -> httpx2.Client:
            client = super().client(trust)
            client._cookies = self.jar
            return client


class AnswersCached(Broken):
    """Caches the response to a POST."""

    seen_in = ("chapter-three/next-drupal#788", "vercel/next.js#52405")

    reached_by = ("send again",)

    class Exchanges(Transport):
        answers: ClassVar[dict[Any, Response]] = {}

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if (url, body) not in self.answers:
                self.answers[(url, body)] = super().send(method, url, headers, body)
            return self.answers[(url, body)]


class ConnectionTrusted(Broken):
    """Reuses a connection without checking that the server has not closed it."""

    reached_by = (*ON_THE_WIRE, "send again")

    seen_in = ("denoland/deno#31932", "anthropics/claude-code#89608", "nodejs/node#47130")

    # The client may notice that the server has closed the connection, or not yet.
    by_chance = ("http.connection-reuse", "trouble.connections-closed", "concurrency.", "wire.extra-response")

    class Exchanges(Transport):
        uses_proxies = False
        connections: ClassVar[dict[tuple[str, str, int], http.client.HTTPConnection]] = {}

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            parts = urlsplit(url)
            if parts.scheme != "http":
                return super().send(method, url, headers, body)
            # One for each tenant, so that scenarios do not share connections, and for each caller at the same time.
            place = parts.netloc, parts.path, threading.get_ident()
            connection = self.connections.setdefault(place, http.client.HTTPConnection(parts.netloc, timeout=20))
            connection.auto_open = connection.sock is None
            try:
                connection.request(method, urlunsplit(("", "", *parts[2:])), body, headers)
                answer = connection.getresponse()
                text = answer.read()
            except (http.client.HTTPException, OSError) as error:
                self.connections.pop(place).close()
                raise transport_error(str(error)) from None
            return Response(status=answer.status, headers=tuple(answer.getheaders()), body=text)


class UserinfoSent(Broken):
    """Uses the user information in the token URL for authentication."""

    seen_in = ("encode/httpx#568",)

    class Configurations(ConfigurationReader):
        def check_url(self, url: str, *, allow_http: bool) -> None:
            parts = urlsplit(url)
            super().check_url(urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2])), allow_http=allow_http)


class UserinfoInHost(Broken):
    """Writes the whole authority of the token URL into Host, including the user information."""

    reached_by = ("a URL with user information",)

    Configurations = UserinfoSent.Configurations

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            parts = urlsplit(url)
            bare = urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))
            return super().send(method, bare, {**headers, "Host": parts.netloc}, body)


class ErrorsRaw(Broken):
    """Raises the errors of its HTTP library unchanged."""

    seen_in = ("wmalgadey/PyTado#42",)

    reached_by = ("an exchange that failed",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            try:
                return super().send(method, url, headers, body)
            except ClientFailure as failure:
                raise KeyError(str(failure)) from None


class TriesForEver(Broken):
    """Sends a request six times if the exchange fails."""

    seen_in = ("keycloak/keycloak#52978", "softonic/axios-retry#66")

    reached_by = ("an exchange that failed",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            for _ in range(5):
                with contextlib.suppress(ClientFailure):
                    return super().send(method, url, headers, body)
            return super().send(method, url, headers, body)


class NoTimeLimit(Broken):
    """Ignores the configured timeout, and waits for a minute."""

    seen_in = ("HubspotCommunity/hubspot-ruby#220", "databricks/databricks-sdk-py#1480", "BingAds/BingAds-Java-SDK#106")

    reached_by = ("an exchange that timed out",)

    class Exchanges(Transport):
        def __init__(self, *, ca_file: str | None, timeout_s: float) -> None:
            super().__init__(ca_file=ca_file, timeout_s=60.0)


class Impatient(Broken):
    """Ignores the configured timeout, and times out after 0.2 seconds."""

    seen_in = ("codice/ddf#5849", "GitGuardian/ggmcp#228", "safebucket/safebucket#1274")

    reached_by = ("an exchange of more than 0.1 s",)

    # The server delays some renewals by just that time.
    by_chance = ("concurrency.",)

    class Exchanges(Transport):
        def __init__(self, *, ca_file: str | None, timeout_s: float) -> None:
            super().__init__(ca_file=ca_file, timeout_s=0.2)


class SecretInjects(Broken):
    """Writes the client secret into a header field without removing line ends."""

    seen_in = ("googleapis/google-http-java-client#2184",)

    class Requests(TokenRequestBuilder):
        def headers(self) -> dict[str, str]:
            injected = {"X-Injected": "1"} if "X-Injected" in (self.configuration.client_secret or "") else {}
            return {**super().headers(), **injected}


class SecretUnchecked(Broken):
    """Writes a client secret with control characters into the Authorization field as it is."""

    reached_by = ("Requests of SecretUnchecked",)

    class Requests(TokenRequestBuilder):
        def basic(self) -> str:
            secret = self.configuration.client_secret or ""
            return super().basic() if secret.isprintable() else f"Basic {secret}"

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            authorization = headers.get("Authorization", "")
            if authorization.isprintable() or not authorization.startswith("Basic "):
                return super().send(method, url, headers, body)
            return sent_unchecked(method, url, authorization)
