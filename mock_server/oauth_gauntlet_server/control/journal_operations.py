"""Operations on a journal: read, count, wait, follow, clear.

Each tenant has a journal, and the server has one for the requests that belong to no tenant. The operations are the same.
"""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.event_stream import EventStream
from oauth_gauntlet_server.control.journal_stream import MOST_STREAM_S, journal_events
from oauth_gauntlet_server.control.operation import Call, Operation, Parameter
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.http.endpoints import ENDPOINTS
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.tenancy.journal import Exchange

MOST_WAIT_S = 30
"""Seconds that a request may wait. With longer waits, a proxy might close the connection."""

_FILTERS = {
    "endpoint": Parameter(
        schema={"enum": [endpoint.name for endpoint in ENDPOINTS], "description": "only exchanges at this endpoint"}
    ),
    "fault": Parameter(schema={"type": "string", "description": "only exchanges at which this fault fired"}),
    "since": Parameter(
        schema={"type": "integer", "minimum": 0, "maximum": 2**53, "description": "only greater sequence numbers"}
    ),
}


def _filters(call: Call) -> dict[str, Any]:
    return {name: call.query[name] for name in _FILTERS if name in call.query}


def _shown(call: Call, exchanges: tuple[Exchange, ...]) -> dict[str, Any]:
    return {"exchanges": [exchange_document(each) for each in exchanges], "dropped": call.recording.journal.dropped}


def _list(call: Call) -> dict[str, Any]:
    return _shown(call, call.recording.journal.exchanges(**_filters(call), limit=call.query.get("limit")))


def _count(call: Call) -> dict[str, Any]:
    journal = call.recording.journal
    return {"count": journal.count(**_filters(call)), "dropped": journal.dropped}


def _wait(call: Call) -> dict[str, Any]:
    journal, filters = call.recording.journal, _filters(call)
    try:
        found = journal.wait_for(call.query["count"], **filters, timeout_s=call.query.get("timeout_s", 5))
    except TimeoutError as error:
        # Not 408, which allows a client to repeat the request (RFC 9110 §15.5.9).
        raise Problem(409, str(error), members={"count": journal.count(**filters)}) from error
    return _shown(call, found)


def _follow(call: Call) -> EventStream:
    tenants, recording, filters = call.tenants, call.recording, _filters(call)
    since = filters.pop("since", 0)
    if not tenants.server.streams.acquire(blocking=False):
        detail = "the limit of open journal streams is reached; close a console or another stream, and try again"
        raise Problem(503, detail, headers={"Retry-After": "5"})
    events = journal_events(
        recording,
        is_there=lambda: recording is tenants.outside or tenants.contains(recording),
        # A client that reconnects sends the same URL again, and in the header the last number that it received.
        since=call.headers.get(LAST_EVENT_ID, since),
        filters=filters,
        lasts_s=call.query.get("timeout_s", MOST_STREAM_S),
    )
    return EventStream(events, tenants.server.streams)


def _clear(call: Call) -> None:
    call.recording.journal.clear()


