"""Typed readers for values that another program wrote: JSON, or a TOML document as Python objects. Pure.

Each reader takes a value and its path (``hello.client.name``, ``findings[0].mark``). It returns the value with its
type, or raises `Malformed` with the path, what was expected and what was found. Callers that have their own error
class convert it. This module imports nothing of the package, so that every other module may use it.
"""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Collection, Mapping
from enum import StrEnum
from typing import Any, TypeAlias, TypeVar, cast

JSON: TypeAlias = Any
"""A value as `json.loads` returns it: the only place where `Any` crosses a public signature."""

JSONObject: TypeAlias = Mapping[str, JSON]

_E = TypeVar("_E", bound=StrEnum)
_T = TypeVar("_T")

_MOST_SHOWN = 80
_MOST_SECONDS = 1e12


class Malformed(ValueError):
    """A value does not have the expected type or content. The text names its path, what was expected and what was found."""


def shown(value: JSON) -> str:
    """Return a value as error messages show it: at most 80 characters of its `repr`."""
    text = repr(value)
    return text if len(text) <= _MOST_SHOWN else f"{text[: _MOST_SHOWN - 3]}..."


def unexpected(path: str, expected: str, value: JSON) -> Malformed:
    """Return the error for a value that is not what was expected at this path."""
    return Malformed(f"{path}: expected {expected}, got {shown(value)}")


def as_object(value: JSON, path: str) -> JSONObject:
    """Return a JSON object.

    Raises:
        Malformed: the value is not an object.
    """
    if not isinstance(value, dict | Mapping):  # dict first: the check of the abstract class is slow
        raise unexpected(path, "an object", value)
    return value


def as_list(value: JSON, path: str) -> list[JSON]:
    """Return a list.

    Raises:
        Malformed: the value is not a list.
    """
    if not isinstance(value, list):
        raise unexpected(path, "a list", value)
    return value


def as_text(value: JSON, path: str) -> str:
    """Return a string.

    Raises:
        Malformed: the value is not a string.
    """
    if not isinstance(value, str):
        raise unexpected(path, "a string", value)
    return value


def as_text_or_null(value: JSON, path: str) -> str | None:
    """Return a string or None.

    Raises:
        Malformed: the value is neither a string nor null.
    """
    if value is not None and not isinstance(value, str):
        raise unexpected(path, "a string or null", value)
    return value


def as_texts(value: JSON, path: str) -> list[str]:
    """Return a list of strings.

    Raises:
        Malformed: the value is not a list, or one of its items is not a string.
    """
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise unexpected(path, "a list of strings", value)
    return value


def as_flag(value: JSON, path: str) -> bool:
    """Return a boolean.

    Raises:
        Malformed: the value is neither true nor false.
    """
    if not isinstance(value, bool):
        raise unexpected(path, "true or false", value)
    return value


def as_whole(value: JSON, path: str) -> int:
    """Return a whole number. `1.0` is not one.

    Raises:
        Malformed: the value is not a whole number.
    """
    if not isinstance(value, int) or isinstance(value, bool):
        raise unexpected(path, "a whole number", value)
    return value


def as_count(value: JSON, path: str) -> int:
    """Return a whole number of at least 0.

    Raises:
        Malformed: the value is not a whole number, or it is negative.
    """
    if as_whole(value, path) < 0:
        raise unexpected(path, "a number of at least 0", value)
    return cast("int", value)


def as_number_or_null(value: JSON, path: str) -> float | None:
    """Return a finite number or None. A whole number may be larger than any float.

    Raises:
        Malformed: the value is neither a finite number nor null.
    """
    if value is not None and not _is_number(value):
        raise unexpected(path, "a number or null", value)
    if isinstance(value, float) and not math.isfinite(value):
        raise unexpected(path, "a finite number or null", value)
    return cast("float | None", value)


def as_seconds(value: JSON, path: str) -> float:
    """Return a duration in seconds, from 0 to 1e12.

    Raises:
        Malformed: the value is not a number, or it is out of this range.
    """
    if not _is_number(value) or not 0 <= value <= _MOST_SECONDS:
        raise unexpected(path, "a number of seconds", value)
    return float(value)


def as_choice(kind: type[_E], value: JSON, path: str) -> _E:
    """Return the member of an enumeration with this value.

    Raises:
        Malformed: no member has this value.
    """
    try:
        return kind(value)
    except ValueError:
        raise unexpected(path, f"one of {', '.join(kind)}", value) from None


def as_pair(value: JSON, path: str, expected: str = "[name, value]") -> tuple[str, str]:
    """Return a pair of strings, such as a header's name and value.

    Raises:
        Malformed: the value is not a list of two strings.
    """
    if not (isinstance(value, list) and len(value) == 2 and isinstance(value[0], str) and isinstance(value[1], str)):
        raise unexpected(path, expected, value)
    return value[0], value[1]


def as_pairs(value: JSON, path: str) -> list[JSON]:
    """Return a list of pairs of strings, such as the headers of a message.

    Raises:
        Malformed: the value is not a list, or one of its items is not a pair of strings.
    """
    items = as_list(value, path)
    for pair in items:
        # Without a call for each: a results file has millions of headers.
        if not (isinstance(pair, list) and len(pair) == 2 and isinstance(pair[0], str) and isinstance(pair[1], str)):
            each(items, path, as_pair)
    return items


def member(document: JSONObject, key: str, read: Callable[[JSON, str], _T]) -> _T:
    """Return a required member of an object, read by `read`.

    Raises:
        Malformed: the member is missing, or `read` raises it.
    """
    if key not in document:
        raise Malformed(f"{key}: missing")
    return read(document[key], key)


def each(value: JSON, path: str, read: Callable[[JSON, str], _T]) -> tuple[_T, ...]:
    """Return the items of a list, each read by `read` with its own path.

    Raises:
        Malformed: the value is not a list, or `read` raises it.
    """
    items = as_list(value, path)
    try:
        return tuple([read(item, path) for item in items])
    except Malformed:
        # Only an error needs the path of each item, and a results file has millions of items.
        return tuple([read(item, f"{path}[{place}]") for place, item in enumerate(items)])


def _is_number(value: JSON) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def unknown_name(what: str, name: str, known: Collection[str]) -> str:
    """Return the error text for a name that nothing has: ``unknown profile 'x', did you mean y? there are y, z``."""
    near = difflib.get_close_matches(name, known, n=1, cutoff=0.4)
    hint = f", did you mean {near[0]}?" if near else ";"
    return f"unknown {what} {name!r}{hint} there are {', '.join(known) or 'none'}"
