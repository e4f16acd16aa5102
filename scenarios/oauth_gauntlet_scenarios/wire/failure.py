"""The check with which most scenarios of this folder end, and the number of repetitions."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import described, documented
from oauth_gauntlet.protocol import ErrorInfo

ROUNDS = 10
"""Repetitions of an exchange whose outcome depends on chance in some clients, so that the verdict does not."""


def require_error(answer: object) -> None:
    """Require an error that the client documents."""
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)