_MESSAGE: dict[str, Schema] = {
    "headers": {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
    "head": {"type": "string", "description": "present if the octets on the wire differ from the fields (latin-1)"},
    "body": {"type": "string"},
    "body_base64": {"type": "string", "description": "present if the body is not UTF-8"},
    "body_truncated": {"type": "boolean"},
    "body_length": {"type": "integer"},
}

EXCHANGE: Schema = {
    "title": "Exchange",
    "description": "A request with its response; null if the connection was closed without a response.",
    "type": "object",
    "properties": {
        "sequence": {"type": "integer"},
        "endpoint": {"type": "string"},
        "grant_type": {"type": ["string", "null"], "description": "null if it cannot be read"},
        "client_id": {"type": ["string", "null"], "description": "null if it cannot be read"},
        "error": {"type": ["string", "null"], "description": "the OAuth error code of the response"},
        "faults": {"type": "array", "items": {"type": "string"}},
        "received_at": {"type": "number", "description": "seconds since 1970 by the tenant's clock"},
        "duration_s": {"type": "number"},
        "request": {
            "type": "object",
            "properties": {
                "method": {"type": "string"},
                "target": {"type": "string"},
                "http_version": {"type": "string"},
                **_MESSAGE,
            },
            "required": ["method", "target", "http_version", "headers", "body"],
        },
        "response": {
            "type": ["object", "null"],
            "properties": {"status": {"type": "integer"}, "reason": {"type": "string"}, **_MESSAGE},
            "required": ["status", "reason", "headers", "body"],
        },
        "fault": {"type": ["string", "null"], "description": "the names of the faults that fired, joined by +"},
    },
    "required": ["sequence", "endpoint", "faults", "received_at", "duration_s", "request", "response", "fault"],
}

_DROPPED: Schema = {"type": "integer", "description": "how many exchanges were dropped because the journal was full"}

_JOURNAL: Schema = {
    "title": "Journal",
    "type": "object",
    "properties": {
        "exchanges": {"type": "array", "items": EXCHANGE, "description": "oldest first"},
        "dropped": _DROPPED,
    },
    "required": ["exchanges", "dropped"],
    "additionalProperties": False,
}

_EVENT: Schema = {
    "title": "Event",
    "description": "A server-sent event (HTML Living Standard §9.2).",
    "type": "object",
    "properties": {
        "event": {"type": "string", "description": "exchange, faults, cleared, gone"},
        "data": {"type": "string", "description": "a JSON document: an Exchange, the response of list_faults, or {}"},
        "id": {"type": "string", "description": "only for an exchange: its sequence number"},
    },
}

LAST_EVENT_ID = "Last-Event-ID"


def _operations(path: str, *, prefix: str = "", of: str = "", missing: tuple[int, ...] = ()) -> tuple[Operation, ...]:
    """Return the operations on the journal at a path; `missing` is the status if what the path names does not exist."""
    return (
        Operation(
            id=f"{prefix}exchanges",
            method="GET",
            path=path,
            summary=f"List the recorded exchanges{of}, oldest first.",
            tag="journal",
            handle=_list,
            query={**_FILTERS, "limit": Parameter(schema={"type": "integer", "minimum": 1, "maximum": 2**53})},
            answer=_JOURNAL,
            refusals=missing,
        ),
        Operation(
            id=f"{prefix}count",
            method="GET",
            path=f"{path}/count",
            summary=f"Count the recorded exchanges{of}.",
            tag="journal",
            handle=_count,
            query=_FILTERS,
            answer={
                "type": "object",
                "properties": {
                    "count": {"type": "integer", "description": "with those that were dropped since, unless `since` is given"},
                    "dropped": _DROPPED,
                },
                "required": ["count", "dropped"],
                "additionalProperties": False,
            },
            refusals=missing,
        ),
        Operation(
            id=f"{prefix}wait_for",
            method="GET",
            path=f"{path}/wait_for",
            summary=f"Wait until the journal{of} contains `count` exchanges; 409 if they do not arrive in time.",
            tag="journal",
            handle=_wait,
            query={
                "count": Parameter(schema={"type": "integer", "minimum": 0, "maximum": 2**53}, required=True),
                "timeout_s": Parameter(schema={"type": "number", "minimum": 0, "maximum": MOST_WAIT_S, "default": 5}),
                **_FILTERS,
            },
            answer=_JOURNAL,
            refusals=(*missing, 409),
        ),
        Operation(
            id=f"follow_{prefix}journal",
            method="GET",
            path=f"{path}/stream",
            summary=f"Follow the journal{of} by server-sent events: exchange, faults (armed, with counters), cleared, gone.",
            tag="journal",
            handle=_follow,
            query={
                **_FILTERS,
                "timeout_s": Parameter(
                    schema={
                        "type": "number",
                        "minimum": 0,
                        "maximum": MOST_STREAM_S,
                        "default": MOST_STREAM_S,
                        "description": "seconds after which the stream ends; clients reconnect automatically",
                    }
                ),
            },
            headers={
                LAST_EVENT_ID: Parameter(
                    schema={
                        "type": "integer",
                        "minimum": 0,
                        "maximum": 2**53,
                        "description": "the last sequence number that the client received; takes precedence over since",
                    }
                )
            },
            answer=_EVENT,
            streams=True,
            refusals=(*missing, 503),
        ),
        Operation(
            id=f"clear_{prefix}journal",
            method="DELETE",
            path=path,
            summary=f"Clear the journal{of}. The sequence numbers continue.",
            tag="journal",
            handle=_clear,
            status=204,
            refusals=missing,
        ),
    )


TENANT_JOURNAL = "/tenants/{tenant}/journal"

OUTSIDE_JOURNAL = "/journal"
"""The journal of the requests that belong to no tenant."""

OPERATIONS = (
    *_operations(TENANT_JOURNAL, missing=(404,)),
    *_operations(OUTSIDE_JOURNAL, prefix="outside_", of=" outside of tenants"),
)
