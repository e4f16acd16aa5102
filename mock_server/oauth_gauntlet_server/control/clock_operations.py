"""Operations on a tenant's clock. The tenant uses it for every lifetime and every date."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from oauth_gauntlet_server.control.operation import Call, Operation
from oauth_gauntlet_server.control.problem import Problem
from oauth_gauntlet_server.http.clock import LATEST_S, Clock
from oauth_gauntlet_server.http.json_schema import Schema


def _document(clock: Clock) -> dict[str, Any]:
    return {"now": clock.now(), "frozen": clock.frozen}


def _moved(move: Callable[[Clock, Any], None]) -> Callable[[Call], dict[str, Any]]:
    def handle(call: Call) -> dict[str, Any]:
        clock = call.tenant.clock
        try:
            move(clock, call.body)
        except ValueError as error:
            # The same number of seconds is accepted at another time of the clock.
            raise Problem(409, str(error)) from error
        return _document(clock)

    return handle


_CLOCK: Schema = {
    "title": "Clock",
    "type": "object",
    "properties": {"now": {"type": "number", "description": "seconds since 1970"}, "frozen": {"type": "boolean"}},
    "required": ["now", "frozen"],
    "additionalProperties": False,
}


def _taking(**members: Schema) -> Schema:
    schema: dict[str, Any] = {"type": "object", "properties": members, "additionalProperties": False}
    return {**schema, "required": list(members)} if members else schema


def _operation(name: str, summary: str, move: Callable[[Clock, Any], None], body: Schema) -> Operation:
    return Operation(
        id=f"{name}_clock",
        method="POST",
        path=f"/tenants/{{tenant}}/clock/{name}",
        summary=summary,
        tag="clock",
        handle=_moved(move),
        body=body,
        answer=_CLOCK,
        refusals=(404, 409) if body["properties"] else (404,),
    )


OPERATIONS = (
    Operation(
        id="read_clock",
        method="GET",
        path="/tenants/{tenant}/clock",
        summary="Read the tenant's clock.",
        tag="clock",
        handle=lambda call: _document(call.tenant.clock),
        answer=_CLOCK,
        refusals=(404,),
    ),
    _operation(
        "advance",
        "Move the clock forward, or back with a negative number of seconds.",
        lambda clock, body: clock.advance(body["seconds"]),
        _taking(seconds={"type": "number", "minimum": -LATEST_S, "maximum": LATEST_S}),
    ),
    _operation(
        "set",
        "Set the clock to an instant. It runs on from there, unless it is frozen.",
        lambda clock, body: clock.set(body["epoch_s"]),
        _taking(epoch_s={"type": "number", "minimum": 0, "maximum": LATEST_S}),
    ),
    _operation("freeze", "Stop the clock.", lambda clock, body: clock.freeze(), _taking()),  # noqa: ARG005
    _operation("unfreeze", "Let the clock run on from its current time.", lambda clock, body: clock.unfreeze(), _taking()),  # noqa: ARG005
    _operation("reset", "Set the clock to real time, and let it run.", lambda clock, body: clock.reset(), _taking()),  # noqa: ARG005
)
