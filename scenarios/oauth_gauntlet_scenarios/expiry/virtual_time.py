"""Units of time, and what a client must declare for its renewals to be seen."""

from __future__ import annotations

RENEWS = ["cache", "auto_refresh", "clock"]


HOUR_S = 3600


DAY_S = 24 * HOUR_S
