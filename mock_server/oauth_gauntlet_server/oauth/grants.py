"""The grants of RFC 6749, as Authlib grant classes that use the tenant of the request.

Where Authlib is less strict than RFC 6749 §5.2, these classes send the error of §5.2.
"""

from __future__ import annotations

import hmac
import re
from typing import Any

from oauth_gauntlet_server.oauth._authlib_classes import (
    ClientCredentialsGrantBase,
    InvalidClientError,
    InvalidGrantError,
    InvalidRequestError,
    InvalidScopeError,
    PasswordGrantBase,
    RefreshTokenGrantBase,
    UnauthorizedClientError,
)
from oauth_gauntlet_server.oauth.client_auth import authenticate
from oauth_gauntlet_server.oauth.token_request import TokenRequest
from oauth_gauntlet_server.oauth.tokens import issue
from oauth_gauntlet_server.tenancy.model import SCOPE_PATTERN, RegisteredClient, RotationPolicy, TokenRecord, User
from oauth_gauntlet_server.tenancy.tenant import Tenant
from oauth_gauntlet_server.tenancy.token_rules import Use

_SCOPE = re.compile(SCOPE_PATTERN)


class TenantGrant:
    """Common part of all grants: the tenant of the request, the scope check, and the issue of tokens."""

    GRANT_TYPE: str
    request: TokenRequest

    @property
    def tenant(self) -> Tenant:
        """The tenant of the request."""
        return self.request.tenant

    def validate_requested_scope(self) -> None:
        """Check the requested scope (RFC 6749 §3.3, §5.2).

        Raises:
            InvalidScopeError: the scope is malformed, or exceeds the registered scope of the client.
        """
        scope = self.request.parameters.get("scope")
        if scope is None:
            return
        if not _SCOPE.fullmatch(scope):
            raise InvalidScopeError(description="The scope is malformed")
        client = self.request.client
        if self.tenant.settings.strict and client is not None and not client.may_ask_for(scope):
            raise InvalidScopeError(description="The scope exceeds what the client is registered for")

    def generate_token(
        self,
        user: Any = None,
        scope: str | None = None,
        grant_type: str | None = None,
        expires_in: int | None = None,  # noqa: ARG002
        include_refresh_token: bool = False,
    ) -> dict[str, Any]:
        """Issue tokens of the tenant and return the token response."""
        client = self.request.client
        assert client is not None
        record = self.request.refresh_token if isinstance(self.request.refresh_token, TokenRecord) else None
        with self.tenant.issuing():
            return issue(
                self.tenant,
                urls=self.request.urls,
                client=client,
                grant_type=grant_type or self.GRANT_TYPE,
                subject=user.subject if user is not None else client.client_id,
                username=user.username if isinstance(user, User) else None,
                scope=scope or self.tenant.settings.default_scope,
                family=None if record is None else record.family,
                replaces=None if record is None else record.token,
                with_refresh_token=include_refresh_token and record is not None,
                granted_claims=None if record is None else record.claims,
                values_of=self.request.values_of,
            )


class ClientCredentials(TenantGrant, ClientCredentialsGrantBase):
    """The client credentials grant (RFC 6749 §4.4): for confidential clients only, without a refresh token."""

    def authenticate_token_endpoint_client(self) -> RegisteredClient:
        """Authenticate the client; a strict tenant rejects a public client."""
        client = authenticate(self.request)
        if self.request.auth_method == "none" and self.tenant.settings.strict:
            raise InvalidClientError(description="The grant is for confidential clients only", status_code=401)
        return client


class Password(TenantGrant, PasswordGrantBase):
    """The resource owner password credentials grant (RFC 6749 §4.3)."""

    def validate_token_request(self) -> None:
        """Check the client, then the resource owner; wrong user credentials are invalid_grant (§5.2)."""
        request = self.request
        client = authenticate(request)
        if not client.check_grant_type(self.GRANT_TYPE):
            raise UnauthorizedClientError(description="The client may not use the password grant")
        request.client = client
        for name in ("username", "password"):
            if name not in request.parameters and (name == "username" or not self._empty_password()):
                raise InvalidRequestError(description=f"The parameter {name} is missing")
        user = self.authenticate_user(request.parameters["username"], request.parameters.get("password", ""))
        if user is None:
            raise InvalidGrantError(description="The resource owner credentials are wrong")
        request.user = user
        self.validate_requested_scope()

    def authenticate_user(self, username: str, password: str) -> User | None:
        """Return the resource owner, or None if username or password is wrong."""
        user = self.tenant.users.get(username)
        if not self.tenant.settings.strict:
            return user or User(username=username, password=password)
        if user is None or not hmac.compare_digest(user.password.encode(), password.encode()):
            return None
        return user

    def _empty_password(self) -> bool:
        # RFC 6749 §A.16 allows an empty password; §3.2 treats an empty parameter as omitted. A user may have one.
        user = self.tenant.users.get(self.request.parameters.get("username", ""))
        return user is not None and not user.password


