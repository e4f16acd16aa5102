import inspect

import pytest

from oauth_gauntlet_server.faults import FaultContext, all_faults
from oauth_gauntlet_server.faults.base import Fault, register
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest

CONTEXT = FaultContext(
    endpoint="token",
    issuer="http://i",
    request=RecordedRequest(method="POST", target="/", http_version="1.1", headers=(), body=b"", raw=b""),
)


def test_a_fault_that_says_nothing_does_nothing():
    answer = Answer(status=200)
    assert Fault().instead(CONTEXT) is None
    assert Fault().transform(answer, CONTEXT) is answer


@pytest.mark.parametrize("name", sorted(all_faults()))
def test_every_fault_says_what_it_does_and_who_does_that(name):
    fault_class = all_faults()[name]
    text = inspect.getdoc(fault_class)
    assert fault_class.name == name
    assert text.splitlines()[0].endswith(".")
    assert any(word in text for word in ("Seen", "Breaks", "RFC ", "For documents that no honest server makes"))


def test_the_register_is_not_for_others_to_change():
    all_faults().clear()
    assert "delay" in all_faults()


def test_registering_gives_the_class_back():
    class Once(Fault):
        name = "delay"

    original = all_faults()["delay"]
    try:
        assert register(Once) is Once
        assert all_faults()["delay"] is Once
    finally:
        register(original)
