from dataclasses import dataclass
from typing import ClassVar

import pytest

from oauth_gauntlet_server.control.fault_schemas import any_fault_schema, fault_schema, trigger_schema
from oauth_gauntlet_server.faults import Fault, Trigger, all_faults, fault_from_json
from oauth_gauntlet_server.http.json_schema import Refused, read


def test_the_schema_of_a_fault_is_made_from_its_fields_and_its_docstring():
    @dataclass(frozen=True, kw_only=True)
    class Odd(Fault):
        """Does something odd.

        Seen: nowhere.
        """

        name: ClassVar[str] = "odd"
        needed: int
        also: str | None = None

    schema = fault_schema("odd", Odd)
    assert schema["required"] == ["fault", "needed"]
    assert schema["description"] == "Does something odd.\n\nSeen: nowhere."
    assert list(schema["properties"]) == ["fault", "needed", "also", "when"]
    assert schema["properties"]["also"] == {"type": ["string", "null"]}


def test_the_schema_of_any_fault_contains_every_registered_fault_under_its_own_title():
    branches = any_fault_schema()["oneOf"]
    assert {each["properties"]["fault"]["const"] for each in branches} == set(all_faults())
    assert len({each["title"] for each in branches}) == len(branches)


def test_a_document_that_matches_the_schema_is_read_as_a_fault():
    for document in ({"fault": "http_status", "status": 503.0, "headers": {"A": "b"}}, {"fault": "delay", "seconds": 1}):
        assert fault_from_json(read(document, any_fault_schema()))


def test_the_schema_of_a_trigger():
    assert Trigger.from_json(read({"nth": 2.0, "probability": 1}, trigger_schema())) == Trigger(nth=2, probability=1)
    for wrong in ({"nth": 0}, {"probability": 2}, {"never": 1}):
        with pytest.raises(Refused):
            read(wrong, trigger_schema())
