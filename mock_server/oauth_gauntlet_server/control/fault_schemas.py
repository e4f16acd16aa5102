"""What faults and triggers look like as JSON, read off the registered classes."""

from __future__ import annotations

import dataclasses
import inspect
import types
import typing
from enum import StrEnum
from functools import cache
from typing import Any, Literal

from oauth_gauntlet_server.control.schema import Schema
from oauth_gauntlet_server.faults import Fault, Trigger, all_faults
from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, all_connection_faults

_SIMPLE: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}

_OCTETS: Schema = {
    "oneOf": [
        {"type": "string"},
        {
            "type": "object",
            "properties": {"base64": {"type": "string"}},
            "required": ["base64"],
            "additionalProperties": False,
        },
    ]
}
_PAIR: Schema = {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}
_HEADERS: Schema = {
    "oneOf": [{"type": "array", "items": _PAIR}, {"type": "object", "additionalProperties": {"type": "string"}}],
}

_COUNT: Schema = {"minimum": 1}
_BOUNDS: dict[str, Schema] = {
    "nth": _COUNT,
    "times": _COUNT,
    "every": _COUNT,
    "probability": {"minimum": 0, "maximum": 1},
}

MOST_IN_SEQUENCE = 1_000


def schema_of_type(hint: Any) -> Schema:
    """Return the schema of a parameter's annotation; of one that has none here, that of any value."""
    if hint is bytes:
        return _OCTETS
    if hint == Headers:
        return _HEADERS
    if hint in _SIMPLE:
        return {"type": _SIMPLE[hint]}
    if typing.get_origin(hint) is Literal:
        return {"enum": list(typing.get_args(hint))}
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return {"enum": [str(choice) for choice in hint]}
    if hint == dict[str, Any]:
        return {"type": "object"}
    kinds = typing.get_args(hint) if isinstance(hint, types.UnionType) else ()
    if kinds and all(kind in _SIMPLE for kind in kinds):
        return {"type": [_SIMPLE[kind] for kind in kinds]}
    return {}


@cache
def trigger_schema() -> Schema:
    """Return the schema of `Trigger`."""
    hints = typing.get_type_hints(Trigger)
    return {
        "title": "Trigger",
        "description": "Which requests a fault is for: first the filter, then the count of what passed it.",
        "type": "object",
        "properties": {
            field.name: {**schema_of_type(hints[field.name]), **_BOUNDS.get(field.name, {}), "default": field.default}
            for field in dataclasses.fields(Trigger)
        },
        "additionalProperties": False,
    }


def fault_schema(name: str, fault_class: type[Fault]) -> Schema:
    """Return the schema of one fault's JSON form, with its trigger."""
    hints = typing.get_type_hints(fault_class)
    fields = dataclasses.fields(fault_class)
    return {
        "title": f"{fault_class.__name__}Fault",
        "description": inspect.getdoc(fault_class) or "",
        "type": "object",
        "properties": {
            "fault": {"const": name},
            **{field.name: schema_of_type(hints[field.name]) for field in fields},
            "when": trigger_schema(),
        },
        "required": ["fault", *(field.name for field in fields if required(field))],
        "additionalProperties": False,
    }


def required(field: dataclasses.Field[Any]) -> bool:
    """Whether a parameter has no default."""
    return field.default is dataclasses.MISSING and field.default_factory is dataclasses.MISSING


@cache
def any_fault_schema() -> Schema:
    """Return the schema of any fault's JSON form, with its trigger."""
    return {
        "title": "Fault",
        "oneOf": [fault_schema(name, known) for name, known in sorted(all_faults().items())],
        "discriminator": {"propertyName": "fault"},
    }


@cache
def any_connection_fault_schema() -> Schema:
    """Return the schema of any connection fault's JSON form."""
    return {
        "title": "ConnectionFault",
        "oneOf": [_connection_fault_schema(name, known) for name, known in sorted(all_connection_faults().items())],
        "discriminator": {"propertyName": "fault"},
    }


def _connection_fault_schema(name: str, fault_class: type[ConnectionFault]) -> Schema:
    hints, fields = typing.get_type_hints(fault_class), dataclasses.fields(fault_class)
    return {
        "title": f"{fault_class.__name__}Connection",
        "description": inspect.getdoc(fault_class) or "",
        "type": "object",
        "properties": {"fault": {"const": name}, **{field.name: schema_of_type(hints[field.name]) for field in fields}},
        "required": ["fault", *(field.name for field in fields if required(field))],
        "additionalProperties": False,
    }


@cache
def faults_to_arm_schema() -> Schema:
    """Return the schema of what can be armed: one fault, or a sequence, in which null lets a request through."""
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
