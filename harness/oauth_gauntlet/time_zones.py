"""Time zones in which a client can be started."""

from __future__ import annotations

import zoneinfo
from dataclasses import dataclass
from pathlib import Path

_HOUR_S = 3600


@dataclass(frozen=True, kw_only=True, slots=True)
class TimeZone:
    """A time zone: its name in the IANA database, its rule as POSIX TZ, and its offsets from UTC in seconds."""

    name: str
    rule: str
    offsets_s: frozenset[float]

    @property
    def variable(self) -> str:
        """The value of TZ: the name, which all runtimes know; on a machine without zone files the rule, which needs none."""
        has_file = any((Path(folder) / self.name).is_file() for folder in zoneinfo.TZPATH)
        return self.name if has_file else self.rule


KOLKATA = TimeZone(name="Asia/Kolkata", rule="IST-5:30", offsets_s=frozenset({5.5 * _HOUR_S}))
NEW_YORK = TimeZone(
    name="America/New_York", rule="EST5EDT,M3.2.0,M11.1.0", offsets_s=frozenset({-5.0 * _HOUR_S, -4.0 * _HOUR_S})
)
AUCKLAND = TimeZone(
    name="Pacific/Auckland", rule="NZST-12NZDT,M9.5.0,M4.1.0/3", offsets_s=frozenset({12.0 * _HOUR_S, 13.0 * _HOUR_S})
)
