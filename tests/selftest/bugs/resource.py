"""Bugs in resource requests."""

import base64
import socket
from dataclasses import replace
from typing import Any
from urllib.parse import urljoin, urlsplit

from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken
from tests.selftest.freedoms.keeping import CacheByConfiguration


def sent_unchecked(method: str, url: str, authorization: str) -> Response:
    """Send a request with this Authorization field, whatever characters it has, and return the status of the answer."""
    parts = urlsplit(url)
    with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=10) as connection:
        head = f"{method} {parts.path} HTTP/1.1\r\nHost: {parts.netloc}\r\nConnection: close\r\n"
        connection.sendall(f"{head}Authorization: {authorization}\r\n\r\n".encode())
        answer = connection.makefile("rb").read()
    return Response(status=int(answer.split()[1]), headers=(), body=b"")


class TokenScheme(Broken):
    """Sends the scheme Token instead of Bearer, as an older API of a code forge required."""

    seen_in = ("rust-lang/crates.io#7726", "cli/cli#11666")

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        return transport.send(method, url, {**headers, "Authorization": f"Token {token.access_token}"}, None)


class TokenSmuggles(Broken):
    """Writes the token into the request header without checking it for line ends."""

    seen_in = ("dart-lang/http#1368",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        return sent_unchecked(method, url, f"Bearer {token.access_token}")


class CachedTokenSmuggles(TokenSmuggles, CacheByConfiguration):
    """Writes the token unchecked into the request header; a cache of the process keeps its tokens, which is a freedom."""

    reached_by = ("send_with",)

    kept: dict[str, Any] = {}  # noqa: RUF012 - the cache of the process


class BareReturnSmuggles(Broken):
    """Treats a bare CR in the token as the end of a line."""

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        first, _, rest = token.access_token.partition("\r")
        name, _, value = rest.strip().partition(": ")
        extra = {name: value} if name else {}
        return super().send_with(replace(token, access_token=first), method, url, {**headers, **extra}, body)


class RetriesForEver(Broken):
    """Sends up to eight requests, each with a new token, while the resource returns 401."""

    seen_in = ("camunda/camunda#26012", "basecamp/hey-sdk#138", "bucketeer-io/bucketeer#2455")

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        for _ in range(8):
            response = super().request(method, url, headers, body)
            if response.status != 401:
                break
            self.held = None
        return response


class RenewsOn403(Broken):
    """Also renews its token after 403."""

    seen_in = ("meshery/meshery#8900",)

    def is_invalid_token(self, response: Response) -> bool:
        return response.status in {401, 403}


class RetryWithoutBody(Broken):
    """Repeats a request with an empty body, because the body was already read."""

    seen_in = ("emdash-cms/emdash#2556", "base44/cli#250", "thomaslazar/abs-cli#89")

    sent: Any = None

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        again, self.sent = self.sent == (url, body), (url, body)
        return super().send_with(token, method, url, headers, "" if again else body)


class RetryWithOldToken(Broken):
    """Renews its token, but repeats the request with the old one."""

    seen_in = ("salesforce-marketingcloud/FuelSDK-Node-REST#76", "Snowflake-Labs/pg_lake#276")

    old: Any = None

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        self.old = self.old or token
        return super().send_with(self.old, method, url, headers, body)


class NoRetry(Broken):
    """Returns a 401 without a second attempt, although it declares one."""

    seen_in = ("IdentityModel/IdentityModel.AspNetCore#27", "bitwarden/sdk-internal#1098")

    def is_invalid_token(self, response: Response) -> bool:
        return False


class TokenInBase64(Broken):
    """Sends the token in base64, as Basic credentials are sent."""

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        encoded = base64.b64encode(str(token.access_token).encode()).decode()
        return transport.send(method, url, {**headers, "Authorization": f"Bearer {encoded}"}, None)


class TokenOnlyInQuery(Broken):
    """Sends the token only in the URL, without Cache-Control."""

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        return transport.send(method, f"{url}?access_token={token.access_token}", headers, body)


class PortNotCompared(Broken):
    """Follows a redirect of the resource with the token, unless it leads to another host name (as node-fetch does)."""

    reached_by = ("a location",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        response = super().send_with(token, method, url, headers, body)
        target = urljoin(url, response.header("location") or url)
        if 300 <= response.status < 400 and urlsplit(target).hostname == urlsplit(url).hostname:
            return super().send_with(token, method, target, headers, body)
        return response


class TokenInQuery(Broken):
    """Also sends the token in the URL."""

    seen_in = ("restfb/restfb#1107", "lelylan/simple-oauth2#20")

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        return super().send_with(token, method, f"{url}?access_token={token.access_token}", headers, body)


class UnknownTypeInQuery(Broken):
    """Sends a token of any type other than Bearer as a query parameter (as js-client-oauth2 does)."""

    class Responses(TokenResponseReader):
        def token_type(self, document: Any) -> str:
            return str(document.get("token_type"))

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        if str(token.token_type).lower() == "bearer":
            return super().send_with(token, method, url, headers, body)
        _, transport = self._ready()
        return transport.send(method, f"{url}?access_token={token.access_token}", headers, body)


class BearerAsTheServerSpellsIt(Broken):
    """Uses token_type as the scheme, in the spelling of the token response."""

    seen_in = ("trivago/Heimdallr.swift#59", "spring-attic/spring-security-oauth#558")

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        _, transport = self._ready()
        sent = {**headers, "Authorization": f"{token.token_type} {token.access_token}"}
        return transport.send(method, url, sent, None if body is None else body.encode())


class GrantForgottenAtRefusal(Broken):
    """Forgets token and grant when a resource refuses a token, and sends its next request without one."""

    forgotten = False

    def configure(self, config: Any) -> None:
        self.forgotten = False
        super().configure(config)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        if self.forgotten:
            _, transport = self._ready()
            return transport.send(method, url, headers, None if body is None else body.encode())
        return super().send_with(token, method, url, headers, body)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        response = super().request(method, url, headers, body)
        self.forgotten = self.forgotten or response.status in {401, 403}
        return response
