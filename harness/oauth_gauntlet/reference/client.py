"""The reference client: configuration, cache, single-flight renewal, refresh, authorised requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from oauth_gauntlet import __version__
from oauth_gauntlet.adapter import ClientAdapter
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import (
    CONFIGURATION_KEYS,
    JSON,
    Capability,
    ClientInfo,
    ErrorInfo,
    ErrorKind,
    GrantType,
    Hello,
    ResourceResponse,
    Token,
)
from oauth_gauntlet.reference.callers import Call, concurrent_calls
from oauth_gauntlet.reference.configuration import AUTH_METHODS, Configuration, ConfigurationReader
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import Grant, TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport

MOST_LEEWAY_S = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """A token in the client's hands; times are in seconds since the epoch on the client's clock."""

    grant: Grant = field(repr=False)
    received_at: float
    expires_at: float | None


class ReferenceClient(ClientAdapter):
    """An OAuth 2.0 client that is right in everything. Each decision is a method of its own."""

    def __init__(self, *, time_source: Callable[[], float] = time.time) -> None:
        self._time_source = time_source
        self._offset_s = 0.0
        self._lock = threading.RLock()
        self.configuration: Configuration | None = None
        self.transport: Transport | None = None
        self.held: Held | None = None
        self.refresh_token: str | None = None
        self.reader = self.configuration_reader()
        self.responses = self.response_reader()

    # What it is made of

    def configuration_reader(self) -> ConfigurationReader:
        """Return what reads configurations."""
        return ConfigurationReader()

    def request_builder(self, configuration: Configuration) -> TokenRequestBuilder:
        """Return what builds token requests."""
        return TokenRequestBuilder(configuration)

    def response_reader(self) -> TokenResponseReader:
        """Return what reads answers."""
        return TokenResponseReader()

    def new_transport(self, configuration: Configuration) -> Transport:
        """Return what makes exchanges."""
        return Transport(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)

    # Operations

    def hello(self) -> Hello:
        """Say what this client is, and that it can do everything."""
        return Hello(
            client=ClientInfo(name="oauth-gauntlet reference client", version=__version__, language="python"),
            grants=frozenset(GrantType),
            token_endpoint_auth_methods=frozenset(AUTH_METHODS),
            parameters=CONFIGURATION_KEYS,
            capabilities=frozenset(Capability) - {Capability.PROCESS_CLOCK},  # it has a clock of its own
        )

    def configure(self, config: Mapping[str, JSON]) -> None:
        """Drop everything, and begin with this configuration."""
        with self._lock:
            self.close()
            self._offset_s = 0.0
            configuration = self.reader.read(config)
            self.transport = self.new_transport(configuration)
            self.configuration = configuration
            # A refresh token beside another grant belongs to that other grant, which was not selected.
            if configuration.grant is GrantType.REFRESH_TOKEN:
                self.refresh_token = configuration.refresh_token

    def get_token(self) -> Token:
        """Return a token that is good now: the one in hand, or a new one; callers who wait for it share it."""
        with self._lock:
            self._ready()
            held = self.held
            if held is None or not self.is_fresh(held):
                held = self.renew()
            return self.exposed(held)

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token, a thread each; the first `cancel` of them are cancelled."""
        return concurrent_calls(self.get_token, count, cancel, self.cancelled)

    def refresh(self) -> Token:
        """Exchange the refresh token now."""
        with self._lock:
            self._ready()
            if self.refresh_token is None:
                raise configuration_error("there is no refresh token to exchange")
            return self.exposed(self.exchange(GrantType.REFRESH_TOKEN))

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Make a request with the token; one that the resource refuses as invalid is renewed, once."""
        token = self.get_token()
        response = self.send_with(token, method, url, headers, body)
        if self.says_invalid_token(response):
            with self._lock:
                # Another caller may have renewed it meanwhile.
                if self.held is not None and self.held.grant.access_token == token.access_token:
                    self.held = None
            response = self.send_with(self.get_token(), method, url, headers, body)
        return ResourceResponse(status=response.status, headers=response.headers, body=response.body.decode("utf-8", "replace"))

    def advance_clock(self, seconds: float) -> None:
        """Move this client's clock."""
        with self._lock:
            self._offset_s += seconds

    def describe(self) -> Sequence[str]:
        """Return the string forms of client, configuration and token."""
        return (repr(self), str(self), repr(self.configuration), repr(self.held))

    def close(self) -> None:
        """Close connections and forget everything."""
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

    def cancelled(self, call: Call) -> Token | ErrorInfo:
        """Cancel a caller: it goes away without an answer. A request that others may wait for goes on."""
        return call.result() if call.done() else ErrorInfo(kind=ErrorKind.CANCELLED, message="the caller was cancelled")

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._time_source() + self._offset_s

    def leeway_s(self, lifetime_s: float) -> float:
        """Return how long before its end a token is renewed: a tenth of its life, half a minute at most."""
        return min(MOST_LEEWAY_S, lifetime_s / 10)

    def is_fresh(self, held: Held) -> bool:
        """Whether a token may still be used. Of unknown lifetime: until somebody refuses it (RFC 6749 §5.1)."""
        now = self.now()
        if held.expires_at is None:
            return True
        lifetime = held.expires_at - held.received_at
        # A clock that was set back says nothing about the token's age: it is not taken for a longer life.
        return held.received_at - 1 <= now < held.expires_at - self.leeway_s(lifetime)

    def renew(self) -> Held:
        """Get a new token: by a refresh token where there is one, else by the grant itself."""
        configuration, _ = self._ready()
        if self.refresh_token is None or configuration.grant is GrantType.REFRESH_TOKEN:
            return self.exchange(configuration.grant)
        try:
            return self.exchange(GrantType.REFRESH_TOKEN)
        except ClientFailure as failure:
            if failure.error.oauth_error != "invalid_grant":
                raise
            # The session is over, but the grant's own credentials may begin another.
            self.refresh_token = None
            return self.exchange(configuration.grant)

    def exchange(self, grant: GrantType) -> Held:
        """Make one token request; nothing that is held changes unless it succeeds."""
        granted = self.ask(grant)
        held = self.keep(granted)
        if granted.refresh_token is not None:
            self.refresh_token = self.next_refresh_token(granted.refresh_token)
        self.held = held
        return held

    def ask(self, grant: GrantType) -> Grant:
        """Send a token request and read its answer."""
        configuration, transport = self._ready()
        builder = self.request_builder(configuration)
        pairs = builder.parameters(grant, refresh_token=self.refresh_token, now=self.now())
        response = transport.send(builder.method, builder.url(pairs), builder.headers(), builder.body(pairs))
        return self.responses.read(response)

    def keep(self, granted: Grant) -> Held:
        """Return the token with the times that count for this client: from receipt, by its own clock."""
        now = self.now()
        expires_at = None if granted.expires_in is None else now + granted.expires_in
        return Held(grant=granted, received_at=now, expires_at=expires_at)

    def next_refresh_token(self, received: str) -> str:
        """Return the refresh token to hold from now on: the new one replaces the old (RFC 6749 §6)."""
        return received

    def exposed(self, held: Held) -> Token:
        """Return a token as the application sees it."""
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

    def says_invalid_token(self, response: Response) -> bool:
        """Whether a resource refused the token as such (RFC 6750 §3.1)."""
        return response.status == 401 and 'error="invalid_token"' in (response.header("www-authenticate") or "")

    def _ready(self) -> tuple[Configuration, Transport]:
        if self.configuration is None or self.transport is None:
            raise configuration_error("the client is not configured")
        return self.configuration, self.transport
