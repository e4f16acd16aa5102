"""`SettingRefused`, and the check that the values of settings have the types of their fields."""

from __future__ import annotations

import math
import types
import typing
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from enum import StrEnum
from typing import Any, Literal


class SettingRefused(ValueError):
    """A setting `name` has a wrong value, or no effect together with the others. `expected` says what to do instead."""

    def __init__(self, name: str, problem: str, *, expected: str) -> None:
        self.name = name
        self.problem = problem
        self.expected = expected
        super().__init__(f"{name}: {problem}: expected {expected}")


def check_types(settings: Any) -> None:
    """Check that the value of each field has the type of the field, and that a duration in seconds is not negative.

    Raises:
        SettingRefused: a value is wrong.
    """
    for name, fitting in _fields(type(settings)).items():
        value = getattr(settings, name)
        if not fitting.holds(value):
            raise SettingRefused(name, f"got {value!r}", expected=fitting.words)
        if name.endswith("_s") and value is not None and not 0 <= value < math.inf:
            raise SettingRefused(name, f"got {value!r}", expected="0 or more seconds")


class _Fitting(typing.NamedTuple):
    """Whether a value has the type of a field, and the type in words."""

    holds: Callable[[Any], bool]
    words: str


_FIELDS: dict[type[Any], Mapping[str, _Fitting]] = {}
"""What `_fields` has returned: reading the annotations of a class takes longer than a request."""


def _fields(settings_class: type[Any]) -> Mapping[str, _Fitting]:
    if settings_class not in _FIELDS:
        hints = typing.get_type_hints(settings_class)
        _FIELDS[settings_class] = {name: _fitting(annotation) for name, annotation in hints.items()}
    return _FIELDS[settings_class]


def _fitting(annotation: Any) -> _Fitting:
    if annotation in _PLAIN:
        return _PLAIN[annotation]
    if isinstance(annotation, type) and issubclass(annotation, StrEnum):
        members = ", ".join(f"{annotation.__name__}.{member.name}" for member in annotation)
        return _Fitting(lambda value: isinstance(value, annotation), f"one of {members}")
    origin, parts = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is Literal:
        return _Fitting(lambda value: value in parts, f"one of {', '.join(map(repr, parts))}")
    if origin in {types.UnionType, typing.Union}:
        fittings = [_fitting(part) for part in parts]
        return _Fitting(lambda value: any(each.holds(value) for each in fittings), " or ".join(each.words for each in fittings))
    if origin is frozenset:
        item = _fitting(parts[0])
        return _Fitting(
            lambda value: isinstance(value, AbstractSet) and all(map(item.holds, value)), f"a frozenset, each item {item.words}"
        )
    if origin is tuple:
        held = _fitting(parts[0])
        return _Fitting(
            lambda value: isinstance(value, tuple) and all(map(held.holds, value)), f"a tuple, each item {held.words}"
        )
    if origin is Mapping:
        held = _fitting(parts[1])
        return _Fitting(
            lambda value: (
                isinstance(value, Mapping) and all(isinstance(key, str) and held.holds(each) for key, each in value.items())
            ),
            f"a mapping from names, each value {held.words}",
        )
    if origin is Sequence:
        each = _fitting(parts[0])
        return _Fitting(
            lambda value: isinstance(value, list | tuple) and all(map(each.holds, value)), f"a list, each item {each.words}"
        )
    raise TypeError(f"{annotation!r} is not the type of a setting; add it to {__name__}")


_PLAIN: dict[Any, _Fitting] = {
    Any: _Fitting(lambda value: True, "anything"),  # noqa: ARG005
    types.NoneType: _Fitting(lambda value: value is None, "None"),
    bool: _Fitting(lambda value: isinstance(value, bool), "True or False"),
    int: _Fitting(lambda value: isinstance(value, int) and not isinstance(value, bool), "a whole number"),
    float: _Fitting(lambda value: isinstance(value, int | float) and not isinstance(value, bool), "a number"),
    str: _Fitting(lambda value: isinstance(value, str), "a string"),
}
