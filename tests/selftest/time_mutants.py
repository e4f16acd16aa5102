"""Bugs in expiry, renewal, rotation and in front of several callers, one a class."""

import contextlib
import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from broken import Broken

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.errors import configuration_error, protocol_error
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response

_HOUR_S = 3600

# Lifetimes


class LifetimeInMilliseconds(Broken):
    """Takes expires_in for milliseconds."""

    caught_by = ("expiry.not-before[password]", "expiry.skew.seconds-ahead[password]")

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=(granted.expires_in or 0) / 1000))


class LifetimeInMinutes(Broken):
    """Takes expires_in for minutes."""

    caught_by = ("expiry.renewed-after[password]", "expiry.tiny.1-second[password]")

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=(granted.expires_in or 0) * 60))


class LeewayOfAnHour(Broken):
    """Renews an hour before the end, so that a token of an hour never lives."""

    caught_by = ("expiry.cached[password]", "expiry.not-before[password]")

    def leeway_s(self, lifetime_s: float) -> float:
        return _HOUR_S


class LeewayTheWrongWay(Broken):
    """Adds the leeway in place of subtracting it."""

    caught_by = ("expiry.renewed-after[password]", "expiry.tiny.59-seconds[password]")

    def leeway_s(self, lifetime_s: float) -> float:
        return -60.0


class ShortLivesForEver(Broken):
    """Takes a lifetime below its leeway for none at all."""

    caught_by = ("expiry.tiny.1-second[password]", "expiry.tiny.5-seconds[password]")

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, expires_at=None) if (granted.expires_in or 0) < 30 else held


class NeverExpires(Broken):
    """Keeps the first token for good."""

    caught_by = ("expiry.renewed-after[password]", "expiry.year[password]")

    def is_fresh(self, held: Any) -> bool:
        return True


class DayAtMost(Broken):
    """Takes no lifetime of more than a day for true, and asks each time."""

    caught_by = ("expiry.year[password]",)

    def keep(self, granted: Any) -> Any:
        return super().keep(replace(granted, expires_in=0.0 if (granted.expires_in or 0) > 86_400 else granted.expires_in))


class ThirtyOneBits(Broken):
    """Keeps the time of the end in 31 bits."""

    caught_by = ("expiry.skew.years-behind[password]", "expiry.cached[password]")

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, expires_at=int(held.expires_at or 0) & 0x3FFFFFFF)


class MissingLifetimeCrashes(Broken):
    """Counts on expires_in."""

    caught_by = ("expiry.missing[password]", "parse.expires-in-absent[password]")

    def keep(self, granted: Any) -> Any:
        if granted.expires_in is None:
            raise KeyError("expires_in")
        return super().keep(granted)


class MissingLifetimeLoops(Broken):
    """Asks again and again for a token that says how long it lives."""

    caught_by = ("expiry.missing[password]",)

    def exchange(self, grant: Any) -> Any:
        for _ in range(3):
            held = super().exchange(grant)
            if held.expires_at is not None:
                break
        return held


class OnArrivalLoops(Broken):
    """Asks again as long as the token has expired on arrival."""

    caught_by = ("expiry.on-arrival.zero[password]",)

    def exchange(self, grant: Any) -> Any:
        for _ in range(10):
            held = super().exchange(grant)
            if self.is_fresh(held):
                break
        return held


# Clocks


class ServersClockBelieved(Broken):
    """Counts from the server's Date, by its own clock."""

    caught_by = ("expiry.skew.hours-ahead[password]", "expiry.skew.hours-behind[password]")

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            granted = super().read(response)
            sent = parsedate_to_datetime(response.header("date") or "").timestamp()
            return replace(granted, extra={**granted.extra, "sent": sent})

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, received_at=granted.extra["sent"], expires_at=granted.extra["sent"] + (granted.expires_in or 0))


class ClockBackCrashes(Broken):
    """Takes it for impossible that time goes back."""

    caught_by = ("expiry.clock-back[password]", "expiry.jump.back[password]")

    def is_fresh(self, held: Any) -> bool:
        if self.now() < held.received_at - 1:
            raise AssertionError("time goes forward")
        return super().is_fresh(held)


