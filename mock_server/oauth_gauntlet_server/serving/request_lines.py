"""One line of the log for a request: aligned text for people, or a JSON object for programs. Pure functions.

What a client sent cannot control a terminal or forge a line: unprintable characters are escaped, long values are cut.
"""

from __future__ import annotations

import json
import time
from functools import lru_cache
from typing import Any

from oauth_gauntlet_server.control.exchange_outline import exchange_outline
from oauth_gauntlet_server.decoding.visible import visible
from oauth_gauntlet_server.http.endpoints import MALFORMED, OTHER
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.model import JWT_BEARER

MOST_TEXT = 300
"""How many characters of a value are in a line."""

_COLUMNS = {"time": 12, "tenant": 12, "endpoint": 12, "client": 18, "grant": 18, "status": 6, "fault": 18}

_WITHOUT_ENDPOINT = frozenset({OTHER.name, MALFORMED.name})


def request_members(tenant: str | None, exchange: Exchange) -> dict[str, Any]:
    """Return what a line says of an exchange, as JSON values; `tenant` is None for a request that belongs to none."""
    outline = exchange_outline(exchange)
    return {
        "tenant": tenant,
        "endpoint": exchange.endpoint,
        "client": _cut(outline["client_id"]),
        "grant": _cut(outline["grant_type"]),
        "status": None if exchange.response is None else exchange.response.status,
        "error": _cut(outline["error"]),
        "fault": "+".join(exchange.faults) or None,
        "ms": round(exchange.duration_s * 1000, 3),
        "method": _cut(exchange.request.method),
        # Not the query: it may contain credentials.
        "path": _cut(exchange.request.path),
    }


def as_json(at: float, members: dict[str, Any]) -> str:
    """Return a JSON object on one line; `at` is in seconds since the epoch."""
    return json.dumps({"time": f"{_utc(int(at))}.{_milliseconds(at)}Z", **members})


def as_text(at: float, members: dict[str, Any]) -> str:
    """Return an aligned line with the members of a request; `at` is in seconds since the epoch, shown as local time."""
    grant = "jwt-bearer" if members["grant"] == JWT_BEARER else members["grant"]
    status = "closed" if members["status"] is None else str(members["status"])
    cells = {**members, "time": clock_time(at), "grant": grant, "status": status}
    line = "  ".join(_cell(cells[name], width) for name, width in _COLUMNS.items())
    notes = [_shown(members["error"])] if members["error"] else []
    if members["endpoint"] in _WITHOUT_ENDPOINT or members["tenant"] is None:
        notes.append(_shown(f"{members['method']} {members['path']}"))
    return f"{line}  {members['ms']:>7.1f} ms  {'  '.join(notes)}".rstrip()


def heading() -> str:
    """Return the names of the columns of `as_text`."""
    return f"{'  '.join(name.ljust(width) for name, width in _COLUMNS.items())}  {'time taken':>10}"


def clock_time(at: float) -> str:
    """Return the local time of day with milliseconds."""
    return f"{_local(int(at))}.{_milliseconds(at)}"


# Cached, because a busy server prints many lines within one second.
@lru_cache(maxsize=8)
def _local(epoch_s: int) -> str:
    return time.strftime("%H:%M:%S", time.localtime(epoch_s))


@lru_cache(maxsize=8)
def _utc(epoch_s: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(epoch_s))


def _milliseconds(at: float) -> str:
    return f"{int(at % 1 * 1000):03}"


# Cached, because most cells are those of the line before.
@lru_cache(maxsize=1024)
def _cell(value: str | None, width: int) -> str:
    text = "-" if value is None else _shown(value)
    return (text if len(text) <= width else f"{text[: width - 2]}..").ljust(width)


def _shown(text: str) -> str:
    return visible(text).replace("\t", "\\t")


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= MOST_TEXT else f"{text[:MOST_TEXT]}..."
