import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.lab import LabClient, get_issued_token
from oauth_gauntlet.protocol import GrantType, Token
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_server import faults
from tests.regressions import TextPlain


class Inventive(ReferenceClient):
    """Returns a token of its own, after it got one."""

    def get_token(self):
        super().get_token()
        return Token(access_token="invented")


class Silent(ReferenceClient):
    """Sends nothing."""

    def get_token(self):
        raise ValueError("no network here")


@pytest.fixture
def client_of(server):
    adapters = []

    def make(factory):
        adapters.append(InProcessAdapter(factory))
        return LabClient(
            adapter=adapters[-1], hello=adapters[-1].hello(), tenant=server.tenant(), grant=GrantType.CLIENT_CREDENTIALS
        )

    yield make
    for each in adapters:
        each.close()


def test_the_token_that_was_issued_is_no_finding(client_of):
    client = client_of(make_client)
    get_issued_token(client)
    assert client.tenant.journal.last == 1


def test_the_finding_quotes_the_refusal_of_the_server_and_marks_it(client_of):
    with pytest.raises(Breach) as raised:
        get_issued_token(client_of(TextPlain))
    reason = "The content type must be application/x-www-form-urlencoded, not text/plain"
    assert raised.value.seen.endswith(f'; the server refused its request: "{reason}"')
    assert str(raised.value).endswith(f'"{reason}"')
    assert (raised.value.mark.text, raised.value.mark.part) == (reason, "response")


def test_a_client_that_sends_nothing(client_of):
    with pytest.raises(Breach, match="no network here; the server got no request"):
        get_issued_token(client_of(Silent))


def test_an_answer_that_was_no_refusal(client_of):
    client = client_of(make_client)
    client.tenant.arm(faults.oauth_error("invalid_grant"))
    with pytest.raises(Breach, match=r"invalid_grant.*; the server has no fault and refused nothing") as raised:
        get_issued_token(client)
    assert raised.value.mark is None


def test_another_token_than_the_issued_one(client_of):
    with pytest.raises(Breach, match='the access token that the server issued; a token, access_token "invented"'):
        get_issued_token(client_of(Inventive))