class JumpAheadEndsIt(Broken):
    """Takes a token that is a day old for one that cannot be renewed."""

    caught_by = ("expiry.jump.ahead[password]", "expiry.year[password]")

    def renew(self) -> Any:
        if self.held is not None and self.now() > self.held.received_at + 80_000:
            raise configuration_error("begin a new session")
        return super().renew()


# Renewal that fails


class StaleHandedOut(Broken):
    """Hands out the expired token when it cannot be renewed."""

    caught_by = ("expiry.no-stale-token.503[password]", "expiry.failure-keeps-state.reset[password]")

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            if self.held is None:
                raise
            return self.held


class FailureForgets(Broken):
    """Forgets its refresh token when a renewal fails."""

    caught_by = ("expiry.failure-keeps-state.503[refresh_token]", "expiry.failure-keeps-state.closed[refresh_token]")

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure:
            self.refresh_token = None
            raise


class FailureRemembered(Broken):
    """Answers each later call with the first failure."""

    caught_by = ("expiry.failure-keeps-state.html[password]", "concurrency.failure-frees.503[password]")

    failed: ClientFailure | None = None

    def renew(self) -> Any:
        if self.failed is not None:
            raise self.failed
        try:
            return super().renew()
        except ClientFailure as failure:
            self.failed = failure
            raise


class HalfKept(Broken):
    """Takes over the lifetime of an answer before it has looked for the token."""

    caught_by = ("expiry.failure-keeps-state.no-token[password]",)

    def renew(self) -> Any:
        try:
            return super().renew()
        except ClientFailure as failure:
            if self.held is not None and failure.error.kind == "protocol":
                self.held = replace(self.held, received_at=self.now(), expires_at=self.now() + _HOUR_S)
                return self.held
            raise


class InvalidGrantRepeated(Broken):
    """Sends a refresh token that was refused five times more."""

    caught_by = ("expiry.session-ends-once[refresh_token]", "refresh.invalid-grant-ends[refresh_token]")

    def ask(self, grant: Any) -> Any:
        for _ in range(5):
            with contextlib.suppress(ClientFailure):
                return super().ask(grant)
        return super().ask(grant)


class InvalidGrantSwallowed(Broken):
    """Says that the server is not well, whatever it answered."""

    caught_by = ("expiry.session-ends-once[refresh_token]",)

    def ask(self, grant: Any) -> Any:
        try:
            return super().ask(grant)
        except ClientFailure:
            raise protocol_error("the server is not well") from None


# Rotation


class FirstRefreshTokenForEver(Broken):
    """Always sends the refresh token that was configured."""

    caught_by = ("expiry.rotation-followed[refresh_token]", "refresh.many-generations[refresh_token]")

    def next_refresh_token(self, received: str) -> str:
        return self.refresh_token or received


class EveryOtherRotation(Broken):
    """Misses every other rotation."""

    caught_by = ("expiry.rotation-followed[refresh_token]", "refresh.rotation-replaces[refresh_token]")

    count = 0

    def next_refresh_token(self, received: str) -> str:
        self.count += 1
        return received if self.count % 2 else self.refresh_token or received


class TenGenerations(Broken):
    """Has room for ten generations."""

    caught_by = ("expiry.rotation-followed[refresh_token]", "refresh.many-generations[refresh_token]")

    count = 0

    def next_refresh_token(self, received: str) -> str:
        self.count += 1
        return received if self.count < 10 else self.refresh_token or received


class RefreshTokenDropped(Broken):
    """Forgets the refresh token when an answer brings none."""

    caught_by = ("refresh.absent-keeps.absent[refresh_token]",)

    def exchange(self, grant: Any) -> Any:
        held = super().exchange(grant)
        self.refresh_token = held.grant.refresh_token
        return held


class ScopeAskedAgain(Broken):
    """Asks on refresh for the scope that was configured, though less was granted."""

    caught_by = ("refresh.scope-not-widened[password]",)

    class Requests(TokenRequestBuilder):
        def grant_parameters(self, grant: Any, refresh_token: Any, now: float) -> Any:
            more = self.scope_parameters() if grant is GrantType.REFRESH_TOKEN is not self.configuration.grant else []
            return super().grant_parameters(grant, refresh_token, now) + more


