"""Operations on one exchange: read it decoded, and get a snippet of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.journal_operations import EXCHANGE, OUTSIDE_JOURNAL, TENANT_JOURNAL
from oauth_gauntlet_server.control.operation import Call, Operation, Parameter
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.decoding.exchanges import decoded
from oauth_gauntlet_server.decoding.parts import State
from oauth_gauntlet_server.faults import Fault
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.snippets.curl import as_curl
from oauth_gauntlet_server.snippets.python_code import as_python
from oauth_gauntlet_server.snippets.repeatable import Repeatable, repeatable
from oauth_gauntlet_server.snippets.tests_to_write import as_pytest, as_scenario
from oauth_gauntlet_server.tenancy.journal import Exchange

FORMATS = ("curl", "python", "pytest", "scenario")


def _exchange(call: Call) -> Exchange:
    sequence = call.path["sequence"]
    found = call.recording.journal.exchanges(since=sequence - 1, limit=1)
    if not found or found[0].sequence != sequence:
        raise Problem(404, f"there is no exchange {sequence} in the journal; it may have been cleared or dropped")
    return found[0]


def _decoded(call: Call) -> dict[str, Any]:
    exchange = _exchange(call)
    return {"exchange": exchange_document(exchange), **decoded(exchange, call.recording)}


def _snippet(call: Call) -> dict[str, Any]:
    exchange, name = _exchange(call), call.query["format"]
    if name in _SCRIPTS:
        return {"text": _SCRIPTS[name](repeatable(exchange.request, call.start_of_urls))}
    fired = [fault for fault in exchange.fired if isinstance(fault, Fault)]
    return {"text": as_pytest(exchange, fired) if name == "pytest" else as_scenario(exchange, fired)}


_SCRIPTS: dict[str, Callable[[Repeatable], str]] = {"curl": as_curl, "python": as_python}


_ROW: Schema = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("name", "value", "note", "group")},
    "required": ["name", "value", "note", "group"],
    "additionalProperties": False,
}

PART: Schema = {
    "title": "Part",
    "description": "A decoded part of a message. Its kind is credentials, form, query, json, jwt or token.",
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "title": {"type": "string"},
        "rows": {"type": "array", "items": _ROW},
        "state": {"enum": [None, *map(str, State)], "description": "the result of the check that the finding describes"},
        "finding": {"type": "string", "description": "text for people, or empty"},
    },
    "required": ["kind", "title", "rows", "state", "finding"],
    "additionalProperties": False,
}

_SIDE: Schema = {
    "type": "object",
    "properties": {
        "wire": {"type": "string", "description": "the first 24 KiB of the wire, unprintable characters escaped"},
        "octets": {"type": "integer", "description": "size of the message"},
        "exact": {"type": "boolean", "description": "false: rebuilt from the parsed message, so octets may differ"},
        "parts": {"type": "array", "items": PART},
    },
    "required": ["wire", "octets", "exact", "parts"],
    "additionalProperties": False,
}

_DECODED: Schema = {
    "title": "DecodedExchange",
    "type": "object",
    "properties": {
        "exchange": EXCHANGE,
        "sent": _SIDE,
        "received": {"oneOf": [_SIDE, {"type": "null"}], "description": "null: the connection was closed without a response"},
        "fired": {
            "type": "array",
            "items": {"type": "object"},
            "description": "the faults that fired, as documents with which they can be armed again",
        },
    },
    "required": ["exchange", "sent", "received", "fired"],
    "additionalProperties": False,
}


def _operations(journal: str, *, prefix: str = "") -> tuple[Operation, ...]:
    path = f"{journal}/exchanges/{{sequence}}"
    return (
        Operation(
            id=f"read_{prefix}exchange",
            method="GET",
            path=path,
            summary="Read one exchange, both sides decoded: credentials, forms, JSON, JWTs and their signatures.",
            tag="journal",
            handle=_decoded,
            answer=_DECODED,
            refusals=(404,),
        ),
        Operation(
            id=f"{prefix}exchange_snippet",
            method="GET",
            path=f"{path}/snippet",
            summary="Get a snippet of an exchange: its request as a curl command or a Python script, or a test of a client.",
            tag="journal",
            handle=_snippet,
            query={"format": Parameter(schema={"enum": list(FORMATS)}, required=True)},
            answer={
                "type": "object",
                "properties": {"text": {"type": "string"}},
                "required": ["text"],
                "additionalProperties": False,
            },
            refusals=(404,),
        ),
    )


OPERATIONS = (*_operations(TENANT_JOURNAL), *_operations(OUTSIDE_JOURNAL, prefix="outside_"))
