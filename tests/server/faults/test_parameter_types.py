from enum import StrEnum
from typing import Annotated, Any, Literal

import pytest

from oauth_gauntlet_server.faults import FaultError, Trigger, all_faults
from oauth_gauntlet_server.faults.base import Faults
from oauth_gauntlet_server.faults.fault_json import parameters_of
from oauth_gauntlet_server.faults.parameter_types import (
    Bounds,
    Count,
    FieldLines,
    Seconds,
    SomeOctets,
    parameter_type,
    plain_text,
)
from oauth_gauntlet_server.faults.timing import Delay
from oauth_gauntlet_server.http.http_request import Headers
from oauth_gauntlet_server.http.json_schema import Refused, read
from oauth_gauntlet_server.listening.connection_faults import all_connection_faults


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


SAME = object()
"""The parameter is the JSON value itself."""

# annotation: words, JSON values with the parameter that each becomes, JSON values that are refused
ROWS = [
    (str, "a string", [("", SAME), ("a", SAME)], [None, 1]),
    (int, "a whole number", [(0, SAME), (-1, SAME), (2.0, 2)], [True, 1.5, "1"]),
    (Count, "a whole number of at least 1", [(1, SAME), (2.0, 2)], [0, -1, "1"]),
    (Count | None, "a whole number of at least 1 or null", [(1, SAME), (None, SAME)], [0]),
    (Seconds, "a number between 0 and 86400", [(0, SAME), (0.5, SAME)], [-0.1, 86_401, float("nan"), float("inf")]),
    (
        Annotated[int, Bounds(minimum=100, maximum=199, excluded=101)],
        "a whole number between 100 and 199, but not 101",
        [(100, SAME), (102.0, 102)],
        [99, 101, 101.0, 200],
    ),
    (Literal[301, 302], "301 or 302", [(301, SAME), (302.0, 302)], [300, "301"]),
    (None, "null", [(None, SAME)], [0, False]),
    (float, "a number", [(0, SAME), (1.5, SAME)], [True, "1"]),
    (bool, "true or false", [(True, SAME)], [0, None]),
    (str | None, "a string or null", [("a", SAME), (None, SAME)], [1]),
    (int | float | None, "a whole number or a number or null", [(1, SAME), (1.5, SAME), (None, SAME)], ["1"]),
    (Literal["a", "b"], '"a" or "b"', [("a", SAME)], ["c", None]),
    (Literal["a", "b"] | None, '"a" or "b" or null', [("a", SAME), (None, SAME)], ["c"]),
    (Colour, '"red" or "green"', [("red", Colour.RED)], ["gren", None]),
    (bytes, 'a string, or {"base64": "..."}', [("é", "é".encode()), ({"base64": "/w=="}, b"\xff")], [1, {"base64": 1}, {}]),
    (SomeOctets, 'a string, or {"base64": "..."}', [("a", b"a"), ({"base64": "/w=="}, b"\xff")], ["", {"base64": ""}]),
    (
        FieldLines,
        "[[name, value], ...], or an object of strings",
        [([["A", "b"]], (("A", "b"),)), ({"A": "b"}, (("A", "b"),))],
        [[["A\n", "b"]], {"A": "b\r"}, {"A\r": "b"}],
    ),
    (
        Headers,
        "[[name, value], ...], or an object of strings",
        [([["A", "b"]], (("A", "b"),)), ({"A": "b"}, (("A", "b"),)), ([], ())],
        [[["A"]], {"A": 1}, "A: b"],
    ),
    (dict[str, Any], "an object", [({}, SAME), ({"a": [1]}, SAME)], [[], "{}", {1: 2}]),
    (Any, "any JSON value", [(None, SAME), (1, SAME), ([], SAME), ({}, SAME)], []),
    (
        Faults,
        "a list of faults",
        [([{"fault": "delay", "seconds": 1}], (Delay(seconds=1),)), ([], ())],
        ["delay", [{}], [3], [{"fault": "delay", "seconds": -1}], [{"fault": "all_of", "faults": []}]],
    ),
]


@pytest.mark.parametrize(("annotation", "words", "right", "wrong"), ROWS)
def test_an_annotation_decides_schema_words_and_conversion(annotation, words, right, wrong):
    found = parameter_type(type(None) if annotation is None else annotation)
    assert found.words == words
    for value, parameter in right:
        converted = found.convert(read(value, found.schema))
        assert converted == (value if parameter is SAME else parameter)
        assert type(converted) is type(value if parameter is SAME else parameter)
    for value in wrong:
        with pytest.raises(Refused):
            read(value, found.schema)


@pytest.mark.parametrize("value", [{"base64": "!"}, {"base64": "é"}, {"base64": "AA"}])
def test_base64_that_does_not_decode_is_refused(value):
    with pytest.raises(Refused, match="expected a string that matches"):
        read(value, parameter_type(bytes).schema)


@pytest.mark.parametrize("annotation", [tuple[int, ...], list[str], complex, bytes | None, dict[str, int], Count | Seconds])
def test_an_annotation_that_is_not_in_the_table_is_an_error(annotation):
    with pytest.raises(TypeError, match=r"is not a parameter type; add it to .*parameter_types"):
        parameter_type(annotation)


@pytest.mark.parametrize("value_class", [*all_faults().values(), *all_connection_faults().values(), Trigger])
def test_every_parameter_of_every_fault_has_a_type_and_its_default_matches_the_schema(value_class):
    for parameter in parameters_of(value_class):
        if not parameter.required:
            read(parameter.default, parameter.type.schema)


@pytest.mark.parametrize(
    ("annotation", "text"),
    [
        (int, "int"),
        (None, "None"),
        (Count | None, "int | None"),
        (str | None, "str | None"),
        (Literal["a", "b"], "Literal['a', 'b']"),
        (Any, "Any"),
        (dict[str, Any], "dict[str, Any]"),
        (Seconds, "float"),
    ],
)
def test_an_annotation_is_shown_without_its_bounds(annotation, text):
    assert plain_text(type(None) if annotation is None else annotation) == text


@pytest.mark.parametrize("value_class", [*all_faults().values(), *all_connection_faults().values(), Trigger])
def test_what_the_schema_refuses_is_refused_in_python_too(value_class):
    """Every number below its least value, above its greatest one, and every word that is not in its list."""
    needed = {each.name: a_value(each.type.schema) for each in parameters_of(value_class) if each.required}
    for parameter in parameters_of(value_class):
        for wrong in wrong_values(parameter.type.schema):
            with pytest.raises(FaultError, match=f": {parameter.name}: got "):
                value_class(**{**needed, parameter.name: wrong})


def wrong_values(schema):
    if "enum" in schema:
        yield "no such word"
    if "minimum" in schema:
        yield schema["minimum"] - 1
    if "maximum" in schema:
        yield schema["maximum"] + 1
    if "not" in schema:
        yield schema["not"]["const"]


def a_value(schema):
    return schema["enum"][0] if "enum" in schema else {"integer": 200, "number": 1, "string": "a"}.get(schema.get("type"), ())
