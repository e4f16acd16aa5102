"""The types that a parameter of a fault or a trigger can have: one table from annotation to JSON.

A parameter is a field of a dataclass. Its annotation alone decides how the parameter is given in JSON: the
JSON Schema that checks it, the words that describe it, and the conversion from JSON to Python. The Python
API, the control API, the configuration file, the OpenAPI document, the console and the documentation all use
this table.

``Annotated[int, Bounds(minimum=1)]`` narrows a type: the bounds are part of the schema, and `check_bounds` checks them where a
value is made in Python. An annotation that is not in the table is an error when the fault is registered.
"""

from __future__ import annotations

import base64
import binascii
import json
import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Any, Literal, TypeAlias

from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.http.json_schema import Schema, expectation


def _same(value: Any) -> Any:
    return value


@dataclass(frozen=True, kw_only=True, slots=True)
class Bounds:
    """The values that a number may have, as part of an annotation: from `minimum` to `maximum`, but not `excluded`."""

    minimum: float | None = None
    maximum: float | None = None
    excluded: int | None = None

    def schema(self) -> Schema:
        """Return the bounds as keywords of JSON Schema."""
        limits = {"minimum": self.minimum, "maximum": self.maximum}
        found: dict[str, Any] = {name: value for name, value in limits.items() if value is not None}
        return found if self.excluded is None else {**found, "not": {"const": self.excluded}}


Count: TypeAlias = Annotated[int, Bounds(minimum=1)]
"""A number of things, or the place of one, from 1."""

Octets: TypeAlias = Annotated[int, Bounds(minimum=0)]
"""A number of octets."""

Seconds: TypeAlias = Annotated[float, Bounds(minimum=0, maximum=86_400)]
"""A duration: at most a day."""

Probability: TypeAlias = Annotated[float, Bounds(minimum=0, maximum=1)]
"""A probability."""

FinalStatus: TypeAlias = Annotated[int, Bounds(minimum=200, maximum=999)]
"""The three-digit code of a final response (RFC 9110 §15)."""

SomeOctets: TypeAlias = Annotated[bytes, "at least one"]
"""Octets that are not empty."""

FieldLines: TypeAlias = Annotated[Headers, "without line breaks"]
"""Header fields that cannot end a line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ParameterType:
    """A row of the table. `words` describe the JSON to users. `convert` converts JSON that matches `schema` to Python.

    `given` is the schema, or a function where it depends on the faults that are registered. With `narrow` not every value of
    the type in Python matches it.
    """

    given: Schema | Callable[[], Schema]
    words: str
    convert: Callable[[Any], Any] = _same
    narrow: bool = False

    @property
    def schema(self) -> Schema:
        """The JSON Schema of the parameter."""
        return self.given() if callable(self.given) else self.given


def parameter_type(annotation: Any) -> ParameterType:
    """Return the type of a parameter's annotation.

    Raises:
        TypeError: the table does not contain the annotation.
    """
    if annotation in PARAMETER_TYPES:
        return PARAMETER_TYPES[annotation]
    origin = typing.get_origin(annotation)
    if origin is Literal:
        return _choice(typing.get_args(annotation))
    kinds = typing.get_args(annotation)
    if len(kinds) == 2 and typing.get_origin(kinds[0]) is Literal and kinds[1] is types.NoneType:
        return _choice((*typing.get_args(kinds[0]), None))
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        return _choice(tuple(str(member) for member in annotation), annotation)
    kinds = typing.get_args(annotation) if origin in {types.UnionType, typing.Union} else (annotation,)
    names: list[str] = []
    limits: dict[str, Any] = {}
    for kind in kinds:
        scalar, bounds = _bounded(kind)
        if scalar not in _SCALARS or (limits and bounds is not None):
            raise TypeError(f"{annotation!r} is not a parameter type; add it to oauth_gauntlet_server.faults.parameter_types")
        names.append(_SCALARS[scalar])
        limits |= {} if bounds is None else bounds.schema()
    schema = {"type": names[0] if len(names) == 1 else names, **limits}
    return ParameterType(given=schema, words=expectation(schema), narrow=bool(limits) or names == ["null"])


def _bounded(annotation: Any) -> tuple[Any, Bounds | None]:
    """Return an annotation without its bounds, and the bounds."""
    if typing.get_origin(annotation) is not Annotated:
        return annotation, None
    plain, *more = typing.get_args(annotation)
    return plain, next((each for each in more if isinstance(each, Bounds)), None)


def plain_text(annotation: Any) -> str:
    """Return an annotation as Python text, without bounds."""
    parts = typing.get_args(annotation)
    match typing.get_origin(annotation):
        case None:
            return "None" if annotation is types.NoneType else getattr(annotation, "__name__", str(annotation))
        case types.UnionType | typing.Union:
            return " | ".join(plain_text(part) for part in parts)
        case kind if kind is Annotated:
            return plain_text(parts[0])
    return str(annotation).replace("typing.", "")


_SCALARS: dict[Any, str] = {str: "string", int: "integer", float: "number", bool: "boolean", types.NoneType: "null"}


def _choice(choices: tuple[Any, ...], convert: Callable[[Any], Any] = _same) -> ParameterType:
    words = " or ".join(json.dumps(choice) for choice in choices)
    kind = {"type": "integer"} if all(isinstance(choice, int) for choice in choices) else {}  # 2.0 is read as 2
    return ParameterType(given={**kind, "enum": list(choices)}, words=words, convert=convert, narrow=True)


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


def _octets_schema(least: int) -> Schema:
    length = {"minLength": least} if least else {}
    base64_text = {"type": "string", **length, "pattern": "^([A-Za-z0-9+/]{4})*([A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$"}
    return {
        "oneOf": [
            {"type": "string", **length},
            {
                "type": "object",
                "properties": {"base64": {**base64_text, "description": "base64 (RFC 4648 4)"}},
                "required": ["base64"],
                "additionalProperties": False,
            },
        ]
    }


def _headers_schema(text: Schema) -> Schema:
    return {
        "oneOf": [
            {"type": "array", "items": {"type": "array", "items": text, "minItems": 2, "maxItems": 2}},
            {"type": "object", "additionalProperties": text, **({"propertyNames": text} if "pattern" in text else {})},
        ],
    }


_OCTETS = ParameterType(given=_octets_schema(0), words='a string, or {"base64": "..."}', convert=_octets)
_HEADERS = ParameterType(
    given=_headers_schema({"type": "string"}), words="[[name, value], ...], or an object of strings", convert=_headers
)

PARAMETER_TYPES: dict[Any, ParameterType] = {
    Any: ParameterType(given={}, words="any JSON value"),
    bytes: _OCTETS,
    SomeOctets: replace(_OCTETS, given=_octets_schema(1), narrow=True),
    dict[str, Any]: ParameterType(given={"type": "object"}, words="an object"),
    Headers: _HEADERS,
    FieldLines: replace(_HEADERS, given=_headers_schema({"type": "string", "pattern": "^[^\\r\\n]*$"}), narrow=True),
}
"""All types except scalars, choices and unions of scalars. `faults.base` adds the list of faults."""
