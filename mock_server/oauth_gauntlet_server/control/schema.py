"""A reader of JSON values by a JSON Schema (draft 2020-12), as much of it as our own schemas use.

It exists for what validators do not give: one clear sentence that names the member, what was expected and the nearest
known name. The same schemas stand in the OpenAPI document, and are those of the tables in a configuration file.
"""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

Schema: TypeAlias = Mapping[str, Any]
KeyPath: TypeAlias = tuple[str | int, ...]

_TYPES: dict[str, str] = {
    "string": "a string",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "null": "null",
    "array": "a list",
    "object": "an object",
}

# Any value, of which strings have to be Unicode all the same: they may go into a token.
_ANY_TEXT: Schema = {"additionalProperties": True}


class Refused(ValueError):
    """A value is not as its schema says.

    `member` is where (names and list indexes from the root), `expected` what was wanted there, `nearest` the known names
    that may have been meant.
    """

    def __init__(self, member: KeyPath, problem: str, *, expected: str, nearest: Iterable[str] = ()) -> None:
        self.member = member
        self.problem = problem
        self.expected = expected
        self.nearest = tuple(nearest)
        meant = f"; did you mean {', '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"{problem}: expected {expected}{meant}")


def read(value: Any, schema: Schema, at: KeyPath = ()) -> Any:
    """Return a value as its schema takes it: whole numbers as int. The empty schema takes anything.

    Raises:
        Refused: it is not as the schema says.
    """
    if not schema:
        return value
    if "oneOf" in schema:
        return _one_of(value, schema, at)
    kind = _kind(value)
    wanted = schema.get("type")
    if wanted is not None:
        kinds = [wanted] if isinstance(wanted, str) else wanted
        if kind == "number" and "number" not in kinds and "integer" in kinds and value.is_integer():
            value, kind = int(value), "integer"
        if kind not in kinds and not (kind == "integer" and "number" in kinds):
            raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    if "const" in schema and value != schema["const"]:
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    if "enum" in schema and value not in schema["enum"]:
        near = nearest(value, [each for each in schema["enum"] if isinstance(each, str)]) if isinstance(value, str) else ()
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema), nearest=near)
    if kind == "string":
        return _text(value, schema, at)
    if kind in {"integer", "number"}:
        if not schema.get("minimum", -math.inf) <= value <= schema.get("maximum", math.inf):
            raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
        return value
    if kind == "array":
        return _list(value, schema, at)
    if kind == "object":
        return _object(value, schema, at)
    return value


def expectation(schema: Schema) -> str:
    """Return what a schema wants, in words."""
    if "oneOf" in schema:
        return " or ".join(expectation(each) for each in schema["oneOf"])
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema:
        return "one of " + ", ".join("null" if each is None else str(each) for each in schema["enum"])
    kinds = [schema["type"]] if isinstance(schema.get("type"), str) else schema.get("type", list(_TYPES))
    text = " or ".join(_TYPES[kind] for kind in kinds)
    if "minimum" in schema and "maximum" in schema:
        text += f" between {schema['minimum']} and {schema['maximum']}"
    elif "minimum" in schema:
        text += f" of at least {schema['minimum']}"
    lengths = [f"{word} {schema[key]}" for key, word in _LENGTHS.items() if schema.get(key)]
    text += f" ({' and '.join(lengths)})" if lengths else ""
    return text + (f" such that {schema['pattern']} matches" if "pattern" in schema else "")


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the known names that may have been meant, the nearest first."""
    return tuple(difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.6))


_LENGTHS = {
    "minLength": "characters, at least",
    "maxLength": "characters, at most",
    "minItems": "items, at least",
    "maxItems": "items, at most",
}


def _one_of(value: Any, schema: Schema, at: KeyPath) -> Any:
    by = schema.get("discriminator", {}).get("propertyName")
    if by is not None and isinstance(value, Mapping):
        branches = {each["properties"][by]["const"]: each for each in schema["oneOf"] if by in each.get("properties", {})}
        named = value.get(by)
        if named is None:
            near = nearest(by, (key for key in value if isinstance(key, str)))
            raise Refused(at, f"the member {by!r} is missing", expected=f"one of {', '.join(sorted(branches))}", nearest=near)
        if not isinstance(named, str) or named not in branches:
            near = nearest(str(named), branches)
            raise Refused((*at, by), f"unknown {by} {_shown(named)}", expected=f"one of {', '.join(branches)}", nearest=near)
        return read(value, branches[named], at)
    fitting = [each for each in schema["oneOf"] if _may_be(value, each)]
    if len(fitting) != 1:
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    return read(value, fitting[0], at)


def _may_be(value: Any, schema: Schema) -> bool:
    """Whether a value is of the schema's type: what tells the branches of our schemas apart."""
    if "oneOf" in schema:
        return any(_may_be(value, each) for each in schema["oneOf"])
    kinds = schema.get("type")
    return kinds is None or _kind(value) in ([kinds] if isinstance(kinds, str) else kinds)


def _text(value: str, schema: Schema, at: KeyPath) -> str:
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(at, "the string holds half of a surrogate pair", expected="Unicode text")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf):
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):  # ours are anchored; ECMA's $ is Python's \Z
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    return value


def _list(value: list[Any], schema: Schema, at: KeyPath) -> list[Any]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf):
        raise Refused(at, f"got {len(value)} items", expected=expectation(schema))
    return [read(item, schema.get("items", _ANY_TEXT), (*at, index)) for index, item in enumerate(value)]


def _object(value: Mapping[str, Any], schema: Schema, at: KeyPath) -> dict[str, Any]:
    members: Mapping[str, Schema] = schema.get("properties", {})
    further = schema.get("additionalProperties", True)
    result: dict[str, Any] = {}
    for name, item in value.items():
        if name in members:
            result[name] = read(item, members[name], (*at, name))
        elif further is False:
            near = nearest(name, members)
            known = f"one of {', '.join(members)}" if members else "no member at all"
            raise Refused((*at, name), f"unknown member {_shown(name)}", expected=known, nearest=near)
        else:
            _text(name, {}, (*at, name))
            result[name] = read(item, _ANY_TEXT if further is True else further, (*at, name))
    for name in schema.get("required", ()):
        if name not in value:
            raise Refused(at, f"the member {name!r} is missing", expected=expectation(members.get(name, {})))
    return result


def _kind(value: Any) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "boolean"
        case int():
            return "integer"
        case float():
            return "number"
        case str():
            return "string"
        case list() | tuple():
            return "array"
        case Mapping():
            return "object"
    return type(value).__name__


def _shown(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."
