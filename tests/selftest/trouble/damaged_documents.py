"""Hypothesis strategies that damage a valid document: a member is removed, added, wrapped or replaced, octets are cut."""

import copy
import datetime as dt
import json
import math
import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st

TIMES = int(os.environ.get("GAUNTLET_FUZZ", "1"))
"""Factor for the number of examples. Above 1 the examples are random, and differ from run to run."""


def examples(count):
    """Return settings for this many examples; without GAUNTLET_FUZZ they are the same in each run."""
    return settings(
        max_examples=count * TIMES,
        derandomize=TIMES == 1,
        deadline=None,
        database=None,
        suppress_health_check=[HealthCheck.too_slow],  # a busy machine generates slowly
    )


SURROGATE = "\ud800"
texts = st.sampled_from(
    ["", " ", "x", "ä\u2028\x00\x1b[31m", "\U0001f600", SURROGATE, "x" * 3000, "NaN", "[a-z]*", "1e400", "*.*"]
)
numbers = st.sampled_from(
    [0, -1, 1, 2**31, 2**63, 10**30, 10**320, 0.5, -0.0, 1e308, float("inf"), float("-inf"), float("nan")]
)
plain = st.one_of(st.none(), st.booleans(), texts, numbers)
json_values = st.one_of(
    plain, st.recursive(plain, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3))
)
dates = st.sampled_from([dt.date(2027, 3, 31), dt.datetime(2027, 3, 31, 12, tzinfo=dt.UTC), dt.time(1, 2, 3)])


def is_one_line_about(error, path, most=8000):
    """Check that an error message starts with the file, is one line, and has at most `most` characters."""
    assert str(error).startswith(str(path))
    assert "\n" not in str(error)
    assert len(str(error)) < most, str(error)[:200]


def deep(levels, kind=list):
    """Return a value with this many levels of nesting."""
    value = 1
    for _ in range(levels):
        value = [value] if kind is list else {"a": value}
    return value


def places(document, at=()):
    """Yield the path of everything inside a document."""
    members = document.items() if isinstance(document, dict) else enumerate(document) if isinstance(document, list) else ()
    for step, inner in members:
        yield (*at, step)
        yield from places(inner, (*at, step))


@st.composite
def mutated(draw, document, values=json_values):
    """Draw the document with one change, sometimes with two."""
    result = copy.deepcopy(document)
    for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
        known = list(places(result))
        if not known:
            return draw(values)
        *way, last = draw(st.sampled_from(known))
        parent = result
        for step in way:
            parent = parent[step]
        match draw(st.sampled_from(["replace", "replace", "remove", "add", "wrap"])):
            case "replace":
                parent[last] = draw(values)
            case "remove":
                del parent[last]
            case "add" if isinstance(parent, dict):
                parent[draw(st.sampled_from(["unknown", f"{last}_", *map(str, parent)]))] = draw(values)
            case "add":
                parent.append(draw(values))
            case "wrap":
                parent[last] = [parent[last]]
    return result


@st.composite
def damaged(draw, octets):
    """Draw octets with a part cut, overwritten or repeated, as a disk or an editor may do it."""
    begin = draw(st.integers(0, len(octets)))
    end = draw(st.integers(begin, min(len(octets), begin + 200)))
    middle = draw(
        st.sampled_from([b"", b"\x00" * 16, b"\xff", b"\n", b'"', b"[" * 2000, b"\xef\xbb\xbf", b"=", octets[begin:end] * 2])
    )
    tail = octets[end:] if draw(st.booleans()) else b""
    return octets[:begin] + middle + tail


def toml(document):
    """Return a document as the octets of a TOML file with a header for each table; null is omitted, as TOML has none."""
    plain_lines, tables = [], []
    for key, value in document.items():
        listed = value if isinstance(value, list) and value and all(isinstance(each, dict) for each in value) else None
        if isinstance(value, dict):
            tables += [f"[{_key(key)}]", *_members(value)]
        elif listed:
            for each in listed:
                tables += [f"[[{_key(key)}]]", *_members(each)]
        else:
            plain_lines += _members({key: value})
    return "\n".join([*plain_lines, *tables, ""]).encode("utf-8", "replace")


def _members(table):
    return [f"{_key(key)} = {_inline(value)}" for key, value in table.items() if value is not None]


def _key(text):
    return _inline(str(text))


def _inline(value):
    if isinstance(value, dict):
        return f"{{{', '.join(_members(value))}}}"
    if isinstance(value, list):
        return f"[{', '.join(_inline(each) for each in value if each is not None)}]"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if isinstance(value, dt.date | dt.time):
        return value.isoformat()
    if isinstance(value, str):
        return json.dumps(value.encode("utf-8", "replace").decode(), ensure_ascii=False).replace("\x7f", "\\u007f")
    return json.dumps(value)
