"""The token that the reference client keeps: until when it is used, how it is renewed, and the request that gets it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.configuration import Configuration, ConfigurationReader, url_problem
from oauth_gauntlet.reference.errors import configuration_error, protocol_error
from oauth_gauntlet.reference.metadata import MetadataReader
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import Grant, TokenResponseReader
from oauth_gauntlet.reference.transport import Transport

MOST_LEEWAY_S = 30.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Held:
    """The token that the client keeps; times are in seconds since the epoch on the client's clock."""

    grant: Grant = field(repr=False)
    received_at: float
    expires_at: float | None


class TokenKeeper:
    """Keeps the token of one configuration. Each decision is a separate method, which a bug of the self-test can override."""

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

    # Decisions

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

    def is_good(self, held: Held) -> bool:
        """Return whether a token may still be used although it is time to renew it: its end has not come."""
        return held.expires_at is None or held.received_at - 1 <= self.now() < held.expires_at

    def renewed(self, held: Held | None) -> Held:
        """Renew the token. If that fails ahead of its end, return the old one: the resource still accepts it."""
        try:
            return self.renew()
        except ClientFailure:
            if held is None or not self.is_good(held):
                raise
            return held

    def renew(self) -> Held:
        """Get a new token: with the refresh token if there is one, otherwise with the grant itself."""
        configuration, _ = self._ready()
        if self.refresh_token is None or configuration.grant is GrantType.REFRESH_TOKEN:
            return self.exchange(configuration.grant)
        try:
            return self.exchange(GrantType.REFRESH_TOKEN)
        except ClientFailure as failure:
            if not self.ends_refresh(configuration.grant, failure):
                raise
            # The refresh token has ended, but the credentials of the grant may get a new token.
            self.refresh_token = None
            return self.exchange(configuration.grant)

    def ends_refresh(self, grant: GrantType, failure: ClientFailure) -> bool:
        """Return whether a failed refresh ends the use of the refresh token: invalid_grant (RFC 6749 §5.2).

        Of a grant without a user, any refusal does: its own credentials are as good, and its server may allow no refresh.
        """
        if grant is GrantType.PASSWORD:
            return failure.error.oauth_error == "invalid_grant"
        return failure.error.oauth_error is not None

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

    def _ready(self) -> tuple[Configuration, Transport]:
        if self.configuration is None or self.transport is None:
            raise configuration_error("the client is not configured")
        return self.configuration, self.transport
