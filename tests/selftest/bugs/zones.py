"""Bugs with time zones: local time is taken for UTC, or compared with it."""

import calendar
import time
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import parsedate
from typing import Any

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet.reference.token_response import TokenResponseReader
from oauth_gauntlet.reference.transport import Response
from tests.selftest.bugs.broken import Broken


def taken_as_local(epoch_s: float) -> float:
    """Return the instant that has this UTC time of day as its local time: the mistake of mktime(gmtime(...))."""
    return time.mktime((*time.gmtime(epoch_s)[:8], -1))


def taken_as_utc(epoch_s: float) -> float:
    """Return the instant that has this local time of day in UTC: the mistake of timegm(localtime(...))."""
    return float(calendar.timegm(time.localtime(epoch_s)))


class ExpiryReadAsLocalTime(Broken):
    """Stores the expiry as text in UTC, and reads it back as local time."""

    seen_in = ("googleapis/google-cloud-python#15192",)

    reached_by = ("another time zone",)

    def keep(self, granted: Any) -> Any:
        held = super().keep(granted)
        return replace(held, expires_at=None if held.expires_at is None else taken_as_local(held.expires_at))


class ExpiryComparedWithLocalTime(Broken):
    """Compares the expiry in UTC with the local time of day."""

    seen_in = ("googleads/googleads-dotnet-lib#84",)

    reached_by = ("another time zone",)

    def is_fresh(self, held: Any) -> bool:
        return held.expires_at is None or taken_as_utc(self.now()) < held.expires_at


class NaiveLocalTimes(Broken):
    """Adds the lifetime to the local time of day, and compares it with the local time of day."""

    seen_in = ("wmalgadey/PyTado#188",)

    reached_by = ("another time zone",)

    def is_fresh(self, held: Any) -> bool:
        if held.expires_at is None:
            return True
        received = datetime.fromtimestamp(held.received_at)  # noqa: DTZ006 - this is the bug
        ends = received + timedelta(seconds=held.expires_at - held.received_at)
        return datetime.fromtimestamp(self.now()) < ends  # noqa: DTZ006 - this is the bug


class ExpiresAtInLocalTime(Broken):
    """Exposes the local time of day of the expiry as if it were UTC."""

    seen_in = ("TracecatHQ/tracecat#3346",)

    reached_by = ("another time zone",)

    def exposed(self, held: Any) -> Any:
        token = super().exposed(held)
        return token if token.expires_at is None else replace(token, expires_at=taken_as_utc(token.expires_at))


class AssertionInLocalTime(Broken):
    """Issues assertions at the local time of day."""

    reached_by = ("another time zone",)

    class Requests(TokenRequestBuilder):
        def parameters(self, grant: Any, *, refresh_token: Any, now: float) -> Any:
            return super().parameters(grant, refresh_token=refresh_token, now=taken_as_utc(now))


class RetryAfterReadAsLocalTime(Broken):
    """Reads the date in Retry-After as local time."""

    reached_by = ("another time zone",)

    class Responses(TokenResponseReader):
        def read(self, response: Response) -> Any:
            try:
                return super().read(response)
            except ClientFailure as failure:
                until = parsedate(response.header("retry-after") or "")
                if until is None:
                    raise
                wait_s = time.mktime((*until[:8], -1)) - time.time()
                raise ClientFailure(replace(failure.error, retry_after=wait_s)) from None
