"""JSON Schemas of faults and triggers, made from the registered classes."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from functools import cache

from oauth_gauntlet_server.faults import Fault, Trigger, all_faults
from oauth_gauntlet_server.faults.armed import COUNTS, STATUSES
from oauth_gauntlet_server.faults.fault_json import parameters_of
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, all_connection_faults

_CONDITIONS = '"TEXT": some value contains it; "=TEXT": some value is it; "!TEXT", "!=TEXT": no value does'

_BOUNDS: dict[str, Schema] = {
    **{name: {"minimum": 1} for name in COUNTS},
    "probability": {"minimum": 0, "maximum": 1},
    "status": {
        "minimum": STATUSES[0],
        "maximum": STATUSES[1],
        "description": "that of the genuine answer; the fault decides after the server has processed the request",
    },
    "header": {"description": f"conditions by the name of a header field, case ignored. {_CONDITIONS}"},
    "parameter": {"description": f"conditions by the name of a parameter in query, form or JSON. {_CONDITIONS}"},
}

MOST_IN_SEQUENCE = 1_000
"""How many entries a sequence of faults can have."""


@cache
def trigger_schema() -> Schema:
    """Return the schema of `Trigger`."""
    return {
        "title": "Trigger",
        "description": "For which requests a fault is due: first a filter, then a selection among the requests that passed it.",
        "type": "object",
        "properties": {
            each.name: {**each.type.schema, **_BOUNDS.get(each.name, {}), "default": each.default}
            for each in parameters_of(Trigger)
        },
        "additionalProperties": False,
    }


def fault_schema(name: str, fault_class: type[Fault]) -> Schema:
    """Return the schema of one fault with its trigger."""
    return _schema(f"{fault_class.__name__}Fault", name, fault_class, {"when": trigger_schema()})


def any_fault_schema() -> Schema:
    """Return the schema of any fault with its trigger."""
    return _any_of(tuple(sorted(all_faults().items())))


@cache
def _any_of(known: tuple[tuple[str, type[Fault]], ...]) -> Schema:
    return {
        "title": "Fault",
        "oneOf": [fault_schema(name, fault_class) for name, fault_class in known],
        "discriminator": {"propertyName": "fault"},
    }


def any_connection_fault_schema() -> Schema:
    """Return the schema of any connection fault."""
    return _any_connection_fault_of(tuple(sorted(all_connection_faults().items())))


@cache
def _any_connection_fault_of(known: tuple[tuple[str, type[ConnectionFault]], ...]) -> Schema:
    return {
        "title": "ConnectionFault",
        "oneOf": [_schema(f"{fault_class.__name__}Connection", name, fault_class, {}) for name, fault_class in known],
        "discriminator": {"propertyName": "fault"},
    }


def _schema(title: str, name: str, fault_class: type[Fault | ConnectionFault], more: Mapping[str, Schema]) -> Schema:
    parameters = parameters_of(fault_class)
    return {
        "title": title,
        "description": inspect.getdoc(fault_class) or "",
        "type": "object",
        "properties": {"fault": {"const": name}, **{each.name: each.type.schema for each in parameters}, **more},
        "required": ["fault", *(each.name for each in parameters if each.required)],
        "additionalProperties": False,
    }


def faults_to_arm_schema() -> Schema:
    """Return the schema of what can be armed: one fault, or a sequence, in which null means no fault for that request."""
    one = any_fault_schema()
    return {
        "oneOf": [
            one,
            {
                "type": "array",
                "items": {"oneOf": [one, {"type": "null"}]},
                "minItems": 1,
                "maxItems": MOST_IN_SEQUENCE,
            },
        ]
    }
