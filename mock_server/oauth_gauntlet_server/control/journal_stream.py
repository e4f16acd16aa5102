"""A tenant as it goes, as events: exchanges when they are recorded, and the faults in force when they change or fire.

Whoever follows is told as well when the journal was cleared, and when the tenant is gone. It costs nothing while nobody
follows, and a tick of half a second for each who does.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.event_stream import HEARTBEAT, NOTHING, event
from oauth_gauntlet_server.tenancy.tenant import Tenant

MOST_STREAM_S = 300
"""Seconds that a stream lasts: a client comes back by itself, and one that is gone for good holds nothing for ever."""

HEARTBEAT_S = 10.0

TICK_S = 0.5

# A server that is asked by the thousand is not to be slowed down by who looks on: what is missed meanwhile is missed.
_MOST_AT_ONCE = 50
_PACE_S = 0.05


def journal_events(
    tenant: Tenant,
    *,
    is_there: Callable[[], bool],
    since: int = 0,
    filters: Mapping[str, Any] | None = None,
    lasts_s: float = MOST_STREAM_S,
    heartbeat_s: float = HEARTBEAT_S,
) -> Iterator[bytes]:
    """Yield the events of a tenant from a sequence number on, for `lasts_s` seconds or until it is not there any more.

    A number beyond the last exchange is another journal's, from before the server was started anew: then it begins with
    what there is.
    """
    journal = tenant.journal
    if since > journal.last:
        since = 0
        yield event("cleared", {})
    cleared = journal.cleared
    counters: list[tuple[int, int, int]] | None = None
    ends_at = time.monotonic() + lasts_s
    beats_at = time.monotonic() + heartbeat_s
    yield HEARTBEAT
    while (left := ends_at - time.monotonic()) > 0:
        if not is_there():
            yield event("gone", {})
            return
        armed = tenant.armed.list()
        before, counters = counters, [(each.id, each.matched, each.fired) for each in armed]
        if counters != before:
            yield event("faults", {"faults": [each.to_json() for each in armed]})
        if journal.cleared != cleared:
            cleared = journal.cleared
            yield event("cleared", {})
        try:
            found = journal.wait_for(1, since=since, **(filters or {}), timeout_s=min(TICK_S, left))[:_MOST_AT_ONCE]
        except TimeoutError:
            beats = time.monotonic() >= beats_at
            yield HEARTBEAT if beats else NOTHING
        else:
            since, beats = found[-1].sequence, True
            yield b"".join(event("exchange", exchange_document(each), identifier=each.sequence) for each in found)
            time.sleep(_PACE_S)
        if beats:
            beats_at = time.monotonic() + heartbeat_s
