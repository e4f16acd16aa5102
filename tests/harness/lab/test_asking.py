"""The last answer is the evidence; a client without an answer is judged by what the server did."""

from dataclasses import replace

import pytest

from oauth_gauntlet.adapter import after_the_request
from oauth_gauntlet.checks import NoAnswer
from oauth_gauntlet.errors import AdapterEnded, AdapterTimeout, ClientFailure
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.lab.server_side import ServerSide
from oauth_gauntlet.model import Ending
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorKind, GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_server import connection_fault
from tests.harness.lab.scripted import CANCELLED, ERROR, RESPONSE, TOKEN, Scripted


def test_a_cancellation_without_a_request_becomes_unexpected(scripted):
    client, lab = scripted
    client.answer = (CANCELLED, CANCELLED, CANCELLED)
    answers = lab.get_tokens(3, cancel=1)
    assert [answer.kind for answer in answers] == ["cancelled", "unexpected", "unexpected"]
    assert [each.kind for each in lab.get_tokens(3)] == ["unexpected"] * 3
    client.answer = CANCELLED
    assert lab.try_refresh() == replace(CANCELLED, kind=ErrorKind.UNEXPECTED)
    assert lab.last_answer == {"error": CANCELLED.to_json()}


def test_each_operation_leaves_its_answer_as_the_last_one(scripted):
    client, lab = scripted
    for answer, operation, kept in (
        (TOKEN, lab.try_get_token, {"token": TOKEN.to_json()}),
        (RESPONSE, lab.try_request, {"response": RESPONSE.to_json()}),
        (ERROR, lab.try_refresh, {"error": ERROR.to_json()}),
    ):
        client.answer = answer
        operation()
        assert lab.last_answer == kept
    assert lab.try_configure() is None
    assert lab.last_answer == {"error": ERROR.to_json()}, "a configuration has no answer of its own"


def test_the_trace_of_an_error_lasts_as_long_as_the_answer(scripted, monkeypatch):
    client, lab = scripted

    def fails():
        raise ClientFailure(ERROR, trace='File "client.py", line 1')

    assert lab.trace == ""
    monkeypatch.setattr(client, "get_token", fails)
    assert lab.try_get_token() == ERROR
    assert lab.trace == 'File "client.py", line 1'
    lab.configure()
    assert lab.trace == 'File "client.py", line 1', "a configuration has no answer of its own: a control configures again"
    client.answer = RESPONSE
    lab.try_request()
    assert lab.trace == ""


class Watched(Scripted):
    """Notes from when its time limit counts while it is asked."""

    def get_token(self):
        self.counted_by = self.answer_by
        return super().get_token()


@pytest.mark.parametrize("answer", [TOKEN, ERROR])
def test_the_time_of_an_operation_counts_from_what_the_server_does(server, answer):
    client = Watched()
    client.answer = answer
    lab = LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
    lab.try_get_token()
    assert isinstance(client.counted_by.__self__, ServerSide)
    assert client.answer_by is after_the_request


class Unanswered(Scripted):
    """Sends its token request, if `sends`, and then answers nothing."""

    def __init__(self, failure, *, sends):
        super().__init__()
        self.failure, self.sends = failure, sends

    def configure(self, config):
        ReferenceClient.configure(self, config)

    def get_token(self):
        if self.sends:
            ReferenceClient.get_token(self)
        raise self.failure


TIMEOUT = AdapterTimeout("no answer")
ENDED = AdapterEnded("it ended", how="exit code 1")


@pytest.mark.parametrize(("failure", "ending"), [(TIMEOUT, Ending.HANG), (ENDED, Ending.CRASH)])
def test_a_client_without_an_answer_is_at_fault_if_the_server_had_a_part(server, failure, ending):
    client = Unanswered(failure, sends=True)
    lab = LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
    with pytest.raises(NoAnswer) as caught:
        lab.try_get_token()
    assert caught.value.ending is ending
    assert caught.value.__cause__ is failure
    assert client.answer_by is after_the_request


@pytest.mark.parametrize("failure", [TIMEOUT, ENDED])
def test_an_adapter_that_answers_nothing_before_anything_was_sent_is_at_fault_itself(server, failure):
    client = Unanswered(failure, sends=False)
    lab = LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
    with pytest.raises(type(failure)) as caught:
        lab.try_get_token()
    assert caught.value is failure
    assert failure.__cause__ is None


@pytest.mark.parametrize("other_of", [LabClient.at_another_tenant, LabClient.another_instance])
def test_an_adapter_that_answers_nothing_is_spent_for_all_its_clients(server, monkeypatch, other_of):
    client = Unanswered(TIMEOUT, sends=False)
    monkeypatch.setattr(client, "instance", lambda _: client, raising=False)
    lab = LabClient(
        adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD, new_tenant=server.tenant
    )
    other = other_of(lab)
    assert not lab.spent
    with pytest.raises(AdapterTimeout):
        other.try_get_token()
    assert lab.spent


def test_a_port_of_the_scenario_that_refuses_connections_has_a_part(server):
    client = Unanswered(TIMEOUT, sends=False)
    lab = LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
    ports = Ports(server)
    ports.open(connection_fault("refuse"))
    lab.use_ports(ports)
    with pytest.raises(NoAnswer, match="never answers"):
        lab.try_get_token()
    ports.close()
