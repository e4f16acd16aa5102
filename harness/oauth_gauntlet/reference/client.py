"""The reference client: the operations of an adapter, and authorised requests with the token that `TokenKeeper` keeps."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import TypeVar

from oauth_gauntlet import __version__
from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.protocol import (
    CONFIGURATION_KEYS,
    JSON,
    Capability,
    ClientInfo,
    ErrorInfo,
    ErrorKind,
    GrantType,
    Hello,
    ResourceRequest,
    ResourceResponse,
    Token,
)
from oauth_gauntlet.reference.callers import concurrent_calls
from oauth_gauntlet.reference.challenges import bearer_errors
from oauth_gauntlet.reference.configuration import AUTH_METHODS
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_keeper import Held, TokenKeeper
from oauth_gauntlet.reference.transport import Response

_A = TypeVar("_A")


class ReferenceClient(TokenKeeper, ClientAdapter):
    """A correct OAuth 2.0 client. Each decision is a separate method, which a bug of the self-test can override."""

    # Operations

    def hello(self) -> Hello:
        """Return the declarations: all grants, parameters and capabilities, and the profile.

        It has its own clock, and no process clock. `InProcessAdapter` adds ``instances`` and ``time_zone``.
        """
        return Hello(
            client=ClientInfo(name="oauth-gauntlet reference client", version=__version__, language="python"),
            grants=frozenset(GrantType),
            token_endpoint_auth_methods=frozenset(AUTH_METHODS),
            parameters=CONFIGURATION_KEYS,
            capabilities=frozenset(Capability) - {Capability.PROCESS_CLOCK, Capability.INSTANCES, Capability.TIME_ZONE},
            profiles=frozenset({"scim-connector"}),
        )

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Discard all state, and use this configuration."""
        with self._lock:
            self.close()
            self._offset_s = 0.0
            configuration = self.reader.read(config)
            self.transport = self.new_transport(configuration)
            self.configuration = configuration
            # With another grant selected, a configured refresh token is not used.
            if configuration.grant is GrantType.REFRESH_TOKEN:
                self.refresh_token = configuration.refresh_token

    def get_token(self) -> Token:
        """Return a valid token: the cached one, or a new one, which concurrent callers share."""
        with self._lock:
            self._ready()
            held = self.held
            if held is None or not self.is_fresh(held):
                held = self.renewed(held)
            return self.exposed(held)

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token, a thread each; the first `cancel` of them are cancelled."""
        return concurrent_calls([self.get_token] * count, cancel, self.cancelled)

    def refresh(self) -> Token:
        """Exchange the refresh token."""
        with self._lock:
            self._ready()
            if self.refresh_token is None:
                raise configuration_error("there is no refresh token to exchange")
            return self.exposed(self.exchange(GrantType.REFRESH_TOKEN))

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send a request with the token; after a 401, renew the token and send it again, once."""
        self.check_resource(url)
        token = self.get_token()
        response = self.send_with(token, method, url, headers, body)
        if self.is_invalid_token(response):
            with self._lock:
                # Another caller may have renewed it in the meantime.
                if self.held is not None and self.held.grant.access_token == token.access_token:
                    self.held = None
            response = self.send_with(self.get_token(), method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode("utf-8", "replace"))

    def requests(self, requests: Sequence[ResourceRequest], cancel: int = 0) -> Sequence[ResourceResponse | ErrorInfo]:
        """Make all requests concurrently, a thread each; the first `cancel` of them are cancelled."""
        calls = [partial(self.request, each.method, each.url, each.headers, each.body) for each in requests]
        return concurrent_calls(calls, cancel, self.cancelled)

    def advance_clock(self, seconds: float) -> None:
        """Move this client's clock."""
        with self._lock:
            self._offset_s += seconds

    def describe(self) -> Sequence[str]:
        """Return the string forms of client, configuration and token."""
        return (repr(self), str(self), repr(self.configuration), repr(self.held))

    def close(self) -> None:
        """Close all connections, and discard all state."""
        with self._lock:
            if self.transport is not None:
                self.transport.close()
            self.transport = None
            self.configuration = None
            self.held = None
            self.refresh_token = None

    def __repr__(self) -> str:
        configuration = self.configuration
        what = configuration.grant.short if configuration else "not configured"
        return f"<{type(self).__name__} {what}>"

    # Decisions

    def cancelled(self, call: Future[_A | ErrorInfo]) -> _A | ErrorInfo:
        """Cancel a caller: it ends without an answer. Its request continues, because others may wait for it."""
        return call.result() if call.done() else ErrorInfo(kind=ErrorKind.CANCELLED, message="the caller was cancelled")

    def exposed(self, held: Held) -> Token:
        """Return the token that the application gets."""
        granted = held.grant
        return Token(
            access_token=granted.access_token,
            token_type=granted.token_type,
            expires_in=granted.expires_in,
            expires_at=held.expires_at,
            refresh_token=self.refresh_token,
            scope=granted.scope,
            extra=granted.extra,
        )

    def send_with(self, token: Token, method: str, url: str, headers: Mapping[str, str], body: str | None) -> Response:
        """Send a request with the token in the Authorization header, and nowhere else (RFC 6750 §2.1)."""
        _, transport = self._ready()
        kept = {name: value for name, value in headers.items() if name.lower() != "authorization"}
        kept["Authorization"] = f"Bearer {token.access_token}"
        return transport.send(method, url, kept, None if body is None else body.encode("utf-8", "replace"))

    def check_resource(self, url: str) -> None:
        """Reject plain http for a token, unless it is intended (RFC 6750 §5.3)."""
        configuration, _ = self._ready()
        if url.lower().startswith("http:") and not configuration.allow_http:
            raise configuration_error("plain http sends the access token unencrypted; set allow_http if that is intended")

    def is_invalid_token(self, response: Response) -> bool:
        """Return whether a resource refused the token itself: 401 invalid_token (RFC 6750 §3.1), or 401 without a reason.

        Many resources give no reason. Another reason, such as insufficient_scope, a new token does not remove.
        """
        errors = bearer_errors(response.headers)
        return response.status == 401 and (not errors or "invalid_token" in errors)
