"""The checks with which most scenarios of this folder end, and the number of repetitions."""

from __future__ import annotations

from oauth_gauntlet.checks import advise, require
from oauth_gauntlet.lab import described, documented
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind

ROUNDS = 10
"""Repetitions of an exchange whose outcome depends on chance in some clients, so that the verdict does not."""


def require_error(answer: object) -> None:
    """Require an error that the client documents."""
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)


def require_no_token(answer: object, *, because: str) -> None:
    """Require an error in place of a token; an error that the client does not document is a warning.

    For requirements of level must: the RFC forbids the token, and says nothing of the class of the error.
    """
    require(isinstance(answer, ErrorInfo), expected=f"an error: {because}", seen=described(answer))
    advise_documented(answer)


def advise_documented(answer: object) -> None:
    """Warn about an error that the client does not document."""
    advise(
        not (isinstance(answer, ErrorInfo) and answer.kind is ErrorKind.UNEXPECTED),
        expected="an answer that the client documents",
        seen=described(answer),
    )
