"""Format instants and spans of time for people."""

from __future__ import annotations

from datetime import UTC, datetime

_UNITS = ((86_400 * 365, "years"), (86_400, "days"), (3_600, "h"), (60, "min"), (1, "s"))


def instant(epoch_s: float) -> str:
    """Return an instant in UTC, such as ``2026-11-24 18:30:00 UTC``; if it is out of range, return the number."""
    try:
        return f"{datetime.fromtimestamp(epoch_s, UTC):%Y-%m-%d %H:%M:%S} UTC"
    except (OverflowError, OSError, ValueError):
        return str(epoch_s)


def span(seconds: float) -> str:
    """Return a span in the largest unit that fits at least twice, such as ``90 s`` or ``25 h``."""
    length, unit = next(((size, name) for size, name in _UNITS if abs(seconds) >= 2 * size), (1, "s"))
    return f"{abs(seconds) / length:.0f} {unit}"


def instant_from(epoch_s: float, now: float) -> str:
    """Return an instant with its distance from `now` (both in seconds since the epoch)."""
    away = epoch_s - now
    if abs(away) < 1:
        return f"{instant(epoch_s)}, now"
    return f"{instant(epoch_s)}, {f'in {span(away)}' if away > 0 else f'{span(away)} ago'}"