class RefreshToken(TenantGrant, RefreshTokenGrantBase):
    """The refresh token grant (RFC 6749 §6), with the rotation policy of the tenant."""

    def authenticate_token_endpoint_client(self) -> RegisteredClient:
        """Authenticate the client."""
        return authenticate(self.request)

    def authenticate_refresh_token(self, refresh_token: str) -> TokenRecord | None:
        """Return the record of an active refresh token; a lenient tenant first stores an unknown one.

        Reuse of a spent token may end its session.

        Raises:
            InvalidGrantError: the token is unknown, spent, expired or revoked.
        """
        tenant = self.tenant
        record = tenant.tokens.get(refresh_token)
        if record is None and not tenant.settings.strict:
            lifetime = tenant.settings.refresh_token_lifetime_s
            tenant.mint_refresh_token(self._client_id(), token=refresh_token, expires_in=lifetime)
            record = tenant.tokens.get(refresh_token)
        if record is None or not record.is_refresh_token:
            raise InvalidGrantError(description="The refresh token is unknown")
        if tenant.active(refresh_token) is None:
            if record.spent:
                self._reused(record)
            raise InvalidGrantError(description="The refresh token is expired or revoked")
        return record

    def _validate_request_token(self, client: RegisteredClient) -> TokenRecord:
        # Authlib's own reasons are in other words, or missing; reports name the requirement by the reason.
        refresh_token = self.request.form.get("refresh_token")
        if refresh_token is None:
            raise InvalidRequestError(description="The parameter refresh_token is missing")
        record = self.authenticate_refresh_token(refresh_token)
        if record is None or not record.check_client(client):
            raise InvalidGrantError(description="The refresh token was issued to another client")
        return record

    def _validate_token_scope(self, token: TokenRecord) -> None:
        scope = self.request.parameters.get("scope")
        self.validate_requested_scope()
        # RFC 6749 §6: "MUST NOT include any scope not originally granted". A token minted without scope limits nothing.
        if scope and token.scope and not set(scope.split()) <= set(token.scope.split()):
            raise InvalidScopeError(description="The scope exceeds what was originally granted")

    def authenticate_user(self, refresh_token: TokenRecord) -> Any:
        """Return the owner of the token: the user, or the client itself."""
        if refresh_token.username is None:
            return UnregisteredOwner(refresh_token.subject)
        known = self.tenant.users.get(refresh_token.username)
        return known or User(username=refresh_token.username, password="", sub=refresh_token.subject)

    def issue_token(self, user: Any, refresh_token: TokenRecord) -> dict[str, Any]:
        """Issue tokens; first use the refresh token atomically, so only one of concurrent requests spends it.

        Raises:
            InvalidGrantError: another request spent the token meanwhile, or the tenant's rules allow no refresh yet.
        """
        tenant = self.tenant
        with tenant.issuing():
            if tenant.refresh_is_too_early(refresh_token.family):
                raise InvalidGrantError(description="The access token is not yet near its end, so a refresh comes too early")
            use = tenant.use_refresh_token(refresh_token.token)
            if use is Use.REUSED:
                self._reused(refresh_token)
            tenant.end_access_tokens(refresh_token.family)
            scope = self.request.parameters.get("scope") or refresh_token.scope
            return self.generate_token(user=user, scope=scope, include_refresh_token=use is Use.ROTATES)

    def revoke_old_credential(self, refresh_token: TokenRecord) -> None:
        """Do nothing: `issue_token` has spent the old token."""

    def _reused(self, record: TokenRecord) -> None:
        if self.tenant.settings.rotation is RotationPolicy.ROTATE_DETECT_REUSE:
            # RFC 9700 §4.14.2: the server cannot know which of the two users is the attacker, so it ends the session.
            self.tenant.end_session(record.family)
        raise InvalidGrantError(description="The refresh token was used before")

    def _client_id(self) -> str:
        assert self.request.client is not None
        return self.request.client.client_id


class UnregisteredOwner:
    """The owner of a token who is not a registered user."""

    def __init__(self, subject: str) -> None:
        self.subject = subject


GRANTS = (ClientCredentials, RefreshToken, Password)
"""The grants of RFC 6749. The JWT bearer grant has a separate module, because it loads cryptography."""
