"""Freedoms in HTTP."""

from __future__ import annotations

import http.client
import socket
import threading
from contextlib import suppress
from typing import Any
from urllib.parse import urljoin, urlsplit

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.configuration import ConfigurationReader
from oauth_gauntlet.reference.errors import protocol_error, transport_error
from oauth_gauntlet.reference.transport import MOST_BODY, Response, Transport
from tests.selftest.freedoms.free import Free


class SameOriginFollowed(Free):
    """Follows one redirect that keeps the method (307, 308) to the same origin."""

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            target = urljoin(url, response.header("location") or "")
            if response.status in {307, 308} and urlsplit(target)[:2] == urlsplit(url)[:2]:
                return super().send(method, target, headers, body)
            return response


class FollowedWithoutSecrets(Free):
    """Follows a redirect to any origin, without Authorization, and only if the form contains no secret."""

    reached_by = ("a location",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            location = response.header("location")
            bare = {name: value for name, value in headers.items() if name.lower() != "authorization"}
            if location and bare != headers and body == b"grant_type=client_credentials":
                return super().send(method, urljoin(url, location), bare, body)
            return response


class OneReplay(Free):
    """Repeats a request once after its connection broke (RFC 9110 §9.2.2)."""

    reached_by = ("an exchange that failed",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            try:
                return super().send(method, url, headers, body)
            except ClientFailure as failure:
                if failure.error.kind != "transport":
                    raise
                return super().send(method, url, headers, body)


class TwoFramingsRefused(Free):
    """Rejects a response with both Transfer-Encoding and Content-Length (RFC 9112 §6.3 (3))."""

    reached_by = ("fault chunked",)

    class Exchanges(Transport):
        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            response = super().send(method, url, headers, body)
            if response.header("transfer-encoding") and response.header("content-length"):
                raise transport_error("a response with two lengths")
            return response


class UserinfoIgnored(Free):
    """Accepts a token URL with user information, and leaves it out of the request (RFC 9112 §3.2)."""

    class Configurations(ConfigurationReader):
        def read(self, given: Any) -> Any:
            url = given.get("token_url")
            if isinstance(url, str) and "://" in url:
                scheme, _, rest = url.partition("://")
                authority, slash, path = rest.partition("/")
                given = {**given, "token_url": f"{scheme}://{authority.rpartition('@')[2]}{slash}{path}"}
            return super().read(given)


class SmallAnswersOnly(Free):
    """Rejects a response of more than 100,000 octets."""

    reached_by = ("a large response", "an exchange that failed")

    class Exchanges(Transport):
        def most_body(self) -> int:
            return 100_000


class FirstMegabyteTaken(Free):
    """Reads one megabyte of a response, and ignores the rest (as golang.org/x/oauth2 does)."""

    reached_by = ("a large response", "an exchange that failed")

    class Exchanges(Transport):
        def _exchange(self, method: str, url: str, headers: Any, body: Any) -> Response:
            with self._client.stream(method, url, headers=dict(headers), content=body) as response:
                content = bytearray()
                for chunk in response.iter_bytes():
                    content += chunk
                    if len(content) >= MOST_BODY:
                        break
                kept = bytes(content[:MOST_BODY])
                return Response(status=response.status_code, headers=tuple(response.headers.multi_items()), body=kept)


def _shut_down(connection: socket.socket) -> None:
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


class Http10(Free):
    """Uses HTTP/1.0, as curl -0 does: no chunks, no interim responses, no Host, a connection for each request."""

    class Exchanges(Transport):
        uses_proxies = False

        def send(self, method: str, url: str, headers: Any, body: Any) -> Response:
            if not url.startswith("http:"):
                return super().send(method, url, headers, body)
            if any(set(value) & {"\r", "\n", "\0"} for value in headers.values()):
                raise transport_error("a header field with a line end")
            parts = urlsplit(url)
            target = f"{parts.path}?{parts.query}" if parts.query else parts.path
            fields = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
            head = f"{method} {target} HTTP/1.0\r\nUser-Agent: http10\r\n{fields}Content-Length: {len(body or b'')}\r\n\r\n"
            try:
                with socket.create_connection((parts.hostname or "", parts.port or 80), timeout=self._timeout_s) as connection:
                    # The timeout of a socket applies to each read; this timer limits the whole exchange.
                    late = threading.Timer(self._timeout_s, _shut_down, [connection])
                    late.start()
                    try:
                        connection.sendall(head.encode("latin-1") + (body or b""))
                        answer = http.client.HTTPResponse(connection, method=method)
                        answer.begin()
                        lengths = {
                            value.strip() for each in answer.headers.get_all("content-length", ()) for value in each.split(",")
                        }
                        if len(lengths) > 1 or not all(value.isdigit() for value in lengths):
                            raise ValueError("an invalid Content-Length")
                        content = answer.read(self.most_body() + 1)
                        if answer.length:
                            raise ValueError("incomplete")
                    finally:
                        late.cancel()
            except (http.client.HTTPException, OSError, ValueError) as error:
                raise transport_error(f"{type(error).__name__}: the exchange failed") from None
            if len(content) > self.most_body():
                raise protocol_error("too large for a token response", answer.status)
            if answer.getheader("content-encoding"):
                raise protocol_error("a content coding that was not asked for", answer.status)
            return Response(status=answer.status, headers=tuple(answer.getheaders()), body=content)
