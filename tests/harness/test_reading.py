from enum import StrEnum

import pytest

from oauth_gauntlet.reading import (
    Malformed,
    as_choice,
    as_count,
    as_flag,
    as_list,
    as_number_or_null,
    as_object,
    as_pair,
    as_pairs,
    as_seconds,
    as_text,
    as_text_or_null,
    as_texts,
    as_whole,
    each,
    member,
    shown,
)


class Colour(StrEnum):
    RED = "red"
    BLUE = "blue"


def as_colour(value, path):
    return as_choice(Colour, value, path)


ENDLESS = float("inf")


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (as_object, [{}, {"a": 1}]),
        (as_list, [[], [1, "a"]]),
        (as_text, ["", "a"]),
        (as_text_or_null, [None, "", "a"]),
        (as_texts, [[], ["", "a"]]),
        (as_pairs, [[], [["a", ""], ["a", "b"]]]),
        (as_flag, [True, False]),
        (as_whole, [0, -1, 10**400]),
        (as_count, [0, 1]),
        (as_number_or_null, [None, 0, -1.5, 10**400]),
        (as_seconds, [0, 0.5, 1e12]),
        (as_colour, ["red", "blue"]),
    ],
)
def test_a_value_of_the_expected_type_is_returned(read, values):
    for value in values:
        assert read(value, "here") == value


@pytest.mark.parametrize(
    ("read", "expected", "values"),
    [
        (as_object, "an object", [None, [], "a"]),
        (as_list, "a list", [None, {}, "a", (1,)]),
        (as_text, "a string", [None, 1, ["a"]]),
        (as_text_or_null, "a string or null", [1, ["a"]]),
        (as_texts, "a list of strings", [None, "a", [1], ["a", None]]),
        (as_flag, "true or false", [None, 0, 1, "true"]),
        (as_whole, "a whole number", [None, 1.0, True, "1"]),
        (as_count, "a number of at least 0", [-1]),
        (as_count, "a whole number", [0.0, False, None]),
        (as_number_or_null, "a number or null", ["1", True, []]),
        (as_number_or_null, "a finite number or null", [ENDLESS, -ENDLESS, float("nan")]),
        (as_seconds, "a number of seconds", [None, "1", True, -1, -0.5, 10**12 + 1, 10**400, ENDLESS, float("nan")]),
        (as_colour, "one of red, blue", [None, "green", 1, ["red"], Colour]),
        (as_pair, "[name, value]", [None, "ab", ["a"], ["a", "b", "c"], ["a", 1], [1, "a"]]),
    ],
)
def test_another_value_is_rejected_with_its_path(read, expected, values):
    for value in values:
        with pytest.raises(Malformed) as caught:
            read(value, "here.there")
        assert str(caught.value) == f"here.there: expected {expected}, got {shown(value)}"


def test_a_pair_is_returned_as_a_tuple():
    assert as_pair(["a", "b"], "here") == ("a", "b")
    with pytest.raises(Malformed, match=r"^here: expected two texts, got 5$"):
        as_pair(5, "here", "two texts")


@pytest.mark.parametrize("value", [None, "ab", ["a"], ["a", "b", "c"], ["a", 1], [1, "a"], ("a", "b")])
def test_pairs_are_rejected_with_the_place_of_the_first_wrong_one(value):
    with pytest.raises(Malformed) as caught:
        as_pairs([["a", "b"], value, 5], "here")
    assert str(caught.value) == f"here[1]: expected [name, value], got {shown(value)}"
    with pytest.raises(Malformed, match=r"^here: expected a list, got 5$"):
        as_pairs(5, "here")


def test_a_choice_is_a_member_of_the_enumeration():
    assert as_choice(Colour, "red", "here") is Colour.RED


def test_seconds_are_a_float():
    assert isinstance(as_seconds(1, "here"), float)


def test_a_required_member_is_read_and_a_missing_one_is_named():
    assert member({"a": 1}, "a", as_whole) == 1
    with pytest.raises(Malformed, match=r"^a: expected a whole number, got None$"):
        member({"a": None}, "a", as_whole)
    with pytest.raises(Malformed, match=r"^b: missing$"):
        member({"a": 1}, "b", as_whole)


def test_each_item_of_a_list_has_its_own_path():
    assert each(["a", "b"], "here", as_text) == ("a", "b")
    with pytest.raises(Malformed, match=r"^here\[1\]: expected a string, got 5$"):
        each(["a", 5], "here", as_text)
    with pytest.raises(Malformed, match=r"^here: expected a list, got 5$"):
        each(5, "here", as_text)


@pytest.mark.parametrize(("length", "text"), [(78, "'" + "x" * 78 + "'"), (79, "'" + "x" * 76 + "...")])
def test_a_long_value_is_shortened_to_80_characters(length, text):
    assert shown("x" * length) == text
