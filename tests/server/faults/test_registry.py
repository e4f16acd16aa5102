from dataclasses import dataclass
from typing import ClassVar

import pytest

from oauth_gauntlet_server.faults.fault_json import FaultError
from oauth_gauntlet_server.faults.registry import Registry


@dataclass(frozen=True, kw_only=True)
class Pause:
    name: ClassVar[str] = "pause"

    seconds: int


@pytest.fixture
def registry():
    registry = Registry("sort of fault", ignored=frozenset({"when"}))
    registry.add(Pause)
    return registry


def test_a_document_is_read_by_its_name_without_the_members_that_are_not_its_own(registry):
    assert registry.read({"fault": "pause", "seconds": 2, "when": {}}) == Pause(seconds=2)


@pytest.mark.parametrize(
    ("document", "words"),
    [
        ({"fault": "pauze"}, "unknown sort of fault 'pauze'; did you mean pause"),
        ({"fault": ["pause"]}, "unknown sort of fault ['pause']"),
        ({"fault": "pause", "seconds": 1, "then": {}}, "fault pause: then: unknown member 'then'"),
        ({"fault": "pause"}, "fault pause: "),
    ],
)
def test_a_wrong_document_is_an_error_that_says_what_is_wrong(registry, document, words):
    with pytest.raises(FaultError) as caught:
        registry.read(document)
    assert str(caught.value).startswith(words)


def test_the_classes_are_a_copy(registry):
    registry.classes().clear()
    assert registry.classes() == {"pause": Pause}


def test_a_class_with_a_parameter_of_an_unknown_type_is_refused(registry):
    @dataclass(frozen=True, kw_only=True)
    class Odd:
        name: ClassVar[str] = "odd"

        value: complex

    with pytest.raises(TypeError):
        registry.add(Odd)
    assert set(registry.classes()) == {"pause"}