# The resource


class RetriesForEver(Broken):
    """Renews and tries again for as long as the resource refuses."""

    caught_by = ("resource.401-persistent[password]",)

    def request(self, method: str, url: str, headers: Any, body: Any) -> Any:
        for _ in range(8):
            response = super().request(method, url, headers, body)
            if response.status != 401:
                break
            self.held = None
        return response


class RenewsOn403(Broken):
    """Renews its token on 403."""

    caught_by = ("resource.403-no-renewal[password]",)

    def says_invalid_token(self, response: Response) -> bool:
        return response.status in {401, 403}


class RetryWithoutBody(Broken):
    """Has read its body when it comes to send it again."""

    caught_by = ("resource.retry-body[password]",)

    sent: Any = None

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        again, self.sent = self.sent == (url, body), (url, body)
        return super().send_with(token, method, url, headers, "" if again else body)


class RetryWithOldToken(Broken):
    """Renews its token, and tries again with the old one."""

    caught_by = ("resource.401-renews-once[password]", "resource.revoked-early[password]", "expiry.server-ahead[password]")

    old: Any = None

    def send_with(self, token: Any, method: str, url: str, headers: Any, body: Any) -> Response:
        self.old = self.old or token
        return super().send_with(self.old, method, url, headers, body)


class NoRetry(Broken):
    """Hands out a 401 without a second try, though it says that it makes one."""

    caught_by = ("resource.revoked-early[password]", "expiry.server-ahead[password]")

    def says_invalid_token(self, response: Response) -> bool:
        return False


# Several callers


class _Open:
    def __enter__(self) -> None: ...

    def __exit__(self, *args: object) -> None: ...


class StampedeOnExpiry(Broken):
    """Guards the first token, and no renewal."""

    caught_by = ("concurrency.renewed-once.8[password]", "concurrency.rotation-survives.8[refresh_token]")

    def get_token(self) -> Any:
        if self.held is None:
            return super().get_token()
        return self.exposed(self.held if self.is_fresh(self.held) else self.renew())


class CacheOfTheProcess(Broken):
    """Keeps one token for all clients of the process."""

    caught_by = ("concurrency.no-mixing[client_credentials]", "config.reconfigure-drops-token[client_credentials]")

    tokens: dict[str, Any] = {}  # noqa: RUF012 - that is the bug

    def get_token(self) -> Any:
        configuration, _ = self._ready()
        if configuration.token_url not in self.tokens:
            self.tokens[configuration.token_url] = super().get_token()
        return self.tokens[configuration.token_url]


class LastOneServed(Broken):
    """Gives one of several callers the answer, and the others nothing that works."""

    caught_by = ("concurrency.same-answer.8[password]",)

    def get_tokens(self, count: int) -> Any:
        first, *others = super().get_tokens(count)
        return [first, *(replace(each, access_token="pending") for each in others)]


class FailureFreezes(Broken):
    """Lets nobody in for a while after a failure."""

    caught_by = ("concurrency.failure-frees.reset[password]",)

    closed_until = 0.0

    def renew(self) -> Any:
        if time.monotonic() < self.closed_until:
            raise protocol_error("later")
        try:
            return super().renew()
        except ClientFailure:
            self.closed_until = time.monotonic() + 5
            raise


class TimeoutBlocks(Broken):
    """Takes a request that timed out for one that is still under way, and waits for it."""

    caught_by = ("concurrency.timeout-frees[password]", "expiry.silence-recovers[password]")

    under_way = False

    def renew(self) -> Any:
        if self.under_way:
            raise protocol_error("somebody is asking already")
        try:
            return super().renew()
        except ClientFailure as failure:
            self.under_way = failure.error.kind == "timeout"
            raise


class CancelledForGood(Broken):
    """Waits for a caller that was cancelled: the mark that somebody is asking is never taken down."""

    caught_by = ("concurrency.cancel-frees.first[password]", "concurrency.cancel-frees.all-but-one[password]")

    marked = False

    def cancelled(self, call: Any) -> Any:
        self.marked = True
        return super().cancelled(call)

    def get_token(self) -> Any:
        token = super().get_token()
        if self.marked:
            raise protocol_error("somebody is asking already")
        return token
