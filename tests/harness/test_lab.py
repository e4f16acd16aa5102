import pytest

from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.in_process_adapter import InProcessAdapter
from oauth_gauntlet.judge import Breach
from oauth_gauntlet.lab import LabClient, described, usable
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_server import MockServer, faults


@pytest.fixture(scope="module")
def server():
    with MockServer() as running:
        yield running


@pytest.fixture
def adapter():
    adapter = InProcessAdapter(make_client)
    yield adapter
    adapter.close()


@pytest.fixture(params=list(GrantType), ids=lambda grant: grant.short)
def client(request, server, adapter):
    return LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=request.param)


@pytest.fixture
def password(server, adapter):
    return LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)


def test_the_defaults_are_complete_for_each_grant(client):
    token = client.get_token()
    assert client.tenant.active(token.access_token)
    assert client.last_answer["token"]["access_token"] == token.access_token
    assert client.token_request().form_value("grant_type") == client.grant


def test_a_change_to_none_takes_a_key_away(password):
    assert "client_id" not in password.configuration(client_id=None)
    assert password.configuration(scope="a")["scope"] == "a"


def test_a_refusal_is_an_answer_to_who_tries_and_a_finding_to_who_does_not(password):
    refused = password.try_configure(username=None)
    assert refused.kind is ErrorKind.CONFIG
    assert password.last_answer == {"error": refused.to_json()}
    assert password.obtain(username=None).kind is ErrorKind.CONFIG
    with pytest.raises(Breach, match="to accept a complete configuration; it refused it"):
        password.configure(username=None)


def test_an_error_where_a_token_is_due_is_a_finding(password):
    password.tenant.arm(faults.oauth_error("invalid_grant"))
    assert password.try_get_token().oauth_error == "invalid_grant"
    with pytest.raises(Breach, match="kind oauth invalid_grant"):
        password.get_token()


def test_no_request_where_one_is_due_is_a_finding(password):
    with pytest.raises(Breach, match="none arrived there"):
        password.token_request()


def test_what_was_granted_is_what_was_answered_with_success(password):
    password.tenant.arm(faults.oauth_error("server_error"), times=1)
    password.try_get_token()
    with pytest.raises(Breach, match="a token request that is granted; none of 1 was"):
        password.grants()
    token = password.get_token()
    assert [grant["access_token"] for grant in password.grants()] == [token.access_token]


def test_to_begin_anew_forgets_exchanges_and_faults(password):
    password.tenant.arm(faults.oauth_error("invalid_grant"))
    password.try_get_token()
    password.fresh(scope="a")
    assert password.token_requests() == ()
    assert password.get_token().scope == "a"


def test_both_clocks_move_together(password):
    before = password.get_token()
    password.advance(4000)
    assert password.tenant.active(before.access_token) is None
    assert password.get_token().access_token != before.access_token


def test_the_rest_of_the_protocol(password):
    assert password.get_token().refresh_token
    assert password.refresh().access_token
    assert password.request(method="POST", body="x").status == 200
    assert all(isinstance(token, Token) for token in password.get_tokens(3))
    assert len(password.describe()) > 1


class Cancelling(ReferenceClient):
    """A client of which every answer is a cancellation."""

    def get_tokens(self, count, cancel=0):
        return [ErrorInfo(kind=ErrorKind.CANCELLED, message="")] * count

    def refresh(self):
        raise ClientFailure(ErrorInfo(kind=ErrorKind.CANCELLED, message=""))


def test_a_cancellation_that_nobody_asked_for_is_nothing_that_a_client_documents(password):
    client = LabClient(
        adapter=InProcessAdapter(Cancelling), hello=password.hello, tenant=password.tenant, grant=GrantType.PASSWORD
    )
    assert [answer.kind for answer in client.get_tokens(3, cancel=1)] == ["cancelled", "unexpected", "unexpected"]
    assert client.try_refresh().kind is ErrorKind.UNEXPECTED


@pytest.mark.parametrize("token", [None, "", 5])
def test_what_is_no_token_is_a_finding(token):
    with pytest.raises(Breach, match="an access token for the application"):
        usable(Token(access_token=token))


def test_answers_in_a_few_words():
    error = ErrorInfo(kind=ErrorKind.OAUTH, message="no", type="a.B", oauth_error="invalid_grant", http_status=400)
    assert described(error) == "an error of kind oauth invalid_grant (HTTP 400): a.B: no"
    assert len(described(ErrorInfo(kind=ErrorKind.OAUTH, message="x" * 1000))) == 400
    assert described(Token(access_token="t")) == 'a token, access_token "t"'
    assert described(None) == "nothing"
