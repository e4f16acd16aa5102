"""Units of time, and the capabilities without which a renewal cannot be observed."""

from __future__ import annotations

RENEWS = ["cache", "auto_refresh", "clock"]


HOUR_S = 3600


DAY_S = 24 * HOUR_S
