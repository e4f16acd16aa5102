"""The types that a parameter of a fault or a trigger can have: one table from annotation to JSON.

A parameter is a field of a dataclass. Its annotation alone decides how the parameter is given in JSON: the
JSON Schema that checks it, the words that describe it, and the conversion from JSON to Python. The Python
API, the control API, the configuration file, the OpenAPI document, the console and the documentation all use
this table.

An annotation that is not in the table is an error when the fault is registered.
"""

from __future__ import annotations

import base64
import binascii
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.http.json_schema import Schema, expectation


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterType:
    """A row of the table. `words` describe the JSON to users. `convert` converts JSON that matches `schema` to Python.

    `convert` raises ValueError if it cannot convert a value that matches the schema.
    """

    schema: Schema
    words: str
    convert: Callable[[Any], Any] = _same


def parameter_type(annotation: Any) -> ParameterType:
    """Return the type of a parameter's annotation.

    Raises:
        TypeError: the table does not contain the annotation.
    """
    if annotation in PARAMETER_TYPES:
        return PARAMETER_TYPES[annotation]
    if typing.get_origin(annotation) is Literal:
        return _choice(typing.get_args(annotation))
    kinds = typing.get_args(annotation)
    if len(kinds) == 2 and typing.get_origin(kinds[0]) is Literal and kinds[1] is types.NoneType:
        return _choice((*typing.get_args(kinds[0]), None))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _choice(tuple(str(member) for member in annotation), annotation)
    kinds = typing.get_args(annotation) if isinstance(annotation, types.UnionType) else (annotation,)
    if not all(kind in _SCALARS for kind in kinds):
        raise TypeError(f"{annotation!r} is not a parameter type; add it to oauth_gauntlet_server.faults.parameter_types")
    names = [_SCALARS[kind] for kind in kinds]
    schema = {"type": names[0] if len(names) == 1 else names}
    return ParameterType(schema=schema, words=expectation(schema))


_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def _choice(choices: tuple[str | None, ...], convert: Callable[[Any], Any] = _same) -> ParameterType:
    words = " or ".join(json.dumps(choice) for choice in choices)
    return ParameterType(schema={"enum": list(choices)}, words=words, convert=convert)


def _octets(value: str | Mapping[str, str]) -> bytes:
    if isinstance(value, str):
        return value.encode()
    try:
        return base64.b64decode(value["base64"], validate=True)
    except (binascii.Error, ValueError) as error:
        raise ValueError(f"base64: {error}") from error


def _headers(value: Mapping[str, str] | list[list[str]]) -> Headers:
    pairs = value.items() if isinstance(value, Mapping) else value
    return tuple((name, text) for name, text in pairs)


PARAMETER_TYPES: dict[Any, ParameterType] = {
    Any: ParameterType(schema={}, words="any JSON value"),
    bytes: ParameterType(
        schema={
            "oneOf": [
                {"type": "string"},
                {
                    "type": "object",
                    "properties": {"base64": {"type": "string"}},
                    "required": ["base64"],
                    "additionalProperties": False,
                },
            ]
        },
        words='a string, or {"base64": "..."}',
        convert=_octets,
    ),
    dict[str, Any]: ParameterType(schema={"type": "object"}, words="an object"),
    Headers: ParameterType(
        schema={
            "oneOf": [
                {"type": "array", "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 2}},
                {"type": "object", "additionalProperties": {"type": "string"}},
            ],
        },
        words="[[name, value], ...], or an object of strings",
        convert=_headers,
    ),
}
"""All types except scalars, choices and unions of scalars. `faults.base` adds the list of faults."""
