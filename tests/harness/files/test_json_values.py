import json

import pytest

from oauth_gauntlet.files.json_values import LEFT_OUT, MOST_DEPTH, finite, parsed, shallow


def depth(value):
    levels = 0
    while isinstance(value, list | dict):
        levels += 1
        value = value[0] if isinstance(value, list) else value["a"]
    return levels, value


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("levels", [1, MOST_DEPTH, MOST_DEPTH + 1, 900, 20_000])
def test_what_is_nested_too_deep_is_left_out(opening, closing, levels):
    kept = depth(parsed(opening * levels + "1" + closing * levels))
    assert kept == ((levels, 1) if levels <= MOST_DEPTH else (MOST_DEPTH, LEFT_OUT))


def test_what_is_left_out_is_said_to_be():
    assert depth(parsed("[" * 900 + "]" * 900))[1] == "(nested too deep to be shown)"


def test_a_value_as_deep_as_may_be_is_left_as_it_is():
    value = json.loads("[" * MOST_DEPTH + "1" + "]" * MOST_DEPTH)
    assert shallow(value) is value


@pytest.mark.parametrize("levels", [150, 20_000])
def test_of_two_that_are_too_deep_each_is_left_out(levels):
    text = f'["a", {"[" * levels + "]" * levels}, {"[" * MOST_DEPTH + "]" * MOST_DEPTH}, {{"b": 5}}]'
    value = parsed(text)
    assert (value[0], value[3]) == ("a", {"b": 5})
    assert depth(value[1]) == depth(value[2]) == (MOST_DEPTH - 1, LEFT_OUT)


def test_what_is_beside_it_is_kept():
    text = f'{{"a": {"[" * 5000}"]\\\\", {{}}{"]" * 5000}, "b": ["[", "\\"]", {{"c": 1}}]}}'
    assert parsed(text)["b"] == ["[", '"]', {"c": 1}]


@pytest.mark.parametrize("text", ["", "[" * 20_000, "[1", '{"a": 1}}', '"\\', "[" * 5000 + "x" + "]" * 5000 + "]"])
def test_what_is_no_json_is_none_however_deep(text):
    with pytest.raises(json.JSONDecodeError):
        parsed(text)


def test_a_value_that_is_not_deep_is_left_as_it_is():
    value = {"a": [1, {"b": None}]}
    assert shallow(value) is value


def test_numbers_that_json_has_not_are_spelled():
    value = parsed('{"a": [NaN, Infinity, -Infinity, 1e999, 1.5, 10, true]}')
    assert finite(value) == {"a": ["NaN", "Infinity", "-Infinity", "Infinity", 1.5, 10, True]}
    json.dumps(finite(value), allow_nan=False)
