"""The reader of JSON by schema, held against a JSON Schema validator of somebody else's."""

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.control.fault_schemas import any_fault_schema, faults_to_arm_schema
from oauth_gauntlet_server.control.schema import Refused, expectation, nearest, read
from oauth_gauntlet_server.control.tenant_schemas import CLIENT, ISSUER, NEW_TENANT, USER

SCHEMA = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 1, "maxLength": 3, "pattern": "^[a-z]*$"},
        "count": {"type": ["integer", "null"], "minimum": 0, "maximum": 9},
        "ratio": {"type": "number", "minimum": 0.5},
        "kind": {"enum": ["red", "green", None]},
        "on": {"type": "boolean"},
        "items": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 2},
        "free": {"type": "object", "additionalProperties": {"type": "integer"}},
        "either": {"oneOf": [{"type": "string"}, {"type": "array", "items": {"const": 1}}]},
        "tagged": {
            "oneOf": [
                {"type": "object", "properties": {"t": {"const": "a"}, "x": {"type": "integer"}}, "required": ["t", "x"]},
                {"type": "object", "properties": {"t": {"const": "b"}}, "required": ["t"], "additionalProperties": False},
            ],
            "discriminator": {"propertyName": "t"},
        },
    },
    "required": ["name"],
    "additionalProperties": False,
}

REFUSED = {
    "not an object": ([], (), "an object"),
    "missing": ({}, (), "a string"),
    "unknown": ({"name": "a", "nam": 1}, ("nam",), "one of name, count"),
    "type": ({"name": 1}, ("name",), "a string"),
    "too short": ({"name": ""}, ("name",), "characters, at least 1"),
    "too long": ({"name": "aaaa"}, ("name",), "characters, at most 3"),
    "pattern": ({"name": "A"}, ("name",), "such that ^[a-z]*$ matches"),
    "line break at the end": ({"name": "a\n"}, ("name",), "such that"),
    "surrogate": ({"name": "\ud800"}, ("name",), "Unicode text"),
    "boolean is no integer": ({"name": "a", "count": True}, ("count",), "a whole number or null between 0 and 9"),
    "too large": ({"name": "a", "count": 10}, ("count",), "between 0 and 9"),
    "fraction": ({"name": "a", "count": 1.5}, ("count",), "a whole number"),
    "too small": ({"name": "a", "ratio": 0}, ("ratio",), "of at least 0.5"),
    "enum": ({"name": "a", "kind": "gren"}, ("kind",), "one of red, green, null"),
    "item": ({"name": "a", "items": ["x", 2]}, ("items", 1), "a string"),
    "too many": ({"name": "a", "items": ["x"] * 3}, ("items",), "items, at most 2"),
    "free": ({"name": "a", "free": {"k": "v"}}, ("free", "k"), "a whole number"),
    "neither": ({"name": "a", "either": 1}, ("either",), "a string or a list"),
    "const": ({"name": "a", "either": [2]}, ("either", 0), "1"),
    "tag": ({"name": "a", "tagged": {"t": "c"}}, ("tagged", "t"), "one of a, b"),
    "no tag": ({"name": "a", "tagged": {}}, ("tagged",), "one of a, b"),
    "tagged": ({"name": "a", "tagged": {"t": "a"}}, ("tagged",), "a whole number"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_what_is_wrong_is_named(case):
    value, member, expected = REFUSED[case]
    with pytest.raises(Refused) as caught:
        read(value, SCHEMA)
    assert caught.value.member == member
    assert expected in caught.value.expected


def test_the_nearest_known_name():
    with pytest.raises(Refused, match=r"did you mean count\?") as caught:
        read({"name": "a", "cuont": 1}, SCHEMA)
    assert caught.value.nearest == ("count",)
    with pytest.raises(Refused, match=r"did you mean green\?"):
        read({"name": "a", "kind": "gren"}, SCHEMA)
    assert nearest("zzz", ["count"]) == ()


def test_whole_numbers_come_as_int_and_the_empty_schema_takes_anything():
    assert read({"name": "a", "count": 3.0}, SCHEMA)["count"].__class__ is int
    assert read("\ud800", {}) == "\ud800"
    assert expectation({"const": "x"}) == "'x'"


def values(names):
    scalars = (
        st.none() | st.booleans() | st.integers(-2, 12) | st.floats(-1, 11) | st.sampled_from(["", "a", "b", "red", "aaaa"])
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner, max_size=4),
        max_leaves=8,
    )


@given(value=values([*SCHEMA["properties"], "t", "x", "k"]))
def test_it_accepts_what_a_validator_accepts(value):
    agree(value, SCHEMA)


@pytest.mark.parametrize("schema", [CLIENT, USER, ISSUER, NEW_TENANT, any_fault_schema(), faults_to_arm_schema()])
def test_so_it_does_with_our_own_schemas(schema):
    names = {"fault", "when", "error", "status", "name", "client_id", "public_keys", "rotation", "strict", "claims", "username"}

    @given(value=values(sorted(names)))
    def compare(value):
        agree(value, schema)

    compare()


def agree(value, schema):
    valid = jsonschema_rs.is_valid(schema, value)
    try:
        read(value, schema)
        accepted = True
    except Refused:
        accepted = False
    assert accepted == valid
