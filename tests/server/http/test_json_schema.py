"""The reader of JSON by schema, compared with an independent JSON Schema validator."""

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from oauth_gauntlet_server.control.fault_schemas import any_fault_schema, faults_to_arm_schema
from oauth_gauntlet_server.control.tenant_schemas import CLIENT, ISSUER, NEW_TENANT, USER
from oauth_gauntlet_server.http.json_schema import Refused, did_you_mean, expectation, nearest, read

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
    "not an object": ([], (), "an object with 'name'"),
    "missing": ({}, (), "a string"),
    "unknown": ({"name": "a", "nam": 1}, ("nam",), "one of name, count"),
    "type": ({"name": 1}, ("name",), "a string"),
    "too short": ({"name": ""}, ("name",), "a string of 1 to 3 characters that matches"),
    "too long": ({"name": "aaaa"}, ("name",), "a string of 1 to 3 characters that matches"),
    "pattern": ({"name": "A"}, ("name",), "that matches ^[a-z]*$"),
    "line break at the end": ({"name": "a\n"}, ("name",), "that matches"),
    "surrogate": ({"name": "\ud800"}, ("name",), "Unicode text"),
    "boolean is no integer": ({"name": "a", "count": True}, ("count",), "a whole number between 0 and 9 or null"),
    "too large": ({"name": "a", "count": 10}, ("count",), "between 0 and 9"),
    "fraction": ({"name": "a", "count": 1.5}, ("count",), "a whole number"),
    "too small": ({"name": "a", "ratio": 0}, ("ratio",), "of at least 0.5"),
    "enum": ({"name": "a", "kind": "gren"}, ("kind",), "one of red, green, null"),
    "item": ({"name": "a", "items": ["x", 2]}, ("items", 1), "a string"),
    "too few": ({"name": "a", "items": []}, ("items",), "a list of 1 to 2 items"),
    "too many": ({"name": "a", "items": ["x"] * 3}, ("items",), "a list of 1 to 2 items"),
    "free": ({"name": "a", "free": {"k": "v"}}, ("free", "k"), "a whole number"),
    "neither": ({"name": "a", "either": 1}, ("either",), "a string or a list"),
    "const": ({"name": "a", "either": [2]}, ("either", 0), "1"),
    "tag": ({"name": "a", "tagged": {"t": "c"}}, ("tagged", "t"), "one of a, b"),
    "no tag": ({"name": "a", "tagged": {}}, ("tagged",), "one of a, b"),
    "no object to tag": ({"name": "a", "tagged": 1}, ("tagged",), "an object with 't'"),
    "a name that is no string": ({"name": "a", "free": {1: 2}}, ("free",), "names that are strings"),
    "tagged": ({"name": "a", "tagged": {"t": "a"}}, ("tagged",), "a whole number"),
}


@pytest.mark.parametrize("case", REFUSED)
def test_the_error_names_the_member_and_what_was_expected(case):
    value, member, expected = REFUSED[case]
    with pytest.raises(Refused) as caught:
        read(value, SCHEMA)
    assert caught.value.member == member
    assert expected in caught.value.expected


def test_the_error_names_the_nearest_known_name():
    with pytest.raises(Refused, match=r"did you mean count\?") as caught:
        read({"name": "a", "cuont": 1}, SCHEMA)
    assert caught.value.nearest == ("count",)
    with pytest.raises(Refused, match=r"did you mean green\?"):
        read({"name": "a", "kind": "gren"}, SCHEMA)
    assert nearest("zzz", ["count"]) == ()
    assert did_you_mean("delai", ["delay", "body"]) == "; did you mean delay?"
    assert did_you_mean("zzz", ["b", "a"]) == "; there are a, b"


