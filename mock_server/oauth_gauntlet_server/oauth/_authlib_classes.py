"""Import Authlib's server classes, with type annotations.

This is the only module that imports Authlib. Authlib has few annotations. For the type checker this module
declares the part of each class that the server uses; at run time the names are Authlib's own classes.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

# At level DEBUG Authlib logs each issued token. Our logs must not contain secrets.
logging.getLogger("authlib.oauth2").setLevel(logging.INFO)

__all__ = [
    "AuthorizationServerBase",
    "ClientCredentialsGrantBase",
    "InvalidClientError",
    "InvalidGrantError",
    "InvalidRequestError",
    "InvalidScopeError",
    "JWTBearerGrantBase",
    "OAuth2Error",
    "PasswordGrantBase",
    "PayloadBase",
    "RefreshTokenGrantBase",
    "RequestBase",
    "UnauthorizedClientError",
]

if TYPE_CHECKING:

    class OAuth2Error(Exception):
        """An error that the server sends as an error response (RFC 6749 §5.2)."""

        status_code: int

        def __init__(self, *, description: str | None = None, status_code: int | None = None) -> None: ...
        def get_body(self) -> list[tuple[str, str]]: ...

    class InvalidRequestError(OAuth2Error): ...

    class InvalidClientError(OAuth2Error): ...

    class InvalidGrantError(OAuth2Error): ...

    class InvalidScopeError(OAuth2Error): ...

    class UnauthorizedClientError(OAuth2Error): ...

    class PayloadBase: ...

    class RequestBase:
        """Authlib's request; a grant sets `user` and `refresh_token` when it validates the request."""

        payload: PayloadBase
        auth_method: str | None
        user: Any
        refresh_token: Any

        def __init__(self, method: str, uri: str) -> None: ...

    class AuthorizationServerBase:
        """Authlib's authorization server; only its token endpoint is used."""

        def register_grant(self, grant: type) -> None: ...
        def create_token_response(self, request: Any) -> Any: ...

    class ClientCredentialsGrantBase: ...

    class JWTBearerGrantBase: ...

    class PasswordGrantBase: ...

    class RefreshTokenGrantBase: ...

else:
    from authlib.oauth2.rfc6749 import (
        AuthorizationServer as AuthorizationServerBase,
    )
    from authlib.oauth2.rfc6749 import (
        InvalidClientError,
        InvalidGrantError,
        InvalidRequestError,
        InvalidScopeError,
        OAuth2Error,
        UnauthorizedClientError,
    )
    from authlib.oauth2.rfc6749 import OAuth2Payload as PayloadBase
    from authlib.oauth2.rfc6749 import OAuth2Request as RequestBase
    from authlib.oauth2.rfc6749.grants import ClientCredentialsGrant as ClientCredentialsGrantBase
    from authlib.oauth2.rfc6749.grants import RefreshTokenGrant as RefreshTokenGrantBase
    from authlib.oauth2.rfc6749.grants import ResourceOwnerPasswordCredentialsGrant as PasswordGrantBase

    def __getattr__(name):
        # Imported on first use: it loads cryptography, which the other grants do not need.
        if name == "JWTBearerGrantBase":
            from authlib.oauth2.rfc7523 import JWTBearerGrant

            return JWTBearerGrant
        raise AttributeError(name)
