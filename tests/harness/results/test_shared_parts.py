import pytest

from oauth_gauntlet.reading import Malformed, as_flag, as_text, as_whole
from oauth_gauntlet.results.shared_parts import SharedParts


def test_equal_texts_are_one_object():
    shared = SharedParts()
    first, second = (" ".join(["It", "does."]) for _ in range(2))
    assert first is not second
    assert shared.text(first) is shared.text(second)


def test_a_list_is_read_once():
    read = []

    def text(value, path):
        read.append((value, path))
        return as_text(value, path)

    shared = SharedParts()
    found = [shared.each(list("ab"), "notes", text) for _ in range(2)]
    assert found[0] == ("a", "b")
    assert found[0] is found[1]
    assert read == [("a", "notes"), ("b", "notes")]
    assert shared.each([], "notes", text) == ()


def test_equal_values_of_different_types_are_not_confused():
    shared = SharedParts()
    assert shared.each([1], "x", as_whole) == (1,)
    for value in ([True], [1.0]):
        with pytest.raises(Malformed, match=r"^x\[0\]: expected a whole number"):
            shared.each(value, "x", as_whole)


def test_lists_in_different_places_are_read_differently():
    shared = SharedParts()
    assert shared.each([True], "flags", as_flag) == (True,)
    with pytest.raises(Malformed, match=r"^texts\[0\]: expected a string"):
        shared.each([True], "texts", as_text)


@pytest.mark.parametrize("value", [None, {}, "", 0])
def test_a_value_that_is_no_list_is_rejected(value):
    with pytest.raises(Malformed, match=r"^x: expected a list"):
        SharedParts().each(value, "x", as_text)
