"""Follow a tenant: yield server-sent events for its exchanges and its armed faults.

An ``exchange`` event is sent when an exchange is recorded, ``faults`` when the armed faults change or fire, ``cleared``
when the journal is cleared, and ``gone`` when the tenant is deleted or replaced. Each follower waits on the journal and
checks for other changes every half second; without followers this costs nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.event_stream import HEARTBEAT, NOTHING, event
from oauth_gauntlet_server.tenancy.tenant import Tenant

MOST_STREAM_S = 300
"""Seconds that a stream lasts. Clients reconnect automatically, and a dead client cannot keep its place for ever."""

HEARTBEAT_S = 10.0
"""Seconds without an event after which a heartbeat is sent."""

TICK_S = 0.5
"""Seconds between two checks of the armed faults and the tenant."""

# Followers must not slow down a busy server: at most 50 exchanges every 0.05 seconds are sent, and a follower that
# falls behind the bounded journal misses exchanges.
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
    """Yield the events of a tenant after sequence number `since`, for `lasts_s` seconds or until the tenant is gone.

    If `since` is greater than the last sequence number, it comes from before a restart of the server. Then the stream
    begins with ``cleared`` and sends the whole journal.
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
            # Without any: they were dropped, the first one too.
            since, beats = found[-1].sequence if found else 1, True
            yield b"".join(event("exchange", exchange_document(each), identifier=each.sequence) for each in found)
            time.sleep(_PACE_S)
        if beats:
            beats_at = time.monotonic() + heartbeat_s
