"""Convert Python values to JSON values: octets, sets, tuples, mappings, dataclasses and values that have `to_json`."""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Mapping
from typing import Any


def as_json(value: Any) -> Any:
    """Return a value as JSON.

    Octets become text where they are UTF-8, else ``{"base64": "..."}``. A set becomes a sorted list, a tuple
    a list. A value with a method `to_json` becomes what that returns; any other value is returned as it is.
    """
    if isinstance(value, bytes):
        try:
            return value.decode()
        except UnicodeDecodeError:
            return {"base64": base64.b64encode(value).decode()}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, tuple):
        return [as_json(item) for item in value]
    if isinstance(value, Mapping):
        return dict(value)
    return value.to_json() if hasattr(value, "to_json") else value


def fields_as_json(value: Any) -> dict[str, Any]:
    """Return the fields of a dataclass instance as a JSON object."""
    return {field.name: as_json(getattr(value, field.name)) for field in dataclasses.fields(value)}
