"""The documented errors of the reference client. Their texts contain no secrets."""

from __future__ import annotations

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind


def configuration_error(message: str) -> ClientFailure:
    """Return the error of a rejected configuration or key."""
    return ClientFailure(ErrorInfo(kind=ErrorKind.CONFIG, message=message, type="ConfigurationError"))


def protocol_error(message: str, status: int | None = None) -> ClientFailure:
    """Return the error of a response that cannot be accepted."""
    return ClientFailure(ErrorInfo(kind=ErrorKind.PROTOCOL, message=message, type="ProtocolError", http_status=status))


def transport_error(message: str, status: int | None = None, retry_after: float | None = None) -> ClientFailure:
    """Return the error of a connection, TLS or HTTP failure."""
    return ClientFailure(
        ErrorInfo(
            kind=ErrorKind.TRANSPORT,
            message=message,
            type="TransportError",
            http_status=status,
            retry_after=retry_after,
        )
    )


def timeout_error(message: str) -> ClientFailure:
    """Return the error of an exchange that exceeded its time limit."""
    return ClientFailure(ErrorInfo(kind=ErrorKind.TIMEOUT, message=message, type="TimeoutError"))


def oauth_error(*, code: str, description: str | None, uri: str | None, status: int) -> ClientFailure:
    """Return the error of an OAuth error response (RFC 6749 §5.2)."""
    text = f"{code}: {description}" if description else code
    return ClientFailure(
        ErrorInfo(
            kind=ErrorKind.OAUTH,
            message=f"{text} (HTTP {status})",
            type="OAuthError",
            oauth_error=code,
            oauth_error_description=description,
            oauth_error_uri=uri,
            http_status=status,
        )
    )
