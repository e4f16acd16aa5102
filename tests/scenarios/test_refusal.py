"""Refusals and requests of a configuration: only a control shows that a silent client does send requests."""

import pytest

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.errors import configuration_error
from oauth_gauntlet_scenarios.refusal import DOCUMENTED, is_refused, request_with

CONFIG = ErrorInfo(kind=ErrorKind.CONFIG, message="no")
PROTOCOL = ErrorInfo(kind=ErrorKind.PROTOCOL, message="no")


class Picky(ReferenceClient):
    """Reports an error instead of sending a request for one user, or for all."""

    def __init__(self, failure, user="odd"):
        super().__init__()
        self.failure, self.user = failure, user

    def exchange(self, grant):
        if self.user in ("", self.configuration.username):
            raise self.failure
        return super().exchange(grant)


@pytest.fixture
def lab(server):
    made = []

    def new(failure=None, user="odd"):
        made.append(Picky(failure or configuration_error("no"), user))
        hello, grant = made[-1].hello(), GrantType.PASSWORD
        return LabClient(adapter=made[-1], hello=hello, tenant=server.tenant(), grant=grant, new_tenant=server.tenant)

    yield new
    for adapter in made:
        adapter.close()


def test_a_client_that_sends_a_request_has_refused_nothing(lab):
    client = lab()
    assert not is_refused(client, client.obtain(username="usual"))
    assert not client.control_accepted


def test_a_refusal_counts_after_a_control(lab):
    client = lab()
    assert is_refused(client, client.obtain(username="odd"))
    assert client.control_accepted
    assert not client.token_requests()


@pytest.mark.parametrize(
    "call",
    [lambda client: is_refused(client, CONFIG), lambda client: request_with(client, username="odd")],
    ids=["refusal", "request"],
)
def test_a_client_that_never_sends_a_request_is_untestable(lab, call):
    client = lab(user="")
    client.obtain(username="odd")
    with pytest.raises(Untestable, match="does not accept the same without the fault"):
        call(client)


def test_the_control_has_its_own_configuration(lab):
    client = lab()
    client.obtain(username="odd")
    with pytest.raises(Untestable):
        is_refused(client, CONFIG, control={"username": "odd"})


def test_a_token_without_a_request_is_a_finding_and_another_kind_of_error_a_warning(lab):
    client = lab()
    client.obtain(username="odd")
    with pytest.raises(Breach) as caught:
        is_refused(client, Token(access_token="t"))
    assert caught.value.grade is None
    with pytest.raises(Breach) as caught:
        is_refused(client, PROTOCOL)
    assert caught.value.grade is Verdict.WARNING
    assert is_refused(client, PROTOCOL, kinds=DOCUMENTED)


@pytest.mark.parametrize("kind", [ErrorKind.CONFIG, ErrorKind.PROTOCOL, ErrorKind.UNEXPECTED])
def test_a_legal_value_that_is_not_sent_is_a_warning(lab, kind):
    with pytest.raises(Breach) as caught:
        request_with(lab(ClientFailure(ErrorInfo(kind=kind, message="no"))), username="odd")
    assert caught.value.grade is Verdict.WARNING


def test_the_request_with_a_legal_value_is_returned(lab):
    assert request_with(lab(), username="usual").form_value("username") == "usual"
