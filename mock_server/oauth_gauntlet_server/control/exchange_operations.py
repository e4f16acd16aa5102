"""Operations on one exchange: to see it decoded, and to have it as something to paste."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.control.documents import exchange_document
from oauth_gauntlet_server.control.journal_operations import EXCHANGE
from oauth_gauntlet_server.control.operation import Call, Operation, Parameter
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.control.schema import Schema
from oauth_gauntlet_server.decoding.exchanges import decoded
from oauth_gauntlet_server.decoding.parts import State
from oauth_gauntlet_server.faults import Fault
from oauth_gauntlet_server.snippets.curl import as_curl
from oauth_gauntlet_server.snippets.python_code import as_python
from oauth_gauntlet_server.snippets.repeatable import Repeatable, repeatable
from oauth_gauntlet_server.snippets.tests_to_write import as_pytest, as_scenario
from oauth_gauntlet_server.tenancy.journal import Exchange
from oauth_gauntlet_server.tenancy.tenant import Tenant

FORMATS = ("curl", "python", "pytest", "scenario")


def _exchange(call: Call) -> Exchange:
    sequence = call.path["sequence"]
    found = call.tenant.journal.exchanges(since=sequence - 1, limit=1)
    if not found or found[0].sequence != sequence:
        raise Problem(404, f"there is no exchange {sequence} in the journal (any more)")
    return found[0]


def _decoded(call: Call) -> dict[str, Any]:
    exchange = _exchange(call)
    return {"exchange": exchange_document(exchange), **decoded(exchange, call.tenant)}


def _copy(call: Call) -> dict[str, Any]:
    exchange, wanted = _exchange(call), call.query["format"]
    if wanted in _SCRIPTS:
        return {"text": _SCRIPTS[wanted](repeatable(exchange.request, _base_url(call.tenant)))}
    fired = [fault for fault in exchange.fired if isinstance(fault, Fault)]
    return {"text": as_pytest(exchange, fired) if wanted == "pytest" else as_scenario(exchange, fired)}


_SCRIPTS: dict[str, Callable[[Repeatable], str]] = {"curl": as_curl, "python": as_python}


def _base_url(tenant: Tenant) -> str:
    return tenant.issuer.removesuffix(f"/{tenant.name}")


_ROW: Schema = {
    "type": "object",
    "properties": {name: {"type": "string"} for name in ("name", "value", "note", "group")},
    "required": ["name", "value", "note", "group"],
    "additionalProperties": False,
}

PART: Schema = {
    "title": "Part",
    "description": "What there is to say of a part of a message: credentials, form, query, json, jwt, token.",
    "type": "object",
    "properties": {
        "kind": {"type": "string"},
        "title": {"type": "string"},
        "rows": {"type": "array", "items": _ROW},
        "state": {"enum": [None, *map(str, State)], "description": "how the finding is meant"},
        "finding": {"type": "string", "description": "a sentence, or empty"},
    },
    "required": ["kind", "title", "rows", "state", "finding"],
    "additionalProperties": False,
}

_SIDE: Schema = {
    "type": "object",
    "properties": {
        "wire": {"type": "string", "description": "as it was on the wire, what cannot be shown escaped; the first 24 KiB"},
        "octets": {"type": "integer"},
        "exact": {"type": "boolean", "description": "false: put together again, since another server saw the octets"},
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
        "received": {"oneOf": [_SIDE, {"type": "null"}], "description": "null: closed without an answer"},
        "fired": {
            "type": "array",
            "items": {"type": "object"},
            "description": "the faults that fired, as they can be armed again",
        },
    },
    "required": ["exchange", "sent", "received", "fired"],
    "additionalProperties": False,
}

_PATH = "/tenants/{tenant}/journal/exchanges/{sequence}"

OPERATIONS = (
    Operation(
        id="read_exchange",
        method="GET",
        path=_PATH,
        summary="Read one exchange with both sides of the wire, decoded: credentials, forms, JWTs and their signatures.",
        tag="journal",
        handle=_decoded,
        answer=_DECODED,
        refusals=(404,),
    ),
    Operation(
        id="copy_exchange",
        method="GET",
        path=f"{_PATH}/copy",
        summary="Have an exchange as something to paste: its request as a command or a script, or a test that begins with it.",
        tag="journal",
        handle=_copy,
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
