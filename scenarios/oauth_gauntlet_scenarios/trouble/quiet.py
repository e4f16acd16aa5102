"""A quiet time: nobody asks the client for anything, and what arrives nevertheless is counted."""

from __future__ import annotations

import time
from collections.abc import Callable

from oauth_gauntlet.checks import require

QUIET_S = 2.0
"""How long nobody asks, in seconds."""

# A client may renew in the background. The shortest first pauses in use are 0.1 and 0.2 s, and they double: five requests in
# two seconds. A token of one second, renewed after half of its life, needs four. Twice that many has no explanation but a
# missing pause, or many timers.
MOST_UNASKED = 10
"""How many requests a quiet time may contain."""

_STEP_S = 0.05


def require_quiet(arrived: Callable[[], int], *, when: str, what: str = "token requests") -> None:
    """Wait for a quiet time, and require that no more than `MOST_UNASKED` requests come in it.

    `arrived` returns the number of all requests so far. `when` and `what` are parts of the finding's text.

    Raises:
        Breach: more requests came.
    """
    before, began = arrived(), time.monotonic()
    # It ends early with the finding: a flood would slow down the scenarios that run at the same time.
    while (count := arrived() - before) <= MOST_UNASKED and time.monotonic() - began < QUIET_S:
        time.sleep(_STEP_S)
    lasted_s = time.monotonic() - began
    # A busy machine may end the quiet time late: then more requests have come at the same rate.
    require(
        count <= MOST_UNASKED * max(1.0, lasted_s / QUIET_S),
        expected=f"at most {MOST_UNASKED} {what} in {QUIET_S:g} s in which nobody asks (a renewal in the background pauses)",
        seen=f"the client sent {count} {what} in {lasted_s:.1f} s {when}, although nobody asked",
    )
