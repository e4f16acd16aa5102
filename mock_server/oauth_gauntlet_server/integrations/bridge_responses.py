"""Answer requests of the requests library to a chosen origin in this process, with the package responses.

The package intercepts all requests that the requests library sends. The server's application answers those to
the origin, with its faults and its journal. A fault that needs a socket gets 501 (Not Implemented).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from oauth_gauntlet_server.http.handled import ConnectionInfo, Handled
from oauth_gauntlet_server.http.http_request import RecordedRequest
from oauth_gauntlet_server.integrations.bridge import ask

if TYPE_CHECKING:
    from requests import PreparedRequest

    from oauth_gauntlet_server.tenancy.tenant import Tenant

_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class _Server(Protocol):
    def handle(self, request: RecordedRequest, connection: ConnectionInfo) -> Handled: ...

    def tenant(self, name: str | None = None, *, base_url: str | None = None, **settings: Any) -> Tenant: ...


class Interception:
    """An origin for which the server answers."""

    def __init__(self, server: _Server, origin: str) -> None:
        self.origin = origin
        self._server = server

    def tenant(self, name: str | None = None, **settings: Any) -> Tenant:
        """Create a tenant with URLs below the origin."""
        return self._server.tenant(name, base_url=self.origin, **settings)

    def answer(self, request: PreparedRequest) -> tuple[int, Mapping[str, str], bytes]:
        """Return status, headers and body of the response to a request of the requests library."""
        from urllib3 import HTTPHeaderDict

        parts, body = urlsplit(self.origin), request.body or b""
        answer = ask(
            self._server.handle,
            method=request.method or "GET",
            target=request.path_url,
            headers=tuple((str(name), str(value)) for name, value in request.headers.items()),
            body=body.encode() if isinstance(body, str) else bytes(body),
            scheme=parts.scheme,
            host=parts.hostname or "",
            port=parts.port,
        )
        # HTTPHeaderDict keeps header fields of the same name separate.
        return answer.status, HTTPHeaderDict(list(answer.headers)), answer.body


@contextmanager
def intercept(server: _Server, origin: str, *, pass_others: bool = False) -> Iterator[Interception]:
    """Answer for an origin until the context ends; see `MockServer.intercept`.

    Raises:
        ValueError: `origin` is not an origin (scheme, host, and optionally a port).
        ModuleNotFoundError: `responses` is not installed; the message contains the command that installs it.
    """
    parts = urlsplit(origin)
    if parts.scheme not in {"http", "https"} or not parts.hostname or parts.path not in {"", "/"} or parts.query:
        raise ValueError(f"origin {origin!r}: expected scheme and host, such as https://login.example.com")
    try:
        import responses
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError("intercept needs the package responses: pip install 'oauth-gauntlet[responses]'") from error
    interception = Interception(server, origin.rstrip("/"))
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        for method in _METHODS:
            # Every URL below the origin, but no host that only starts with the same characters.
            url = re.compile(rf"{re.escape(interception.origin)}([/?].*)?$", re.DOTALL)
            mock.add_callback(method, url, callback=interception.answer, content_type=None)
        if pass_others:
            mock.add_passthru(re.compile(r"https?://"))
        yield interception
