"""Freedoms in how long a token is kept, and when another is asked for."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet.protocol import Capability
from tests.selftest.freedoms.free import Free


class NoLeeway(Free):
    """Uses a token to its last second."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 0.0


class LeewayOfFiveMinutes(Free):
    """Renews a token five minutes before its end."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 300.0


class NoCache(Free):
    """Keeps no token, and says so."""

    undeclared = frozenset({Capability.CACHE})

    def is_fresh(self, held: Any) -> bool:
        return False


class NoRetryAfter401(Free):
    """Leaves a 401 of the resource to its application, and says so."""

    undeclared = frozenset({Capability.RETRY_401})

    def says_invalid_token(self, response: Any) -> bool:
        return False


class EachCallerAsks(Free):
    """Keeps nothing and has nobody wait: two callers at once may send the same refresh token."""

    undeclared = frozenset({Capability.CACHE})

    def get_token(self) -> Any:
        return self.exposed(self.renew())
