import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import Verdict
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.token_request import TokenRequestBuilder
from oauth_gauntlet_scenarios.jwt.sent_assertion import audiences, is_seconds, require_clear_refusal, sent_assertion
from oauth_gauntlet_server import MockServer


class Sends(TokenRequestBuilder):
    """Sends a text as assertion."""

    text = ""

    def assertion(self, now):
        return self.text or super().assertion(now)


class Client(ReferenceClient):
    def request_builder(self, configuration):
        return Sends(configuration)


@pytest.fixture
def client():
    adapter = InProcessAdapter(Client)
    with MockServer() as server:
        yield LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.JWT_BEARER)
    adapter.close()


def test_the_assertion_of_the_request_is_returned(client):
    assert sent_assertion(client, jwt_subject="x").claims["sub"] == "x"


def test_an_assertion_that_cannot_be_read_is_untestable(client, monkeypatch):
    monkeypatch.setattr(Sends, "text", "no.jwt")
    with pytest.raises(Untestable, match=r"the parameter assertion cannot be read: it is not: it has 2 parts"):
        sent_assertion(client)


def test_without_an_assertion_it_is_untestable(client):
    with pytest.raises(Untestable, match=r"the client sent no assertion: it reported .* private_key"):
        sent_assertion(client, private_key="none")


def test_aud_is_a_text_or_an_array():
    assert audiences({"aud": "a"}) == ["a"]
    assert audiences({"aud": ["a", "b"]}) == ["a", "b"]
    assert audiences({}) == [None]


@pytest.mark.parametrize(("value", "seconds"), [(0, True), (1.5, True), (253402300799, True), (1.8e12, False), ("1", False)])
def test_a_date_is_a_number_that_counts_no_milliseconds(value, seconds):
    assert is_seconds(value) is seconds
    assert not is_seconds(True)


@pytest.mark.parametrize("kind", [kind for kind in ErrorKind if kind is not ErrorKind.CONFIG])
def test_a_refusal_is_a_configuration_error(kind):
    require_clear_refusal(ErrorInfo(kind=ErrorKind.CONFIG, message="no"), "the key")
    with pytest.raises(Breach, match=r"configuration error .* about the key") as caught:
        require_clear_refusal(ErrorInfo(kind=kind, message="no"), "the key")
    assert caught.value.grade is Verdict.WARNING


def test_a_token_without_a_request_is_no_refusal():
    with pytest.raises(Breach, match="an error about the key") as caught:
        require_clear_refusal(Token(access_token="a"), "the key")
    assert caught.value.grade is None
