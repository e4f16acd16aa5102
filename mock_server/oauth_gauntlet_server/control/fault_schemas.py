"""JSON Schemas of faults and triggers, made from the registered classes."""

from __future__ import annotations

from functools import cache

from oauth_gauntlet_server.faults import Fault, Trigger, all_faults
from oauth_gauntlet_server.faults.armed import SELECTING
from oauth_gauntlet_server.faults.fault_json import document_schema, parameters_of
from oauth_gauntlet_server.http.json_schema import Schema
from oauth_gauntlet_server.listening.connection_faults import ConnectionFault, all_connection_faults

MOST_IN_SEQUENCE = 1_000
"""How many entries a sequence of faults can have."""


@cache
def trigger_schema() -> Schema:
    """Return the schema of `Trigger`."""
    return {
        "title": "Trigger",
        "description": "For which requests a fault is due: first a filter, then a selection among the requests that passed it.",
        "type": "object",
        "properties": {each.name: {**each.type.schema, "default": each.default} for each in parameters_of(Trigger)},
        "additionalProperties": False,
    }


@cache
def filter_schema() -> Schema:
    """Return the schema of a trigger that only filters: in a sequence, the position selects the request."""
    properties = {name: schema for name, schema in trigger_schema()["properties"].items() if name not in {*SELECTING, "seed"}}
    return {
        **trigger_schema(),
        "title": "Filter",
        "description": "Which requests count; the position in the sequence selects one of them.",
        "properties": properties,
    }


def fault_schema(name: str, fault_class: type[Fault]) -> Schema:
    """Return the schema of one fault with its trigger."""
    return document_schema(name, fault_class, title="Fault", more={"when": trigger_schema()})


def any_fault_schema() -> Schema:
    """Return the schema of any fault with its trigger."""
    return _any_of(_known())


def _known() -> tuple[tuple[str, type[Fault]], ...]:
    return tuple(sorted(all_faults().items()))


@cache
def _any_of(known: tuple[tuple[str, type[Fault]], ...]) -> Schema:
    return {
        "title": "Fault",
        "oneOf": [fault_schema(name, fault_class) for name, fault_class in known],
        "discriminator": {"propertyName": "fault"},
    }


@cache
def _any_in_sequence(known: tuple[tuple[str, type[Fault]], ...]) -> Schema:
    return {
        "title": "FaultInSequence",
        "oneOf": [document_schema(name, each, title="InSequence", more={"when": filter_schema()}) for name, each in known],
        "discriminator": {"propertyName": "fault"},
    }


def any_connection_fault_schema() -> Schema:
    """Return the schema of any connection fault."""
    return _any_connection_fault_of(tuple(sorted(all_connection_faults().items())))


@cache
def _any_connection_fault_of(known: tuple[tuple[str, type[ConnectionFault]], ...]) -> Schema:
    return {
        "title": "ConnectionFault",
        "oneOf": [document_schema(name, fault_class, title="Connection") for name, fault_class in known],
        "discriminator": {"propertyName": "fault"},
    }


def faults_to_arm_schema() -> Schema:
    """Return the schema of what can be armed: one fault, or a sequence, in which null means no fault for that request."""
    return {
        "oneOf": [
            any_fault_schema(),
            {
                "type": "array",
                "items": {"oneOf": [_any_in_sequence(_known()), {"type": "null"}]},
                "minItems": 1,
                "maxItems": MOST_IN_SEQUENCE,
            },
        ]
    }
