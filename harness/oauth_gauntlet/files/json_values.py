"""Parse JSON tolerantly: nesting beyond the recursion limit, NaN and Infinity. Pure."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Mapping

from oauth_gauntlet.reading import JSON

MOST_DEPTH = 100
"""Levels of nesting that are kept. Messages and results need a dozen; a client may pass on deeper values from a server."""

LEFT_OUT = "(nested too deep to be shown)"
"""Replaces values that are nested deeper."""

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[\[\]{}]|[^"\[\]{}]+|"', re.DOTALL)


def parsed(text: str) -> JSON:
    """Return the value of a JSON text, without values that are nested too deep.

    ``NaN``, ``Infinity`` and ``-Infinity``, which Python's `json` writes, are accepted as numbers.

    Raises:
        ValueError: the text is not JSON.
    """
    try:
        return shallow(json.loads(text))
    except RecursionError:
        return json.loads("".join(_not_deep(text)))


def parsed_finite(text: str) -> JSON:
    """Return the value of a JSON text as `parsed` does, with names in place of NaN and infinities.

    Raises:
        ValueError: the text is not JSON.
    """
    try:
        value = _DECODER.decode(text)
    except RecursionError:
        return finite(parsed(text))
    # Each level needs a bracket of its own, so a text with few of them is not deep.
    return value if text.count("[") + text.count("{") <= MOST_DEPTH else shallow(value)


def shallow(value: JSON) -> JSON:
    """Return a value without values that are nested too deep. It must not contain itself."""
    return _cut(value, MOST_DEPTH) if _is_deep(value) else value


def finite(value: JSON) -> JSON:
    """Return a value in which NaN and infinities are replaced by their names. It must not be nested too deep."""
    if isinstance(value, Mapping):
        return {key: finite(each) for key, each in value.items()}
    if isinstance(value, list):
        return [finite(each) for each in value]
    if isinstance(value, float) and not math.isfinite(value):
        return json.dumps(value)
    return value


def _number_or_name(text: str) -> float | str:
    number = float(text)
    return number if math.isfinite(number) else json.dumps(number)


_DECODER = json.JSONDecoder(parse_constant=str, parse_float=_number_or_name)


def _is_deep(value: JSON) -> bool:
    level = [value]
    for _ in range(MOST_DEPTH + 1):
        level = [inner for each in level for inner in _within(each)]
        if not level:
            return False
    return True


def _within(value: JSON) -> Iterator[JSON]:
    if isinstance(value, Mapping):
        yield from value.values()
    elif isinstance(value, list):
        yield from value


def _cut(value: JSON, levels: int) -> JSON:
    if not isinstance(value, Mapping | list):
        return value
    if levels == 0:
        return LEFT_OUT
    if isinstance(value, Mapping):
        return {key: _cut(each, levels - 1) for key, each in value.items()}
    return [_cut(each, levels - 1) for each in value]


def _not_deep(text: str) -> Iterator[str]:
    """Yield the parts of a JSON text without values nested too deep: Python's parser recurses once per level."""
    depth = 0
    for token in _TOKEN.findall(text):
        if token in {"[", "{"}:
            depth += 1
            if depth == MOST_DEPTH + 1:
                yield json.dumps(LEFT_OUT)
        if depth <= MOST_DEPTH:
            yield token
        if token in {"]", "}"}:
            depth -= 1
