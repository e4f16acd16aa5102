from enum import StrEnum
from typing import Any, Literal

import pytest

from oauth_gauntlet_server.faults import Trigger, all_faults
from oauth_gauntlet_server.faults.base import Faults
from oauth_gauntlet_server.faults.fault_json import parameters_of
from oauth_gauntlet_server.faults.parameter_types import parameter_type
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
    (float, "a number", [(0, SAME), (1.5, SAME)], [True, "1"]),
    (bool, "true or false", [(True, SAME)], [0, None]),
    (str | None, "a string or null", [("a", SAME), (None, SAME)], [1]),
    (int | float | None, "a whole number or a number or null", [(1, SAME), (1.5, SAME), (None, SAME)], ["1"]),
    (Literal["a", "b"], '"a" or "b"', [("a", SAME)], ["c", None]),
    (Literal["a", "b"] | None, '"a" or "b" or null', [("a", SAME), (None, SAME)], ["c"]),
    (Colour, '"red" or "green"', [("red", Colour.RED)], ["gren", None]),
    (bytes, 'a string, or {"base64": "..."}', [("é", "é".encode()), ({"base64": "/w=="}, b"\xff")], [1, {"base64": 1}, {}]),
    (
        Headers,
        "[[name, value], ...], or an object of strings",
        [([["A", "b"]], (("A", "b"),)), ({"A": "b"}, (("A", "b"),)), ([], ())],
        [[["A"]], {"A": 1}, "A: b"],
    ),
    (dict[str, Any], "an object", [({}, SAME), ({"a": [1]}, SAME)], [[], "{}", {1: 2}]),
    (Any, "any JSON value", [(None, SAME), (1, SAME), ([], SAME), ({}, SAME)], []),
    (Faults, "a list of faults", [([{"fault": "delay", "seconds": 1}], (Delay(seconds=1),)), ([], ())], ["delay", [{}], [3]]),
]


@pytest.mark.parametrize(("annotation", "words", "right", "wrong"), ROWS)
def test_an_annotation_decides_schema_words_and_conversion(annotation, words, right, wrong):
    found = parameter_type(annotation)
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
    octets = parameter_type(bytes)
    with pytest.raises(ValueError, match="base64: "):
        octets.convert(read(value, octets.schema))


@pytest.mark.parametrize("annotation", [tuple[int, ...], list[str], complex, bytes | None, dict[str, int]])
def test_an_annotation_that_is_not_in_the_table_is_an_error(annotation):
    with pytest.raises(TypeError, match=r"is not a parameter type; add it to .*parameter_types"):
        parameter_type(annotation)


@pytest.mark.parametrize("value_class", [*all_faults().values(), *all_connection_faults().values(), Trigger])
def test_every_parameter_of_every_fault_has_a_type_and_its_default_matches_the_schema(value_class):
    for parameter in parameters_of(value_class):
        if not parameter.required:
            read(parameter.default, parameter.type.schema)
