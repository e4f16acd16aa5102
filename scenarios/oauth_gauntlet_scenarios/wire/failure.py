"""The check that most scenarios of this folder end with."""

from __future__ import annotations

from oauth_gauntlet.checks import require
from oauth_gauntlet.lab import described, documented
from oauth_gauntlet.protocol import ErrorInfo


def require_error(answer: object) -> None:
    """Require an error that the client documents."""
    require(isinstance(answer, ErrorInfo), expected="an error", seen=described(answer))
    documented(answer)
