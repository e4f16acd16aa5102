"""The reference client: configuration, cache, renewal by one caller at a time, refresh, authorised requests."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

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
from oauth_gauntlet.reference.configuration import AUTH_METHODS, Configuration, ConfigurationReader, url_problem
from oauth_gauntlet.reference.errors import configuration_error, protocol_error
from oauth_gauntlet.reference.metadata import MetadataReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import Grant, TokenResponseReader
from oauth_gauntlet.reference.transport import Response, Transport

MOST_LEEWAY_S = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """The token that the client keeps; times are in seconds since the epoch on the client's clock."""

    grant: Grant = field(repr=False)
    received_at: float
    expires_at: float | None


class ReferenceClient(ClientAdapter):
    """A correct OAuth 2.0 client. Each decision is a separate method, which a bug of the self-test can override."""

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

    # Parts

    def configuration_reader(self) -> ConfigurationReader:
        """Return the reader of configurations."""
        return ConfigurationReader()

    def request_builder(self, configuration: Configuration) -> TokenRequestBuilder:
        """Return the builder of token requests."""
        return TokenRequestBuilder(configuration)

    def response_reader(self) -> TokenResponseReader:
        """Return the reader of token responses."""
        return TokenResponseReader()

    def metadata_reader(self) -> MetadataReader:
        """Return the reader of the authorization server's metadata."""
        return MetadataReader()

    def new_transport(self, configuration: Configuration) -> Transport:
        """Return the HTTP transport."""
        return Transport(ca_file=configuration.ca_file, timeout_s=configuration.timeout_s)

    # Operations

    def hello(self) -> Hello:
        """Return the declarations: everything but the process clock, because it has its own clock; and the profile.

        `InProcessAdapter` adds ``instances``.
        """
        return Hello(
            client=ClientInfo(name="oauth-gauntlet reference client", version=__version__, language="python"),
            grants=frozenset(GrantType),
            token_endpoint_auth_methods=frozenset(AUTH_METHODS),
            parameters=CONFIGURATION_KEYS,
            capabilities=frozenset(Capability) - {Capability.PROCESS_CLOCK, Capability.INSTANCES},
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
                held = self.renew()
            return self.exposed(held)

    def get_tokens(self, count: int, cancel: int = 0) -> Sequence[Token | ErrorInfo]:
        """Make `count` concurrent calls of get_token, a thread each; the first `cancel` of them are cancelled."""
        return concurrent_calls(self.get_token, count, cancel, self.cancelled)

    def refresh(self) -> Token:
        """Exchange the refresh token."""
        with self._lock:
            self._ready()
            if self.refresh_token is None:
                raise configuration_error("there is no refresh token to exchange")
            return self.exposed(self.exchange(GrantType.REFRESH_TOKEN))

    def request(self, method: str, url: str, headers: Mapping[str, str], body: str | None) -> ResourceResponse:
        """Send a request with the token; after a 401 invalid_token, renew the token and send it again, once."""
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

    def cancelled(self, call: Call) -> Token | ErrorInfo:
        """Cancel a caller: it ends without an answer. Its request continues, because others may wait for it."""
        return call.result() if call.done() else ErrorInfo(kind=ErrorKind.CANCELLED, message="the caller was cancelled")

    def now(self) -> float:
        """Return the time, in seconds since the epoch."""
        return self._time_source() + self._offset_s

    def leeway_s(self, lifetime_s: float) -> float:
        """Return how many seconds before its expiry a token is renewed: a tenth of its lifetime, at most 30."""
        return min(MOST_LEEWAY_S, lifetime_s / 10)

    def is_fresh(self, held: Held) -> bool:
        """Return whether a token may still be used; with an unknown lifetime, until a resource refuses it (RFC 6749 §5.1)."""
        now = self.now()
        if held.expires_at is None:
            return True
        lifetime = held.expires_at - held.received_at
        # After the clock was set back, the age of the token is unknown: it is renewed.
        return held.received_at - 1 <= now < held.expires_at - self.leeway_s(lifetime)

    def renew(self) -> Held:
        """Get a new token: with the refresh token if there is one, otherwise with the grant itself."""
        configuration, _ = self._ready()
        if self.refresh_token is None or configuration.grant is GrantType.REFRESH_TOKEN:
            return self.exchange(configuration.grant)
        try:
            return self.exchange(GrantType.REFRESH_TOKEN)
        except ClientFailure as failure:
            if failure.error.oauth_error != "invalid_grant":
                raise
            # The refresh token has ended, but the credentials of the grant may get a new token.
            self.refresh_token = None
            return self.exchange(configuration.grant)

    def exchange(self, grant: GrantType) -> Held:
        """Make one token request; the state changes only if it succeeds."""
        self.discover()
        granted = self.ask(grant)
        held = self.keep(granted)
        if granted.refresh_token is not None:
            self.refresh_token = self.next_refresh_token(granted.refresh_token)
        self.held = held
        return held

    def discover(self) -> None:
        """Find the token endpoint in the metadata, if an issuer is configured in place of it: once for a configuration."""
        configuration, transport = self._ready()
        if configuration.issuer is None or configuration.token_url:
            return
        metadata = self.metadata_reader()
        response = transport.send("GET", metadata.url(configuration.issuer), {"Accept": "application/json"}, None)
        token_url = metadata.token_endpoint(response, configuration.issuer)
        if problem := url_problem(token_url, allow_http=configuration.allow_http):
            raise protocol_error(f"the token endpoint in the metadata: {problem}")
        self.configuration = replace(configuration, token_url=token_url)

    def ask(self, grant: GrantType) -> Grant:
        """Send a token request, and read its response."""
        configuration, transport = self._ready()
        builder = self.request_builder(configuration)
        pairs = builder.parameters(grant, refresh_token=self.refresh_token, now=self.now())
        response = transport.send(builder.method, builder.url(pairs), builder.headers(), builder.body(pairs))
        return self.responses.read(response)

    def keep(self, granted: Grant) -> Held:
        """Return the token with its times on this client's clock, counted from receipt."""
        now = self.now()
        expires_at = None if granted.expires_in is None else now + granted.expires_in
        return Held(grant=granted, received_at=now, expires_at=expires_at)

    def next_refresh_token(self, received: str) -> str:
        """Return the refresh token to keep: the new one replaces the old (RFC 6749 §6)."""
        return received

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
        """Return whether a resource refused the token itself: error invalid_token (RFC 6750 §3.1)."""
        return response.status == 401 and 'error="invalid_token"' in (response.header("www-authenticate") or "")

    def _ready(self) -> tuple[Configuration, Transport]:
        if self.configuration is None or self.transport is None:
            raise configuration_error("the client is not configured")
        return self.configuration, self.transport
