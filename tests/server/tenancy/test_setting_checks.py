from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal

import pytest

from oauth_gauntlet_server.tenancy.setting_checks import SettingRefused, check_types


class Size(StrEnum):
    SMALL = "small"


@pytest.mark.parametrize(
    ("annotation", "right", "wrong", "words"),
    [
        (bool, [True], [1, None], "True or False"),
        (int, [0, -1], [True, 1.5, "1"], "a whole number"),
        (float | None, [0, 0.5, None], [True, "1"], "a number or None"),
        (str, ["", "a"], [b"a", None], "a string"),
        (Any, [None, 1], [], ""),
        (Size, [Size.SMALL], ["small"], "one of Size.SMALL"),
        (Literal["a", "b"], ["a"], ["c"], "one of 'a', 'b'"),
        (frozenset[str], [frozenset(), {"a"}], ["a", ["a"], {1}], "a frozenset, each item a string"),
        (Mapping[str, Any], [{}, {"a": 1}], [[], {1: 2}], "a mapping from names, each value anything"),
        (Mapping[str, str], [{"a": "b"}], [{"a": 1}], "a mapping from names, each value a string"),
    ],
    ids=str,
)
def test_a_value_has_the_type_of_its_field(annotation, right, wrong, words):
    @dataclass
    class Settings:
        member: annotation

    for value in right:
        check_types(Settings(value))
    for value in wrong:
        with pytest.raises(SettingRefused) as caught:
            check_types(Settings(value))
        assert (caught.value.name, caught.value.expected) == ("member", words)


@pytest.mark.parametrize("value", [-1, float("nan"), float("inf")])
def test_a_duration_is_finite_and_not_negative(value):
    @dataclass
    class Settings:
        lifetime_s: float | None

    check_types(Settings(0))
    check_types(Settings(None))
    with pytest.raises(SettingRefused, match=r"^lifetime_s: got .*: expected 0 or more seconds$"):
        check_types(Settings(value))


def test_a_type_without_a_check_is_an_error():
    @dataclass
    class Settings:
        member: complex

    with pytest.raises(TypeError, match="is not the type of a setting"):
        check_types(Settings(1j))
