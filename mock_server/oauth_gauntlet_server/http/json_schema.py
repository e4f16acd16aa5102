"""Read JSON values by a JSON Schema (draft 2020-12).

Only the keywords that our own schemas use are supported. The reader exists because validators do not give
what a user needs: one sentence that names the wrong member, what was expected, and the nearest known name.
The same schemas are in the OpenAPI document, and describe the tables of a configuration file and the
parameters of faults.
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

# Any value. Its strings must be Unicode text nevertheless, because they can get into a token.
_ANY_TEXT: Schema = {"additionalProperties": True}


class Refused(ValueError):
    """A value does not match its schema.

    `member` is the path of the wrong value (names and list indexes from the root), `expected` what the schema
    requires there, `nearest` the known names that are most similar.
    """

    def __init__(self, member: KeyPath, problem: str, *, expected: str, nearest: Iterable[str] = ()) -> None:
        self.member = member
        self.problem = problem
        self.expected = expected
        self.nearest = tuple(nearest)
        meant = f"; did you mean {', '.join(self.nearest)}?" if self.nearest else ""
        super().__init__(f"{problem}: expected {expected}{meant}")


def read(value: Any, schema: Schema, at: KeyPath = ()) -> Any:
    """Return a value that matches its schema; whole numbers become int. The empty schema accepts any value.

    Raises:
        Refused: the value does not match; `at` is the path of the value, for the error.
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
    if "not" in schema and value in _values(schema["not"]):
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
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
    """Return in words what a schema requires."""
    if "discriminator" in schema:
        return f"an object with {schema['discriminator']['propertyName']!r}"
    if "oneOf" in schema:
        return " or ".join(dict.fromkeys(expectation(each) for each in schema["oneOf"]))
    if "const" in schema:
        return repr(schema["const"])
    if "enum" in schema and len(schema["enum"]) == 1:
        return repr(schema["enum"][0])
    if "enum" in schema:
        if len(schema["enum"]) == 1:
            return _shown(schema["enum"][0])
        return "one of " + ", ".join("null" if each is None else str(each) for each in schema["enum"])
    if "type" not in schema:
        return "any JSON value"
    kinds = [schema["type"]] if isinstance(schema["type"], str) else schema["type"]
    excluded = f", but not {' or '.join(map(str, _values(schema['not'])))}" if "not" in schema else ""
    return " or ".join(_TYPES[kind] + _limits(kind, schema) for kind in kinds) + excluded


def nearest(name: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return up to three known names that are similar to a name, the most similar first."""
    return tuple(difflib.get_close_matches(name, sorted(known), n=3, cutoff=0.6))


def did_you_mean(name: str, known: Iterable[str]) -> str:
    """Return the end of a sentence about an unknown name: the nearest known names, or all where none is similar."""
    names = sorted(known)
    near = nearest(name, names)
    return f"; did you mean {', '.join(near)}?" if near else f"; there are {', '.join(names)}"


def _limits(kind: str, schema: Schema) -> str:
    match kind:
        case "string":
            length = _amount(schema.get("minLength") or None, schema.get("maxLength"), "character")
            pattern = schema.get("pattern")
            return (f" of {length}" if length else "") + ("" if pattern is None else f" that matches {pattern}")
        case "array":
            length = _amount(schema.get("minItems") or None, schema.get("maxItems"), "item")
            return f" of {length}" if length else ""
        case "integer" | "number":
            low, high = schema.get("minimum"), schema.get("maximum")
            if low is not None and high is not None:
                return f" between {low} and {high}"
            return f" of at least {low}" if low is not None else "" if high is None else f" of at most {high}"
        case "object" if schema.get("required"):
            return f" with {', '.join(map(repr, schema['required']))}"
    return ""


def _values(schema: Schema) -> tuple[Any, ...]:
    """Return the values of a schema below ``not``: one (const) or some (enum)."""
    return tuple(schema["enum"]) if "enum" in schema else (schema["const"],)


def _amount(least: int | None, most: int | None, unit: str) -> str:
    """Return a number of units in words: "1 to 64 characters", "at least 1 item", "exactly 2 items"."""
    if least is not None and most is not None:
        return f"exactly {_counted(most, unit)}" if least == most else f"{least} to {_counted(most, unit)}"
    if least is not None:
        return f"at least {_counted(least, unit)}"
    return "" if most is None else f"at most {_counted(most, unit)}"


def _counted(number: int, unit: str) -> str:
    return f"{number} {unit}{'' if number == 1 else 's'}"


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
    try:
        return read(value, fitting[0], at)
    except Refused as refused:
        if isinstance(value, list | tuple | Mapping):
            raise
        # What another branch accepts may be what was meant: a number in place of a word.
        raise Refused(at, refused.problem, expected=expectation(schema), nearest=refused.nearest) from refused


def _may_be(value: Any, schema: Schema) -> bool:
    """Check whether a value has the schema's type; the branches of our `oneOf` schemas differ in type."""
    if "oneOf" in schema:
        return any(_may_be(value, each) for each in schema["oneOf"])
    kinds = schema.get("type")
    return kinds is None or _kind(value) in ([kinds] if isinstance(kinds, str) else kinds)


def _text(value: str, schema: Schema, at: KeyPath) -> str:
    if not value.isascii() and any("\ud800" <= character <= "\udfff" for character in value):
        raise Refused(at, "the string contains half of a surrogate pair", expected="Unicode text")
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", math.inf):
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    # fullmatch: our patterns are anchored, and Python's $ also matches before a line break at the end.
    if "pattern" in schema and not re.fullmatch(schema["pattern"], value):
        raise Refused(at, f"got {_shown(value)}", expected=expectation(schema))
    return value


def _list(value: list[Any], schema: Schema, at: KeyPath) -> list[Any]:
    if not schema.get("minItems", 0) <= len(value) <= schema.get("maxItems", math.inf):
        raise Refused(at, f"got {_counted(len(value), 'item')}", expected=expectation(schema))
    return [read(item, schema.get("items", _ANY_TEXT), (*at, index)) for index, item in enumerate(value)]


def _object(value: Mapping[str, Any], schema: Schema, at: KeyPath) -> dict[str, Any]:
    members: Mapping[str, Schema] = schema.get("properties", {})
    further = schema.get("additionalProperties", True)
    result: dict[str, Any] = {}
    for name, item in value.items():
        if "propertyNames" in schema:
            read(name, schema["propertyNames"], (*at, name))
        if name in members:
            result[name] = read(item, members[name], (*at, name))
        elif not isinstance(name, str):
            raise Refused(at, f"a member has the name {_shown(name)}", expected="names that are strings")
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
