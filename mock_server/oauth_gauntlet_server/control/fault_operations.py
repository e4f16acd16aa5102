"""Operations on faults: list the known faults; arm, list and disarm faults of a tenant."""

from __future__ import annotations

import inspect
from dataclasses import replace
from typing import Any

from oauth_gauntlet_server.control.documents import fault_from
from oauth_gauntlet_server.control.fault_description import describe, preset_path
from oauth_gauntlet_server.control.fault_schemas import faults_to_arm_schema
from oauth_gauntlet_server.control.operation import Call, Operation, list_of
from oauth_gauntlet_server.control.problem import Problem, problem_of
from oauth_gauntlet_server.faults import PRESETS, Fault, Trigger, all_faults
from oauth_gauntlet_server.faults.fault_json import parameters_of
from oauth_gauntlet_server.http.json_schema import Refused, Schema


def known_fault(name: str, fault_class: type[Fault], family: str) -> dict[str, Any]:
    """Return the description of a fault: its documentation, and its parameters with type and default."""
    parameters = [
        {
            "name": each.name,
            "type": each.annotation,
            "schema": dict(each.type.schema),
            "required": each.required,
            **({} if each.required else {"default": each.default}),
        }
        for each in parameters_of(fault_class)
    ]
    return {
        "fault": name,
        "family": family,
        "endpoint": fault_class.endpoint,
        "documentation": inspect.getdoc(fault_class) or "",
        "parameters": parameters,
    }


def _known(call: Call) -> dict[str, Any]:  # noqa: ARG001 - the same for every call
    families = {each.name: each.family for each in describe() if not each.needs_port}
    return {
        "faults": [known_fault(name, known, families[name]) for name, known in sorted(all_faults().items())],
        "presets": {name: preset.to_json() for name, preset in PRESETS.items()},
        "preset_paths": {name: preset_path(name) for name in PRESETS},
    }


def _armed(call: Call) -> dict[str, Any]:
    return {"faults": [armed.to_json() for armed in call.tenant.armed.list()]}


def _arm(call: Call) -> dict[str, Any]:
    tenant = call.tenant
    try:
        wanted = _sequence(call.body) if isinstance(call.body, list) else [fault_from(call.body)]
    except Refused as refused:
        raise problem_of(refused, status=422) from refused
    # All entries were read before this line: either all faults are armed or none.
    return {"faults": [tenant.armed.arm(fault, trigger).to_json() for fault, trigger in wanted]}


def _sequence(entries: list[Any]) -> list[tuple[Fault, Trigger]]:
    wanted = []
    for number, entry in enumerate(entries, 1):
        if entry is None:
            continue
        fault, trigger = fault_from(entry, (number - 1,))
        wanted.append((fault, replace(trigger, nth=number)))
    return wanted


def _clear(call: Call) -> None:
    call.tenant.clear_faults()


def _remove(call: Call) -> None:
    if not call.tenant.armed.remove(call.path["id"]):
        raise Problem(404, f"no fault with id {call.path['id']} is armed")


_ARMED: Schema = {
    "title": "ArmedFault",
    "description": "An armed fault: `matched` requests passed its filter, `fired` answers were given or changed by it.",
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "fault": {"type": "string"},
        "when": {"type": "object"},
        "matched": {"type": "integer"},
        "fired": {"type": "integer"},
    },
    "required": ["id", "fault", "when", "matched", "fired"],
}

_KNOWN: Schema = {
    "title": "KnownFault",
    "type": "object",
    "properties": {
        "fault": {"type": "string"},
        "family": {"type": "string", "description": "the title of the group of faults that it belongs to"},
        "endpoint": {"type": ["string", "null"], "description": "the fault's own endpoint; null: every endpoint"},
        "documentation": {"type": "string"},
        "parameters": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string"},
                    "type": {"type": "string", "description": "the annotation in Python"},
                    "schema": {"type": "object", "description": "JSON Schema"},
                    "required": {"type": "boolean"},
                    "default": {},
                },
                "required": ["name", "type", "schema", "required"],
                "additionalProperties": False,
            },
        },
    },
    "required": ["fault", "family", "endpoint", "documentation", "parameters"],
    "additionalProperties": False,
}

_FAULTS = "/tenants/{tenant}/faults"

OPERATIONS = (
    Operation(
        id="known_faults",
        method="GET",
        path="/faults",
        summary="List every known fault with its parameters, and every preset with its URL.",
        tag="faults",
        handle=_known,
        answer=list_of(
            "faults",
            _KNOWN,
            presets={"type": "object", "additionalProperties": {"type": "object"}},
            preset_paths={
                "type": "object",
                "additionalProperties": {"type": "string"},
                "description": "the path of each preset, at the tenant default",
            },
        ),
    ),
    Operation(
        id="list_faults",
        method="GET",
        path=_FAULTS,
        summary="List the armed faults with their counters.",
        tag="faults",
        handle=_armed,
        answer=list_of("faults", _ARMED),
        refusals=(404,),
    ),
    Operation(
        id="arm",
        method="POST",
        path=_FAULTS,
        summary="Arm a fault, or a sequence with one entry for each request in turn; null: no fault for that request.",
        tag="faults",
        handle=_arm,
        body=faults_to_arm_schema,
        status=201,
        answer=list_of("faults", _ARMED),
        refusals=(404, 422),
    ),
    Operation(
        id="clear_faults",
        method="DELETE",
        path=_FAULTS,
        summary="Disarm all faults.",
        tag="faults",
        handle=_clear,
        status=204,
        refusals=(404,),
    ),
    Operation(
        id="remove_fault",
        method="DELETE",
        path=f"{_FAULTS}/{{id}}",
        summary="Disarm one fault.",
        tag="faults",
        handle=_remove,
        status=204,
        refusals=(404,),
    ),
)
