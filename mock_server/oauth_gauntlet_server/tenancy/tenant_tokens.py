"""Mint, sign, look up, spend and revoke the tokens of one tenant.

This is a base class of `Tenant`. It separates the life of tokens from the set-up of a tenant. A token is
active if the tenant has a record of it, its dates allow it on the tenant's clock, it is not revoked and not spent (or
within its grace), and its session has not ended. A session is the set of tokens with the same family.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.http.clock import Clock
from oauth_gauntlet_server.jose.key_ring import KeyRing
from oauth_gauntlet_server.tenancy.claims import configured_claims
from oauth_gauntlet_server.tenancy.model import (
    ACCESS_TOKEN,
    REFRESH_TOKEN,
    RegisteredClient,
    RotationPolicy,
    TokenRecord,
    User,
)
from oauth_gauntlet_server.tenancy.randomness import Randomness
from oauth_gauntlet_server.tenancy.store import CountedStore, Store
from oauth_gauntlet_server.tenancy.tenant_settings import TenantSettings
from oauth_gauntlet_server.tenancy.tenant_urls import TenantURLs
from oauth_gauntlet_server.tenancy.token_rules import Use, end_of_life, in_excess, in_grace, too_early, usable, used
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
    _issuing: threading.RLock
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
        replaces: str | None = None,
    ) -> str:
        """Issue a refresh token without a request and return it.

        `claims` are those of the access tokens that it gets; `replaces` is the refresh token that was spent for it. Raises
        what `mint_access_token` raises.
        """
        return self._mint(
            REFRESH_TOKEN, token, client_id, username, subject, scope, expires_in, family, claims, issuer, replaces
        )

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
        return record if record is not None and self._is_active(record) else None

    def end_of(self, record: TokenRecord) -> Any:
        """Return `TokenRecord.ends_at`, or when the token ends because it is idle, if that is earlier."""
        return end_of_life(record, self.settings)

    @contextmanager
    def issuing(self) -> Iterator[None]:
        """Answer one request at a time where a rule of the tenant needs it; the context may be entered again."""
        if self.settings.one_at_a_time:
            with self._issuing:
                yield
        else:
            yield

    def use_refresh_token(self, token: str) -> Use:
        """Count one more use of a refresh token, and return what it leads to (atomic: of those that spend it, one wins).

        An unknown token counts as spent.
        """
        outcome = Use.REUSED

        def use(record: TokenRecord) -> TokenRecord:
            nonlocal outcome
            after, outcome = used(record, rules=self.settings, rotation=self.settings.rotation, now=self.clock.now())
            return after

        record = self.tokens.update(token, use)
        detects_reuse = self.settings.rotation is RotationPolicy.ROTATE_DETECT_REUSE
        if record is not None and record.replaces is not None and detects_reuse and outcome is not Use.REUSED:
            self.tokens.update(record.replaces, lambda before: replace(before, superseded=True))
        return outcome

    def refresh_is_too_early(self, family: str) -> bool:
        """Return whether the access token of a session lives too long for a refresh now; see `TokenRules.refresh_window_s`."""
        settings = self.settings
        if settings.refresh_window_s is None:
            return False
        return too_early((each for each in self._live(ACCESS_TOKEN) if each.family == family), settings, self.clock.now())

    def end_access_tokens(self, family: str) -> None:
        """End the access tokens of a session that a refresh ends; see `TokenRules.refresh_ends_access_token`."""
        if self.settings.refresh_ends_access_token:
            for record in self._live(ACCESS_TOKEN):
                if record.family == family:
                    self._end(record)

    def held_access_token(
        self, client_id: str, *, username: str | None, subject: str, scope: str, claims: Mapping[str, Any], issuer: str
    ) -> TokenRecord | None:
        """Return the access token that the client gets again; None where it gets a new one."""
        if not self.settings.same_access_token:
            return None
        ends = self.settings.access_token_lifetime_s is not None  # a token that somebody has minted may have no end
        wanted = self._claims(client_id, username, subject, scope, claims)
        for each in self._live(ACCESS_TOKEN):
            fits = (each.client_id, each.subject, each.scope, each.claims) == (client_id, subject, scope, wanted)
            if fits and each.issuer == issuer and (each.expires_at is not None) == ends:
                return each
        return None

    def make_room(self, kind: str, client_id: str, *, username: str | None) -> None:
        """End the oldest tokens of a client and user, so that it may have one more."""
        settings = self.settings
        most = settings.most_refresh_tokens if kind == REFRESH_TOKEN else settings.most_access_tokens
        if most is None:
            return
        held = [each for each in self._live(kind) if (each.client_id, each.username) == (client_id, username)]
        for record in in_excess(held, most):
            self._end(record)

    def _end(self, record: TokenRecord) -> None:
        self.tokens.update(record.token, lambda known: replace(known, revoked=True))

    def _live(self, kind: str) -> Iterator[TokenRecord]:
        """Return the live tokens of a kind, oldest first; a refresh token in its grace is not one that a client holds."""
        return (each for each in self.tokens.values() if each.kind == kind and not each.spent and self._is_active(each))

    def _is_active(self, record: TokenRecord) -> bool:
        return not self._is_dead(record) and usable(record, self.settings, self.clock.now())

    def revoke(self, token: str) -> None:
        """Revoke a token; a refresh token ends its whole session (RFC 7009 §2.1). Ignore unknown tokens."""
        record = self.tokens.update(token, lambda known: replace(known, revoked=True))
        if record is not None and record.is_refresh_token:
            self.end_session(record.family)

    def end_session(self, family: str) -> None:
        """End a session: none of its tokens is active from now on."""
        self._ended_families.put(family, self.clock.now())

    def _is_dead(self, record: TokenRecord) -> bool:
        """Check whether a token is not good any more for another reason than its dates."""
        if record.revoked or self._ended_families.get(record.family) is not None:
            return True
        return record.spent and not in_grace(record, self.settings, self.clock.now())

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
        replaces: str | None = None,
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
                replaces=replaces,
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