def test_whole_numbers_become_int_and_the_empty_schema_accepts_anything():
    assert read({"name": "a", "count": 3.0}, SCHEMA)["count"].__class__ is int
    assert read("\ud800", {}) == "\ud800"


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({}, "any JSON value"),
        ({"additionalProperties": True}, "any JSON value"),
        ({"const": "x"}, "'x'"),
        ({"enum": ["a", None]}, "one of a, null"),
        ({"type": "string"}, "a string"),
        ({"type": "string", "minLength": 0}, "a string"),
        ({"type": "string", "minLength": 1}, "a string of at least 1 character"),
        ({"type": "string", "maxLength": 64}, "a string of at most 64 characters"),
        ({"type": "string", "minLength": 1, "maxLength": 64}, "a string of 1 to 64 characters"),
        ({"type": "string", "minLength": 43, "maxLength": 43}, "a string of exactly 43 characters"),
        ({"type": "string", "pattern": "^a$"}, "a string that matches ^a$"),
        ({"type": "string", "maxLength": 1, "pattern": "^a$"}, "a string of at most 1 character that matches ^a$"),
        ({"type": ["string", "null"], "minLength": 2}, "a string of at least 2 characters or null"),
        ({"type": "array"}, "a list"),
        ({"type": "array", "minItems": 1}, "a list of at least 1 item"),
        ({"type": "array", "maxItems": 2}, "a list of at most 2 items"),
        ({"type": "array", "minItems": 1, "maxItems": 2}, "a list of 1 to 2 items"),
        ({"type": "array", "minItems": 2, "maxItems": 2}, "a list of exactly 2 items"),
        ({"type": "integer", "minimum": 1}, "a whole number of at least 1"),
        ({"type": "number", "maximum": 1}, "a number of at most 1"),
        ({"type": ["integer", "null"], "minimum": 0, "maximum": 9}, "a whole number between 0 and 9 or null"),
        ({"type": "boolean"}, "true or false"),
        ({"type": "object"}, "an object"),
        ({"type": "object", "required": ["a", "b"]}, "an object with 'a', 'b'"),
        ({"oneOf": [{"type": "string"}, {"type": "null"}, {"type": "string"}]}, "a string or null"),
        (faults_to_arm_schema(), "an object with 'fault' or a list of 1 to 1000 items"),
    ],
    ids=str,
)
def test_what_a_schema_requires_in_words(schema, words):
    assert expectation(schema) == words


def values(names):
    scalars = (
        st.none() | st.booleans() | st.integers(-2, 12) | st.floats(-1, 11) | st.sampled_from(["", "a", "b", "red", "aaaa"])
    )
    return st.recursive(
        scalars,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(names), inner, max_size=4),
        max_leaves=8,
    )


VALIDATOR = jsonschema_rs.validator_for(SCHEMA)


@given(value=values([*SCHEMA["properties"], "t", "x", "k"]))
def test_the_reader_accepts_what_a_validator_accepts(value):
    agree(value, SCHEMA, VALIDATOR)


@pytest.mark.parametrize("schema", [CLIENT, USER, ISSUER, NEW_TENANT, any_fault_schema(), faults_to_arm_schema()])
def test_the_reader_accepts_what_a_validator_accepts_of_our_own_schemas(schema):
    names = {"fault", "when", "error", "status", "name", "client_id", "public_keys", "rotation", "strict", "claims", "username"}

    validator = jsonschema_rs.validator_for(schema)  # made once: a schema of all faults is slow to compile

    @given(value=values(sorted(names)))
    def compare(value):
        agree(value, schema, validator)

    compare()


def agree(value, schema, validator):
    valid = validator.is_valid(value)
    try:
        read(value, schema)
        accepted = True
    except Refused:
        accepted = False
    assert accepted == valid


@pytest.mark.parametrize("value", ["abc", -1, 1.5])
def test_a_value_that_fits_no_branch_gets_what_all_branches_accept(value):
    schema = {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "string", "enum": ["none"]}]}
    with pytest.raises(Refused, match="expected a whole number of at least 0 or 'none'"):
        read(value, schema)
    assert [read(each, schema) for each in (3, "none")] == [3, "none"]
