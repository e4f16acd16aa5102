import inspect

import pytest

from oauth_gauntlet_server.faults import FaultContext, FaultError, all_faults
from oauth_gauntlet_server.faults.base import Fault, register
from oauth_gauntlet_server.http.answer import Answer
from oauth_gauntlet_server.http.http_request import RecordedRequest

CONTEXT = FaultContext(
    endpoint="token",
    issuer="http://i",
    request=RecordedRequest(method="POST", target="/", http_version="1.1", headers=(), body=b"", raw=b""),
)


def test_a_fault_without_methods_changes_nothing():
    answer = Answer(status=200)
    assert Fault().instead(CONTEXT) is None
    assert Fault().transform(answer, CONTEXT) is answer


@pytest.mark.parametrize("name", sorted(all_faults()))
def test_every_fault_is_documented_with_a_real_server_or_an_rfc(name):
    fault_class = all_faults()[name]
    text = inspect.getdoc(fault_class)
    assert fault_class.name == name
    assert text.splitlines()[0].endswith(".")
    assert any(word in text for word in ("Seen", "Breaks", "RFC ", "honest server sends"))


def test_callers_cannot_change_the_registry():
    all_faults().clear()
    assert "delay" in all_faults()


def test_register_returns_the_class_again_too():
    delay = all_faults()["delay"]
    assert register(delay) is delay


def test_another_class_with_the_name_of_a_fault_is_an_error_that_names_the_first():
    class Once(Fault):
        name = "delay"

    with pytest.raises(FaultError, match=r"a fault 'delay' exists already \(oauth_gauntlet_server\.faults\.timing\.Delay\)"):
        register(Once)
    assert all_faults()["delay"] is not Once
