"""Freedoms in how long a token is used, and when another is requested."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet.protocol import Capability
from tests.selftest.freedoms.free import Free


class NoLeeway(Free):
    """Uses a token until its last second."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 0.0


class LeewayOfFiveMinutes(Free):
    """Renews a token five minutes before its expiry."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 300.0


class NoCache(Free):
    """Has no cache, and declares none."""

    undeclared = frozenset({Capability.CACHE})

    def is_fresh(self, held: Any) -> bool:
        return False


class NoRetryAfter401(Free):
    """Returns a 401 of the resource to its caller, and declares no second attempt."""

    undeclared = frozenset({Capability.RETRY_401})

    def is_invalid_token(self, response: Any) -> bool:
        return False


class EachCallerAsks(Free):
    """Has no cache and no lock: two concurrent callers may send the same refresh token."""

    undeclared = frozenset({Capability.CACHE})

    def get_token(self) -> Any:
        return self.exposed(self.renew())
