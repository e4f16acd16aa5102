import json

import pytest

from oauth_gauntlet.files.json_values import LEFT_OUT, MOST_DEPTH, finite, parsed, parsed_finite, shallow


def depth(value):
    levels = 0
    while isinstance(value, list | dict):
        levels += 1
        value = value[0] if isinstance(value, list) else value["a"]
    return levels, value


@pytest.mark.parametrize(("opening", "closing"), [("[", "]"), ('{"a":', "}")])
@pytest.mark.parametrize("levels", [1, MOST_DEPTH, MOST_DEPTH + 1, 900, 20_000])
def test_values_nested_too_deep_are_replaced(opening, closing, levels):
    kept = depth(parsed(opening * levels + "1" + closing * levels))
    assert kept == ((levels, 1) if levels <= MOST_DEPTH else (MOST_DEPTH, LEFT_OUT))


def test_the_replacement_is_a_text_for_the_reader():
    assert depth(parsed("[" * 900 + "]" * 900))[1] == "(nested too deep to be shown)"


def test_a_value_of_the_maximum_depth_is_returned_unchanged():
    value = json.loads("[" * MOST_DEPTH + "1" + "]" * MOST_DEPTH)
    assert shallow(value) is value


@pytest.mark.parametrize("levels", [150, 20_000])
def test_each_of_two_values_nested_too_deep_is_replaced(levels):
    text = f'["a", {"[" * levels + "]" * levels}, {"[" * MOST_DEPTH + "]" * MOST_DEPTH}, {{"b": 5}}]'
    value = parsed(text)
    assert (value[0], value[3]) == ("a", {"b": 5})
    assert depth(value[1]) == depth(value[2]) == (MOST_DEPTH - 1, LEFT_OUT)


def test_values_next_to_a_deep_one_are_kept():
    text = f'{{"a": {"[" * 5000}"]\\\\", {{}}{"]" * 5000}, "b": ["[", "\\"]", {{"c": 1}}]}}'
    assert parsed(text)["b"] == ["[", '"]', {"c": 1}]


@pytest.mark.parametrize("text", ["", "[" * 20_000, "[1", '{"a": 1}}', '"\\', "[" * 5000 + "x" + "]" * 5000 + "]"])
def test_a_text_that_is_not_json_is_rejected_at_any_depth(text):
    with pytest.raises(json.JSONDecodeError):
        parsed(text)


def test_a_shallow_value_is_returned_unchanged():
    value = {"a": [1, {"b": None}]}
    assert shallow(value) is value


def test_nan_and_infinities_are_replaced_by_their_names():
    value = parsed('{"a": [NaN, Infinity, -Infinity, 1e999, 1.5, 10, true]}')
    assert finite(value) == {"a": ["NaN", "Infinity", "-Infinity", "Infinity", 1.5, 10, True]}
    json.dumps(finite(value), allow_nan=False)


@pytest.mark.parametrize(
    "text",
    [
        '{"a": [NaN, Infinity, -Infinity, 1e999, -1e999, 1.5, 10, true, null, "x"]}',
        "[" * 900 + "NaN" + "]" * 900,
        "[" * 20_000 + "]" * 20_000,
        f"[{', '.join(['[[]]'] * 200)}]",
        f'{{"a": {"[" * MOST_DEPTH + "]" * MOST_DEPTH}}}',
    ],
)
def test_a_text_is_parsed_in_one_step_as_it_is_in_two(text):
    assert parsed_finite(text) == finite(parsed(text))


@pytest.mark.parametrize("text", ["", "[1", "nan", "[" * 20_000])
def test_what_is_no_json_is_rejected_in_one_step_too(text):
    with pytest.raises(ValueError, match=r"."):
        parsed_finite(text)
