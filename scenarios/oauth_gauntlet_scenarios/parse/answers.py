"""A minimal token response, and checks of the token or error that the client returns for a response."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import described
from oauth_gauntlet.model import Mark
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, Token

MINIMAL = {"access_token": "gauntlet-token", "token_type": "Bearer"}


def response_mark(text: str) -> Mark:
    """Return a mark at a text of the response."""
    return Mark(text=text, part="response")


def require_no_crash(answer: Token | ErrorInfo) -> None:
    """Require a token or an error that the client documents, not an internal exception."""
    require(
        not isinstance(answer, ErrorInfo) or answer.kind is not ErrorKind.UNEXPECTED,
        expected="a token, or an error that the client documents",
        seen=described(answer),
    )


def require_no_token(answer: Token | ErrorInfo, mark: Mark) -> None:
    """Require an error: the response contains no access token."""
    require(
        isinstance(answer, ErrorInfo),
        expected="an error: the response contains no access token",
        seen=described(answer),
        mark=mark,
    )
