"""Parts that several schemas use. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from oauth_gauntlet.protocol import JSON, JSONObject

DIALECT = "https://json-schema.org/draft/2020-12/schema"

STRING: JSONObject = {"type": "string"}
STRING_OR_NULL: JSONObject = {"type": ["string", "null"]}
NUMBER_OR_NULL: JSONObject = {"type": ["number", "null"]}
INTEGER_OR_NULL: JSONObject = {"type": ["integer", "null"]}
OBJECT: JSONObject = {"type": "object"}
OBJECT_OR_NULL: JSONObject = {"type": ["object", "null"]}
COUNT: JSONObject = {"type": "integer", "minimum": 0}
SECONDS: JSONObject = {"type": "number", "minimum": 0, "maximum": 1e12}
PAIR: JSONObject = {"type": "array", "items": STRING, "minItems": 2, "maxItems": 2}


def described(schema: JSONObject, description: str) -> JSONObject:
    """Return a schema with a description."""
    return {**schema, "description": description}


def reference(name: str) -> JSONObject:
    """Return a reference to a definition of the same document."""
    return {"$ref": f"#/$defs/{name}"}


def constant(value: JSON) -> JSONObject:
    """Return the schema of one value."""
    return {"const": value}


def one_of_names(names: Iterable[str]) -> JSONObject:
    """Return the schema of a string that is one of some names."""
    return {"enum": sorted(names)}


def record(members: Mapping[str, JSONObject], *, optional: Iterable[str] = (), description: str = "") -> JSONObject:
    """Return the schema of an object: all members are required but the `optional` ones; unknown members are allowed."""
    left_out = set(optional)
    schema: dict[str, JSON] = {"description": description} if description else {}
    schema |= {"type": "object", "properties": dict(members)}
    required = [name for name in members if name not in left_out]
    return {**schema, "required": required} if required else schema
