from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, ClassVar, Literal

import pytest

from oauth_gauntlet_server.control.fault_schemas import any_fault_schema, fault_schema, schema_of_type, trigger_schema
from oauth_gauntlet_server.control.schema import Refused, read
from oauth_gauntlet_server.faults import Fault, Trigger, all_faults, fault_from_json
from oauth_gauntlet_server.http.http_request import Headers


class Colour(StrEnum):
    RED = "red"
    GREEN = "green"


@pytest.mark.parametrize(
    ("hint", "right", "wrong"),
    [
        (str, ["", "a"], [None, 1]),
        (int, [0, -1], [True, 1.5, "1"]),
        (float, [0, 1.5], [True, "1"]),
        (bool, [True], [0, None]),
        (str | None, ["a", None], [1]),
        (int | float | None, [1, 1.5, None], ["1"]),
        (Literal["a", "b"], ["a"], ["c", None]),
        (bytes, ["text", {"base64": "AA=="}], [1, {"base64": 1}, {"base46": ""}]),
        (Headers, [[["A", "b"]], {"A": "b"}, []], [[["A"]], {"A": 1}, "A: b"]),
        (Colour, ["red"], ["gren", None]),
        (dict[str, Any], [{}, {"a": 1}], [[], "{}"]),
        (Any, [None, 1, [], {}], []),
        (tuple[int, ...], [None, "judged by the fault itself"], []),
    ],
)
def test_annotations(hint, right, wrong):
    schema = schema_of_type(hint)
    for value in right:
        assert read(value, schema) == value
    for value in wrong:
        with pytest.raises(Refused):
            read(value, schema)


def test_a_fault_of_its_own():
    @dataclass(frozen=True, kw_only=True)
    class Odd(Fault):
        """Does something odd.

        Seen: nowhere.
        """

        name: ClassVar[str] = "odd"
        needed: int
        also: list[int] = field(default_factory=list)

    schema = fault_schema("odd", Odd)
    assert schema["required"] == ["fault", "needed"]
    assert schema["description"] == "Does something odd.\n\nSeen: nowhere."
    assert list(schema["properties"]) == ["fault", "needed", "also", "when"]


def test_every_registered_fault_is_there_under_a_title_of_its_own():
    branches = any_fault_schema()["oneOf"]
    assert {each["properties"]["fault"]["const"] for each in branches} == set(all_faults())
    assert len({each["title"] for each in branches}) == len(branches)


def test_what_the_schema_takes_the_registry_takes():
    for document in ({"fault": "http_status", "status": 503.0, "headers": {"A": "b"}}, {"fault": "delay", "seconds": 1}):
        assert fault_from_json(read(document, any_fault_schema()))


def test_triggers():
    assert Trigger.from_json(read({"nth": 2.0, "probability": 1}, trigger_schema())) == Trigger(nth=2, probability=1)
    for wrong in ({"nth": 0}, {"probability": 2}, {"never": 1}):
        with pytest.raises(Refused):
            read(wrong, trigger_schema())
