"""What a client can know about its access tokens under one configuration.

The server's store is the truth about each token. A client does not see that store: it cannot know that a
token was revoked early, how long a token lives whose response has no expires_in, that the clock moved while a
response was on its way, why a resource has refused a token, or how old a token is that it keeps from an earlier
configuration of the same identity (configuring resets the clocks). This model records these cases, so that a story does
not blame the client for them.
"""

from __future__ import annotations

from collections.abc import Collection
from collections.abc import Set as AbstractSet

from oauth_gauntlet_scenarios.story.responses import TokenResponses
from oauth_gauntlet_server import Tenant
from oauth_gauntlet_server.tenancy.model import TokenRecord

LEEWAY_S = 300
"""Seconds before its end from which a client may renew a token."""

LEEWAY_SHARE = 1 / 2
"""Last part of the lifetime in which a client may renew a token; many count in fractions (expiry.not-before)."""


class Knowledge:
    """The tokens of one configuration as the client can see them, from the moment when it was configured."""

    def __init__(self, tenant: Tenant, responses: TokenResponses, kept: AbstractSet[str] = frozenset()) -> None:
        """Begin to know nothing but `kept`: the tokens of earlier configurations with the same identity."""
        self._tenant = tenant
        self._responses = responses
        self._kept = kept
        exchanges = tenant.journal.exchanges()
        self._began_at = exchanges[-1].sequence if exchanges else 0
        self.held: str | None = None
        """The token that the application got last."""
        self._handed_out: set[str] = set()
        self._revoked: set[str] = set()
        self._refused: set[str] = set()
        self._of_unknown_lifetime: set[str] = set()
        self._of_unknown_age: set[str] = set()
        self._overtaken: set[str] = set()
        self._moved_to = 0.0
        self._went_back = False
        self._renewal_showed = False
        self.renews_in_background = False
        """Whether the client may be renewing its token now, without being asked."""

    def settled(self) -> TokenRecord | None:
        """Return the held token's record, or None if the client may have a reason to request another token."""
        if self.held is None or self.held in self._refused or self._tenant.active(self.held) is None:
            return None
        return self.long_lived()

    def long_lived(self) -> TokenRecord | None:
        """Return the held token's record if time is no reason to request another token, or None.

        The server may have revoked the token.
        """
        if self.held is None or self._went_back or self.held in self._of_unknown_lifetime | self._of_unknown_age | self._kept:
            return None
        record = self._tenant.tokens.get(self.held)
        if record is None or record.expires_at is None:
            return None
        leeway_s = max(LEEWAY_S, LEEWAY_SHARE * (record.expires_at - record.issued_at))
        return record if record.expires_at - self._tenant.clock.now() > leeway_s else None

    def excuses(self, token: str) -> bool:
        """Return whether the client cannot know that this token is no longer valid."""
        return token in self._revoked | self._of_unknown_lifetime | self._overtaken | self._kept

    def superseded(self, token: str) -> bool:
        """Return whether the resource has refused a token, and the client has got another one since."""
        return token in self._refused and token != self.held

    def usable(self) -> set[str]:
        """Return the access tokens that were issued to the identity of this configuration."""
        return {*self._responses.issued(since=self._began_at), *self._kept}

    def record_token(self, token: str) -> None:
        """Record that the client has given this token to the application, or used it."""
        if token == self.held:
            return
        self.held, self._went_back = token, False
        if self._responses.hides_lifetime(token):
            self._of_unknown_lifetime.add(token)
        if self.renews_in_background:
            self._of_unknown_age.add(token)
            record = self._tenant.active(token)
            on_its_way = token in self._responses.issued() and token not in self._handed_out
            if on_its_way and (record is None or record.issued_at < self._moved_to):
                self._overtaken.add(token)
        self._handed_out.add(token)
        self._renewal_showed = True

    def record_uses(self, tokens: Collection[str]) -> None:
        """Record that the client has used these tokens, in the order in which they were issued."""
        issued = self._responses.issued()
        for token in sorted(tokens, key=lambda token: issued.index(token) if token in issued else -1):
            self.record_token(token)

    def record_refusal(self, token: str) -> None:
        """Record that the resource has refused a token, which a client may then use no more."""
        self._refused.add(token)

    def record_error(self) -> None:
        """Record that the application got an error, possibly that of a renewal in the background."""
        self._renewal_showed = True

    def record_revocation(self, token: str) -> None:
        """Record that the server has revoked a token, which the client cannot know."""
        self._revoked.add(token)

    def before_time_moves(self) -> None:
        """Record that the client may be renewing a token in the background, if it has one that is due.

        That request was made before the clock moves. Its assertion may have expired afterwards, and the
        lifetime of its token may count from before, so the client may consider that token due at any time.
        """
        self.renews_in_background = self.renews_in_background or (self.held is not None and self.settled() is None)

    def after_time_moved(self, seconds: int) -> None:
        """Record that the clocks of client and server have moved by so many seconds, backwards if negative."""
        self._moved_to = self._tenant.clock.now()
        self._went_back = self._went_back or seconds < 0

    def end_step(self) -> None:
        """End a step: a background renewal that has shown its result is over."""
        if self._renewal_showed:
            self.renews_in_background = self._renewal_showed = False
