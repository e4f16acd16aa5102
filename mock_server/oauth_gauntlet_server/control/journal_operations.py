"""Operations on the journal."""

from __future__ import annotations

from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.event_stream import EventStream
from oauth_gauntlet_server.control.journal_stream import MOST_STREAM_S, journal_events
from oauth_gauntlet_server.control.operation import Call, Operation, Parameter
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.control.schema import Schema
from oauth_gauntlet_server.http.endpoints import ENDPOINTS
from oauth_gauntlet_server.tenancy.journal import Exchange

MOST_WAIT_S = 30
"""How long a request may wait: longer, and something between would close the connection."""

_FILTERS = {
    "endpoint": Parameter(schema={"enum": [endpoint.name for endpoint in ENDPOINTS], "description": "of that endpoint only"}),
    "fault": Parameter(schema={"type": "string", "description": "only where a fault of that name fired"}),
    "since": Parameter(
        schema={"type": "integer", "minimum": 0, "maximum": 2**53, "description": "only with a sequence number above it"}
    ),
}


def _filters(call: Call) -> dict[str, Any]:
    return {name: call.query[name] for name in _FILTERS if name in call.query}


def _shown(call: Call, exchanges: tuple[Exchange, ...]) -> dict[str, Any]:
    return {"exchanges": [exchange_document(each) for each in exchanges], "dropped": call.tenant.journal.dropped}


def _list(call: Call) -> dict[str, Any]:
    return _shown(call, call.tenant.journal.exchanges(**_filters(call), limit=call.query.get("limit")))


def _count(call: Call) -> dict[str, Any]:
    return {"count": call.tenant.journal.count(**_filters(call))}


def _wait(call: Call) -> dict[str, Any]:
    journal, filters = call.tenant.journal, _filters(call)
    try:
        found = journal.wait_for(call.query["count"], **filters, timeout_s=call.query.get("timeout_s", 5))
    except TimeoutError as error:
        # Not 408: that invites the client to send the request once more.
        raise Problem(409, str(error), members={"count": journal.count(**filters)}) from error
    return _shown(call, found)


def _follow(call: Call) -> EventStream:
    tenants, tenant, filters = call.tenants, call.tenant, _filters(call)
    since = filters.pop("since", 0)
    if not tenants.server.streams.acquire(blocking=False):
        said = "as many journals are followed as can be; close a console, or end another stream"
        raise Problem(503, said, headers={"Retry-After": "5"})
    events = journal_events(
        tenant,
        is_there=lambda: tenants.holds(tenant),
        # Who comes back asks for the same URL as before, and says in the header how far it came.
        since=call.headers.get(LAST_EVENT_ID, since),
        filters=filters,
        lasts_s=call.query.get("timeout_s", MOST_STREAM_S),
    )
    return EventStream(events, tenants.server.streams)


def _clear(call: Call) -> None:
    call.tenant.journal.clear()


_MESSAGE: dict[str, Schema] = {
    "headers": {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
    "body": {"type": "string"},
    "body_base64": {"type": "string", "description": "where the body is not UTF-8"},
    "body_truncated": {"type": "boolean"},
    "body_length": {"type": "integer"},
}

EXCHANGE: Schema = {
    "title": "Exchange",
    "description": "A request with its response, which is null where the connection was closed without one.",
    "type": "object",
    "properties": {
        "sequence": {"type": "integer"},
        "endpoint": {"type": "string"},
        "grant_type": {"type": ["string", "null"], "description": "as far as it can be read"},
        "client_id": {"type": ["string", "null"], "description": "as far as it can be read"},
        "error": {"type": ["string", "null"], "description": "the OAuth error code of the answer"},
        "faults": {"type": "array", "items": {"type": "string"}},
        "received_at": {"type": "number", "description": "seconds since 1970 on the tenant's clock"},
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
        "fault": {"type": ["string", "null"], "description": "the faults that fired, with + between them"},
    },
    "required": ["sequence", "endpoint", "faults", "received_at", "duration_s", "request", "response", "fault"],
}

_JOURNAL: Schema = {
    "title": "Journal",
    "type": "object",
    "properties": {
        "exchanges": {"type": "array", "items": EXCHANGE, "description": "oldest first"},
        "dropped": {"type": "integer", "description": "exchanges that were forgotten, since the journal is bounded"},
    },
    "required": ["exchanges", "dropped"],
    "additionalProperties": False,
}

_EVENT: Schema = {
    "title": "Event",
    "description": "one of a stream of them (HTML Living Standard, server-sent events)",
    "type": "object",
    "properties": {
        "event": {"type": "string", "description": "exchange, faults, cleared, gone"},
        "data": {"type": "string", "description": "a JSON document: an Exchange, what list_faults answers, or {}"},
        "id": {"type": "string", "description": "of an exchange: its sequence number"},
    },
}

_PATH = "/tenants/{tenant}/journal"

LAST_EVENT_ID = "Last-Event-ID"

OPERATIONS = (
    Operation(
        id="exchanges",
        method="GET",
        path=_PATH,
        summary="Read what was recorded, oldest first.",
        tag="journal",
        handle=_list,
        query={**_FILTERS, "limit": Parameter(schema={"type": "integer", "minimum": 1, "maximum": 2**53})},
        answer=_JOURNAL,
        refusals=(404,),
    ),
    Operation(
        id="count",
        method="GET",
        path=f"{_PATH}/count",
        summary="Count what was recorded.",
        tag="journal",
        handle=_count,
        query=_FILTERS,
        answer={
            "type": "object",
            "properties": {"count": {"type": "integer"}},
            "required": ["count"],
            "additionalProperties": False,
        },
        refusals=(404,),
    ),
    Operation(
        id="wait_for",
        method="GET",
        path=f"{_PATH}/wait_for",
        summary="Wait until so many exchanges are recorded; 409 where they did not come in time.",
        tag="journal",
        handle=_wait,
        query={
            "count": Parameter(schema={"type": "integer", "minimum": 0, "maximum": 2**53}, required=True),
            "timeout_s": Parameter(schema={"type": "number", "minimum": 0, "maximum": MOST_WAIT_S, "default": 5}),
            **_FILTERS,
        },
        answer=_JOURNAL,
        refusals=(404, 409),
    ),
    Operation(
        id="follow_journal",
        method="GET",
        path=f"{_PATH}/stream",
        summary="Follow the tenant by server-sent events: exchange, faults (in force, with counters), cleared, gone.",
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
                    "description": "the stream ends after so many seconds; a client comes back by itself",
                }
            ),
        },
        headers={
            LAST_EVENT_ID: Parameter(
                schema={
                    "type": "integer",
                    "minimum": 0,
                    "maximum": 2**53,
                    "description": "the sequence number that was seen last; comes before since",
                }
            )
        },
        answer=_EVENT,
        streams=True,
        refusals=(404, 503),
    ),
    Operation(
        id="clear_journal",
        method="DELETE",
        path=_PATH,
        summary="Forget what was recorded; the numbering goes on.",
        tag="journal",
        handle=_clear,
        status=204,
        refusals=(404,),
    ),
)
