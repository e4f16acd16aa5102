"""JSON as others write it: too deep for what handles it later, and with numbers that JSON has not. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping

from oauth_gauntlet.protocol import JSON

MOST_DEPTH = 100
"""Levels of nesting. Messages and results have a dozen of their own; whatever walks a value stays far from Python's limit."""


def parsed(text: str) -> JSON:
    """Return the value that a text spells; ``NaN`` and its like, which Python's own `json` writes, count as numbers.

    Raises:
        ValueError: it is no JSON, or is nested more than `MOST_DEPTH` levels deep.
    """
    try:
        value = json.loads(text)
    except RecursionError:
        raise ValueError(f"it is nested more than {MOST_DEPTH} levels deep") from None
    if is_deep(value):
        raise ValueError(f"it is nested more than {MOST_DEPTH} levels deep")
    return value


def is_deep(value: JSON) -> bool:
    """Whether a value is nested more than `MOST_DEPTH` levels deep."""
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        level = [inner for each in level if isinstance(each, Mapping | list) for inner in _within(each)]
        if not level:
            return False
    return True


def finite(value: JSON) -> JSON:
    """Return a value with the names of numbers that JSON has not in their place; it must not be too deep."""
    if isinstance(value, Mapping):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    return value


def _within(value: JSON) -> JSON:
    return value.values() if isinstance(value, Mapping) else value
