"""Freedoms in how long a token is used, and when another is requested."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import replace
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import Capability, ErrorKind, GrantType
from oauth_gauntlet.reference.challenges import bearer_errors
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from tests.selftest.background import InBackground
from tests.selftest.freedoms.free import Free


class NoLeeway(Free):
    """Uses a token until its last second."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 0.0


class LeewayOfFiveMinutes(Free):
    """Renews a token five minutes before its expiry, or in the second half of its life if it is shorter than ten minutes."""

    def leeway_s(self, lifetime_s: float) -> float:
        return min(300.0, lifetime_s / 2)


class LeewayOfAMinute(Free):
    """Renews a token a minute before its expiry, and so never uses one of a minute again, as Spring Security does."""

    def leeway_s(self, lifetime_s: float) -> float:
        return 60.0


class SessionEndReportedAtOnce(Free):
    """Reports the end of the session as soon as the server refuses the refresh token, although the access token is good."""

    reached_by = ("a token request that failed",)

    def renewed(self, held: Any) -> Any:
        try:
            return self.renew()
        except ClientFailure as failure:
            if held is None or failure.error.kind is ErrorKind.OAUTH or not self.is_good(held):
                raise
            return held


class NoCache(Free):
    """Has no cache, and declares none."""

    undeclared = frozenset({Capability.CACHE})

    def is_fresh(self, held: Any) -> bool:
        return False

    def is_good(self, held: Any) -> bool:
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


class RenewsOnInvalidTokenOnly(Free):
    """Renews its token after a 401 only if the resource gives the reason invalid_token (RFC 6750 §3.1: MAY)."""

    def is_invalid_token(self, response: Any) -> bool:
        return response.status == 401 and "invalid_token" in bearer_errors(response.headers)


class RenewsOnAny401(Free):
    """Renews its token after any 401, whatever the reason (RFC 9110 §15.5.2: MAY)."""

    def is_invalid_token(self, response: Any) -> bool:
        return bool(response.status == 401)


class ForgetsRefusedToken(Free):
    """Forgets its token after any 401, and gets another one with the next call; it retries after invalid_token only."""

    reached_by = ("is_invalid_token",)

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Any:
        response = super().send_with(token, method, url, headers, body)
        with self._lock:
            if response.status == 401 and self.held is not None and self.held.grant.access_token == token.access_token:
                self.held = None
        return response

    def is_invalid_token(self, response: Any) -> bool:
        return response.status == 401 and "invalid_token" in bearer_errors(response.headers)


class LastLifetimeAssumed(Free):
    """Takes the lifetime of the last response that stated one if a response has none (RFC 6749 §5.1: other means)."""

    reached_by = ("no expires_in",)

    stated: Any = None

    def configure(self, config: Any) -> None:
        super().configure(config)
        self.stated = None

    def keep(self, granted: Any) -> Any:
        self.stated = self.stated if granted.expires_in is None else granted.expires_in
        return super().keep(replace(granted, expires_in=self.stated))


class RefreshTokenBesideGrantIgnored(Free):
    """Keeps no refresh token that comes beside client credentials or an assertion: it can authenticate again."""

    reached_by = ("fault token_member", "fault all_of")

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        if grant in {GrantType.CLIENT_CREDENTIALS, GrantType.JWT_BEARER}:
            self.refresh_token = None
        return held


class EndReadElsewhere(Free):
    """Reads the end of the token in expires_on or expires_at if there is no expires_in (RFC 6749 §5.1: other means)."""

    reached_by = ("no expires_in",)

    def keep(self, granted: Any) -> Any:
        end = granted.extra.get("expires_on") or granted.extra.get("expires_at")
        if granted.expires_in is None and str(end).isdigit():
            granted = replace(granted, expires_in=max(0.0, float(str(end)) - self.now()))
        return super().keep(granted)


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


class RenewsAheadInBackground(InBackground, Free):
    """Returns its token until its end; in the last minute of its life, or half, each call lets a thread renew it meanwhile."""

    reached_by = ("a renewal",)

    def renewed(self, held: Any) -> Any:
        if held is None or not self.is_good(held):
            return super().renewed(held)
        self.start_renewer(0.0, after_success=lambda _: None)
        return held

    def leeway_s(self, lifetime_s: float) -> float:
        return min(60.0, lifetime_s / 2)


class RenewsAsTimePasses(Free):
    """Has a timer by its own clock: a token that is due is renewed as soon as the clock moves, also if nobody asks."""

    reached_by = ("advance_clock",)

    def advance_clock(self, seconds: float) -> None:
        super().advance_clock(seconds)
        with self._lock:
            if self.held is not None and not self.is_fresh(self.held):
                with suppress(ClientFailure):
                    self.renew()
