"""Start the client in a time zone, and find the hour in which its clocks change."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from oauth_gauntlet.checks import untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.time_zones import AUCKLAND, KOLKATA, NEW_YORK

ZONES = {"kolkata": KOLKATA.name, "new-york": NEW_YORK.name, "auckland": AUCKLAND.name}
"""The names of the variants, with the zones: half an hour east, west, and far east of UTC."""

_BY_NAME = {zone.name: zone for zone in (KOLKATA, NEW_YORK, AUCKLAND)}


def client_in(zone: str, another_client: Callable[..., LabClient]) -> LabClient:
    """Start the client in a time zone; the scenario is untestable if the zone is not in force in its process."""
    wanted = _BY_NAME[zone]
    client = another_client({"TZ": wanted.variable}, kept=True)
    try:
        offset = client.adapter.utc_offset()
    except ClientFailure:
        offset = None
    if offset is None:
        untestable("the adapter declares time_zone, and does not answer now with utc_offset")
    if offset not in wanted.offsets_s:
        untestable(f"with TZ={wanted.variable} the client's process is {offset:g} s ahead of UTC: it does not know the zone")
    return client


def next_change(now: float, *, to_summer: bool) -> float:
    """Return when New York's clocks change next after `now`: forward in March, back in November (seconds since the epoch).

    On the second Sunday of March at 02:00 EST, on the first Sunday of November at 02:00 EDT (15 U.S.C. 260a).
    """
    month, sunday, hour = (3, 2, 7) if to_summer else (11, 1, 6)
    year = datetime.fromtimestamp(now, UTC).year
    changes = (_sunday(each, month, sunday, hour) for each in (year, year + 1))
    return next(change for change in changes if change > now)


def _sunday(year: int, month: int, which: int, hour: int) -> float:
    first = datetime(year, month, 1, hour, tzinfo=UTC)
    return (first + timedelta(days=(6 - first.weekday()) % 7 + 7 * (which - 1))).timestamp()
