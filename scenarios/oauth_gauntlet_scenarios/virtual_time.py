"""Units of time, the capabilities without which a renewal cannot be observed, and which clock a scenario moves."""

from __future__ import annotations

from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import Capability

RENEWS = ["cache", "auto_refresh", "clock"]


HOUR_S = 3600


DAY_S = 24 * HOUR_S


def moved_clock(client: LabClient) -> str:
    """Return which clock of the client was moved, for the text of a finding.

    A client that measures with a monotonic clock does not notice when the clock of its process is moved; nor does it notice a
    suspend, during which the monotonic clock of many systems stands still.
    """
    if Capability.PROCESS_CLOCK in client.hello.capabilities:
        return "only the wall clock was moved, as after a suspend, and no monotonic clock"
    return "the client's own clock was moved"
