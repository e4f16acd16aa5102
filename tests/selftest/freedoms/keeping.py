"""Freedoms in how long a token is used, and when another is requested."""

from __future__ import annotations

import json
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorKind, GrantType
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
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


class StaleWhileTheServerFails(Free):
    """Returns the expired token while the server fails: no answer, 5xx, no token response. No document forbids it."""

    reached_by = ("a token request that failed",)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure as failure:
            if self.held is None or failure.error.kind is ErrorKind.OAUTH:
                raise
            return self.held


class RenewsOn401Only(Free):
    """Ignores the lifetime, and renews when a resource refuses the token (RFC 6749 1.5 (E), (F))."""

    undeclared = frozenset({Capability.AUTO_REFRESH})

    def is_fresh(self, held: Any) -> bool:
        return True


class CacheByConfiguration(Free):
    """Keeps its token in a cache of the process, by the whole configuration; it outlives another configuration in between."""

    kept: dict[str, Any] = {}  # noqa: RUF012 - the cache of the process

    name = ""

    def configure(self, config: Any) -> None:
        super().configure(config)
        self.name = json.dumps(config, sort_keys=True)
        self.held = self.kept.get(self.name)

    def exchange(self, grant: Any) -> Any:
        self.kept[self.name] = super().exchange(grant)
        return self.kept[self.name]


class GrantedScopeOnRefresh(Free):
    """Repeats the granted scope when it refreshes (RFC 6749 6: scope is OPTIONAL)."""

    # No scenario has such a value: this shows that the usual ones pass.
    reached_by = ("is_fresh",)

    class Requests(TokenRequestBuilder):
        granted: str | None = None

        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            repeated = grant is GrantType.REFRESH_TOKEN is not self.configuration.grant and self.granted
            more = [("scope", self.granted)] if repeated else []
            return super().grant_parameters(grant, refresh_token, now) + more

    def request_builder(self, configuration: Any) -> Any:
        builder = self.Requests(configuration)
        builder.granted = self.held and (self.held.grant.scope or configuration.scope)
        return builder


class AsksForThePasswordAgain(Free):
    """Forgets the password with the first token, and reports to its application when the refresh token has ended."""

    def renew(self) -> Any:
        configuration, _ = self._ready()
        if self.held is None or configuration.grant is not GrantType.PASSWORD:
            return super().renew()
        return self.exchange(GrantType.REFRESH_TOKEN)
