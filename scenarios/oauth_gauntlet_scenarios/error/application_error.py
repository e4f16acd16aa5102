"""The error that the application gets: checks shared by the scenarios of this folder."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import described, documented
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, Token


def error_of(answer: Token | ErrorInfo) -> ErrorInfo:
    """Return the answer, which must be an error."""
    require(
        isinstance(answer, ErrorInfo),
        expected="an error for the application",
        seen=described(answer),
        mark=Mark(text="HTTP/1.1", part="response"),
    )
    assert isinstance(answer, ErrorInfo)
    return answer


def documented_error(answer: Token | ErrorInfo) -> ErrorInfo:
    """Return the answer, which must be an error that the client documents."""
    error = error_of(answer)
    documented(error)
    return error


def names_code(error: ErrorInfo, code: str) -> bool:
    """Return whether the application can learn the OAuth error code."""
    return error.oauth_error == code or code in error.message or code in error.type


def names_status(error: ErrorInfo, status: int) -> bool:
    """Return whether the application can learn the HTTP status code."""
    return error.http_status == status or str(status) in error.message


def require_code(error: ErrorInfo, code: str) -> None:
    """Require that the application can learn the OAuth error code."""
    require(
        names_code(error, code),
        expected=f"the code {code} in the client's error",
        seen=described(error),
        mark=Mark(text=code, part="response"),
    )
