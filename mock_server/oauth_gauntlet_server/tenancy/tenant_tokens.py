"""Mint, sign, look up, spend and revoke the tokens of one tenant.

This is a base class of `Tenant`. It separates the life of tokens from the set-up of a tenant. A token is
active if the tenant has a record of it, its dates allow it on the tenant's clock, it is not revoked and not spent,
and its session has not ended. A session is the set of tokens with the same family.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.tenancy.claims import configured_claims
from oauth_gauntlet_server.tenancy.model import ACCESS_TOKEN, REFRESH_TOKEN, RegisteredClient, TokenRecord, User
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.store import CountedStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.token_store import TokenStore


class TenantTokens:
    """The token operations of a tenant; `Tenant` sets the attributes."""

    settings: TenantSettings
    clock: Clock
    keys: KeyRing
    clients: Store[RegisteredClient]
    users: Store[User]
    tokens: TokenStore
    urls: TenantURLs
    seen_assertions: CountedStore[float]
    _ended_families: CountedStore[float]
    randomness: Randomness

    def mint_access_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float | None = 3600,
        family: str | None = None,
        token: str | None = None,
        subject: str | None = None,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
    ) -> str:
        """Issue an access token without a request and return it; with a negative `expires_in` it is already expired.

        `subject` is that of the user or the client by default. `claims` take precedence over configured claims. `issuer`
        is the name of this tenant under which the token is issued, for introspection (None: the name under which the
        tenant is asked).

        Raises:
            MemoryFull: the memory of the server is full of what must not be dropped.
        """
        merged = self._claims(client_id, username, subject, scope, claims)
        return self._mint(ACCESS_TOKEN, token, client_id, username, subject, scope, expires_in, family, merged, issuer)

    def mint_jwt_access_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float = 3600,
        family: str | None = None,
        subject: str | None = None,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
        wrong_signature: bool = False,
        urls: TenantURLs | None = None,
    ) -> str:
        """Issue a JWT access token without a request and return it; see `signed_access_token`.

        `subject` is that of the user or the client by default. `claims` take precedence over configured claims.

        The token is a JWT also when the tenant's `access_token_format` is ``opaque``. A token of another
        `issuer`, or with a wrong signature, is not stored: introspection and resource reject it.
        """
        merged = self._claims(client_id, username, subject, scope, claims)
        named = issuer or (urls or self.urls).issuer
        token = self.signed_access_token(
            client_id,
            subject=subject or self._subject(client_id, username),
            scope=scope,
            expires_in=expires_in,
            claims=merged,
            issuer=named,
            wrong_signature=wrong_signature,
            urls=urls,
        )
        if wrong_signature or named not in {self.urls.issuer, (urls or self.urls).issuer}:
            return token
        return self._mint(ACCESS_TOKEN, token, client_id, username, subject, scope, expires_in, family, merged, named)

    def signed_access_token(
        self,
        client_id: str,
        *,
        subject: str,
        scope: str = "",
        expires_in: float = 3600,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
        wrong_signature: bool = False,
        urls: TenantURLs | None = None,
    ) -> str:
        """Return a JWT access token without storing it; `claims` take precedence over the standard ones.

        Issuer and audience come from `urls`, by default from the tenant's own.
        """
        from oauth_gauntlet_server.jose.access_token_jwt import (  # loads cryptography; opaque tokens do not need it
            access_token_claims,
            access_token_jwt,
            with_wrong_signature,
        )

        algorithm = self.settings.signing_algorithm
        named = urls or self.urls
        standard = access_token_claims(
            issuer=issuer or named.issuer,
            audience=named.resource_url,
            subject=subject,
            client_id=client_id,
            scope=scope,
            issued_at=self.clock.now(),
            lifetime_s=expires_in,
            identifier=self.randomness.hexadecimal(),
        )
        token = access_token_jwt(
            {**standard, **(claims or {})}, self.keys.current(algorithm), algorithm, self.settings.access_token_typ
        )
        return with_wrong_signature(token) if wrong_signature else token

    def mint_refresh_token(
        self,
        client_id: str,
        *,
        username: str | None = None,
        scope: str = "",
        expires_in: float | None = None,
        family: str | None = None,
        token: str | None = None,
        subject: str | None = None,
        claims: Mapping[str, Any] | None = None,
        issuer: str | None = None,
    ) -> str:
        """Issue a refresh token without a request and return it; `claims` are those of the access tokens that it gets.

        Raises what `mint_access_token` raises.
        """
        return self._mint(REFRESH_TOKEN, token, client_id, username, subject, scope, expires_in, family, claims, issuer)

    def rename_token(self, issued: str, other: str, claims: Mapping[str, Any] | None = None) -> None:
        """Store an issued access token under a second value too; do nothing if `issued` is unknown.

        `claims` are the additional claims of the second one, by default the same.
        """
        record = self.tokens.get(issued)
        if record is not None:
            self.tokens.put(other, replace(record, token=other, claims=record.claims if claims is None else claims))

    def active(self, token: str) -> TokenRecord | None:
        """Return the record of a token that is active now, otherwise None."""
        record = self.tokens.get(token)
        if record is None or self._is_dead(record):
            return None
        return record if record.is_valid_at(self.clock.now()) else None

    def spend(self, token: str) -> bool:
        """Mark a refresh token as spent; return False if it was spent before or is unknown (atomic: one caller wins)."""
        before: list[bool] = []

        def mark(record: TokenRecord) -> TokenRecord:
            before.append(record.spent)
            return replace(record, spent=True)

        return self.tokens.update(token, mark) is not None and not before[-1]

    def revoke(self, token: str) -> None:
        """Revoke a token; a refresh token ends its whole session (RFC 7009 §2.1). Ignore unknown tokens."""
        record = self.tokens.update(token, lambda known: replace(known, revoked=True))
        if record is not None and record.is_refresh_token:
            self.end_session(record.family)

    def end_session(self, family: str) -> None:
        """End a session: none of its tokens is active from now on."""
        self._ended_families.put(family, self.clock.now())

    def _is_dead(self, record: TokenRecord) -> bool:
        """Check whether a token is not good any more, whatever the time is."""
        return record.revoked or record.spent or self._ended_families.get(record.family) is not None

    def _drop_needless(self) -> None:
        """Forget identifiers of assertions that have expired, and ended sessions of which no token is stored."""
        now = self.clock.now() - self.settings.skew_s
        self.seen_assertions.keep(lambda identifier, expires: expires > now)  # noqa: ARG005
        families = {record.family for record in self.tokens.values()}
        self._ended_families.keep(lambda family, ended: family in families)  # noqa: ARG005

    def _mint(
        self,
        kind: str,
        token: str | None,
        client_id: str,
        username: str | None,
        subject: str | None,
        scope: str,
        expires_in: float | None,
        family: str | None,
        claims: Mapping[str, Any] | None,
        issuer: str | None,
    ) -> str:
        now = self.clock.now()
        value = token or self.randomness.text()
        self.tokens.put(
            value,
            TokenRecord(
                token=value,
                kind=kind,
                client_id=client_id,
                username=username,
                subject=subject or self._subject(client_id, username),
                scope=scope,
                issued_at=now,
                expires_at=None if expires_in is None else now + expires_in,
                family=family or self.randomness.hexadecimal(),
                claims=claims or {},
                issuer=issuer,
            ),
        )
        return value

    def _claims(
        self, client_id: str, username: str | None, subject: str | None, scope: str, claims: Mapping[str, Any] | None
    ) -> dict[str, Any]:
        """Return the configured claims of an access token, with `claims` in place of those of the same name."""
        # An assertion names its user by the subject; a token of the client itself has no user.
        owner = username or (subject if subject != client_id else None)
        configured = configured_claims(
            self.settings,
            scope=scope,
            client=self.clients.get(client_id),
            user=self.users.get(owner) if owner else None,
        )
        return {**configured, **(claims or {})}

    def _subject(self, client_id: str, username: str | None) -> str:
        user = self.users.get(username) if username else None
        return user.subject if user else (username or client_id)
