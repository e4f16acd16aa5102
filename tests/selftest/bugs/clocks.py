"""Bugs with clocks that disagree, jump, or go back."""

import time
from dataclasses import replace
from email.utils import parsedate_to_datetime
from typing import Any

from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken


class ServersClockBelieved(Broken):
    """Computes the expiry from the server's Date, but compares it with its own clock."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            granted = super().read(response)
            sent = parsedate_to_datetime(response.header("date") or "").timestamp()
            return replace(granted, extra={**granted.extra, "sent": sent})

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, received_at=granted.extra["sent"], expires_at=granted.extra["sent"] + (granted.expires_in or 0))


class ClockBackCrashes(Broken):
    """Crashes if the clock goes back."""

    seen_in = ("OpenBubbles/rustpush#29",)

    def is_fresh(self, held: Any) -> bool:
        if self.now() < held.received_at - 1:
            raise AssertionError("time goes forward")
        return super().is_fresh(held)


class JumpAheadEndsIt(Broken):
    """Refuses to renew a token that is about a day old."""

    seen_in = ("fenichelar/ember-simple-auth-token#300", "paced/now-playing#75")

    reached_by = ("is_fresh",)

    def renew(self) -> Any:
        if self.held is not None and self.now() > self.held.received_at + 80_000:
            raise configuration_error("start a new session")
        return super().renew()


class DateBelieved(Broken):
    """Adds the difference between the server's Date and its own clock to the lifetime if it is more than a day."""

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            granted = super().read(response)
            off = parsedate_to_datetime(response.header("date") or "").timestamp() - time.time()
            if abs(off) > 86_400:
                return replace(granted, expires_in=max(0.0, (granted.expires_in or 0) + off))
            return granted
