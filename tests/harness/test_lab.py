from dataclasses import replace

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.lab import LabClient, described, documented, usable
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
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


def test_a_change_to_none_removes_a_key(password):
    assert "client_id" not in password.configuration(client_id=None)
    assert password.configuration(scope="a")["scope"] == "a"


def test_a_rejected_configuration_is_returned_by_try_configure_and_a_finding_of_configure(password):
    refused = password.try_configure(username=None)
    assert refused.kind is ErrorKind.CONFIG
    assert password.last_answer == {"error": refused.to_json()}
    assert password.obtain(username=None).kind is ErrorKind.CONFIG
    with pytest.raises(Breach, match="to accept a complete configuration; the client rejected it"):
        password.configure(username=None)


def test_an_error_instead_of_a_token_is_a_finding(password):
    password.tenant.arm(faults.oauth_error("invalid_grant"))
    assert password.try_get_token().oauth_error == "invalid_grant"
    with pytest.raises(Breach, match="kind oauth invalid_grant"):
        password.get_token()


def test_a_missing_token_request_is_a_finding_only_after_a_control(password):
    with pytest.raises(Untestable, match=r"^no request arrived at the token endpoint$"):
        password.token_request()
    password.control_accepted = True
    with pytest.raises(Breach, match=r"^expected a request at the token endpoint, as with the control; none arrived there$"):
        password.token_request()


def test_grants_are_the_successful_responses(password):
    password.tenant.arm(faults.oauth_error("server_error"), times=1)
    password.try_get_token()
    (refused,) = password.tenant.journal.exchanges()
    password.tenant.journal.record(endpoint="token", request=refused.request, response=None)
    with pytest.raises(Untestable, match=r"^no token request was granted, of 2$"):
        password.grants()
    password.control_accepted = True
    with pytest.raises(Breach, match=r"^expected a token request that is granted, as with the control; none of 2 was$"):
        password.grants()
    token = password.get_token()
    password.try_request()
    assert password.tenant.journal.count("resource") == 1
    assert [grant["access_token"] for grant in password.grants()] == [token.access_token]


def test_fresh_clears_exchanges_and_faults(password):
    password.tenant.arm(faults.oauth_error("invalid_grant"))
    password.try_get_token()
    password.fresh(scope="a")
    assert password.token_requests() == ()
    assert password.get_token().scope == "a"


def test_advance_moves_both_clocks(password):
    before = password.get_token()
    password.advance(4000)
    assert password.tenant.active(before.access_token) is None
    assert password.get_token().access_token != before.access_token


def test_request_and_describe(password):
    assert password.get_token().refresh_token
    assert password.refresh().access_token
    assert password.request(method="POST", body="x").status == 200
    assert all(isinstance(token, Token) for token in password.get_tokens(3))
    assert len(password.describe()) > 1


class Scripted(ReferenceClient):
    """A client that records its calls, and returns the answers that a test sets."""

    def __init__(self):
        super().__init__()
        self.asked = []
        self.answer = None

    def _answer(self, *asked):
        self.asked.append(asked)
        if isinstance(self.answer, ErrorInfo):
            raise ClientFailure(self.answer)
        return self.answer

    def configure(self, config):
        if self.answer is REFUSED:
            raise ClientFailure(REFUSED)
        self.asked.append(("configure",))
        return "done"  # an adapter may return a value where none is expected

    def get_token(self):
        return self._answer("get_token")

    def get_tokens(self, count, cancel=0):
        return self._answer("get_tokens", count, cancel)

    def refresh(self):
        return self._answer("refresh")

    def request(self, method, url, headers, body):
        return self._answer("request", method, url, headers, body)

    def describe(self):
        return self._answer("describe")


REFUSED = ErrorInfo(kind=ErrorKind.CONFIG, message="no")
ERROR = ErrorInfo(kind=ErrorKind.OAUTH, message="no", oauth_error="invalid_grant")
CANCELLED = ErrorInfo(kind=ErrorKind.CANCELLED, message="stopped")
TOKEN = Token(access_token="t")
RESPONSE = ResourceResponse(status=200, headers=(), body="b")


@pytest.fixture
def scripted(server):
    client = Scripted()
    return client, LabClient(adapter=client, hello=client.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)


def test_a_new_client_has_no_configuration_and_no_answer(scripted):
    client, lab = scripted
    assert (lab.adapter, lab.hello, lab.grant) == (client, client.hello(), GrantType.PASSWORD)
    assert (lab.config, lab.last_answer) == ({}, None)


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        (LabClient.try_get_token, TOKEN),
        (lambda lab: lab.get_tokens(2), (TOKEN, TOKEN)),
        (LabClient.try_refresh, TOKEN),
        (LabClient.try_request, RESPONSE),
    ],
)
def test_a_client_is_configured_once_before_its_first_operation(scripted, operation, answer):
    client, lab = scripted
    client.answer = answer
    assert operation(lab) == answer
    assert operation(lab) == answer
    assert [asked[0] for asked in client.asked].count("configure") == 1
    assert client.asked[0] == ("configure",)


def test_get_tokens_passes_its_arguments_on(scripted):
    client, lab = scripted
    client.answer = (TOKEN, ERROR)
    assert lab.get_tokens(2) == (TOKEN, ERROR)
    assert lab.last_answer == {"results": [{"token": TOKEN.to_json()}, {"error": ERROR.to_json()}]}
    client.answer = (CANCELLED, TOKEN, TOKEN)
    assert lab.get_tokens(3, cancel=1) == (CANCELLED, TOKEN, TOKEN)
    assert client.asked[1:] == [("get_tokens", 2, 0), ("get_tokens", 3, 1)]


def test_an_error_of_get_tokens_is_one_answer(scripted):
    client, lab = scripted
    client.answer = ERROR
    assert lab.get_tokens(3) == (ERROR,)
    assert lab.last_answer == {"error": ERROR.to_json()}


def test_a_cancellation_without_a_request_becomes_unexpected(scripted):
    client, lab = scripted
    client.answer = (CANCELLED, CANCELLED, CANCELLED)
    answers = lab.get_tokens(3, cancel=1)
    assert [answer.kind for answer in answers] == ["cancelled", "unexpected", "unexpected"]
    assert [each.kind for each in lab.get_tokens(3)] == ["unexpected"] * 3
    client.answer = CANCELLED
    assert lab.try_refresh() == replace(CANCELLED, kind=ErrorKind.UNEXPECTED)
    assert lab.last_answer == {"error": CANCELLED.to_json()}


def test_a_request_goes_to_the_resource_by_default(scripted):
    client, lab = scripted
    client.answer = RESPONSE
    elsewhere = {"url": "http://127.0.0.1/x", "method": "PUT", "headers": {"A": "b"}, "body": "c"}
    for ask in (lab.try_request, lab.request):
        assert ask() == RESPONSE
        assert ask(**elsewhere) == RESPONSE
    sent = [("request", "GET", lab.tenant.resource_url, {}, None), ("request", "PUT", "http://127.0.0.1/x", {"A": "b"}, "c")]
    assert client.asked[1:] == sent * 2
    assert lab.last_answer == {"response": RESPONSE.to_json()}


def test_an_error_instead_of_a_response_is_a_finding(scripted):
    client, lab = scripted
    client.answer = ERROR
    assert lab.try_request() == ERROR
    with pytest.raises(Breach) as caught:
        lab.request()
    assert caught.value.expected == "an answer of the protected resource"
    assert caught.value.seen == "the client reported an error of kind oauth invalid_grant: no"


def test_describe_returns_texts_and_raises_what_crashed(scripted):
    client, lab = scripted
    client.answer = ["a", "b"]
    assert lab.describe() == ("a", "b")
    client.answer = ERROR
    with pytest.raises(ClientFailure):
        lab.describe()


def test_another_instance_is_a_client_of_its_own(server, adapter):
    tenant = server.tenant()
    lab = LabClient(
        adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=GrantType.CLIENT_CREDENTIALS, new_tenant=server.tenant
    )
    other = lab.another_instance(elsewhere=True)
    first, second = lab.get_token(), other.get_token()
    assert tenant.active(first.access_token)
    assert other.tenant.active(second.access_token)
    assert lab.get_token() == first
    assert lab.another_instance("c").tenant is tenant


def test_obtain_returns_the_first_error(scripted):
    client, lab = scripted
    client.answer = TOKEN
    assert lab.obtain() == TOKEN
    assert lab.try_configure() is None
    client.answer = REFUSED
    assert lab.obtain() == REFUSED
    assert client.asked == [("configure",), ("get_token",), ("configure",)]


def test_a_rejected_configuration_is_described_in_the_finding(scripted):
    client, lab = scripted
    client.answer = REFUSED
    with pytest.raises(Breach) as caught:
        lab.configure()
    assert caught.value.expected == "the client to accept a complete configuration"
    assert caught.value.seen == "the client rejected it: an error of kind config: no"


def test_token_requests_are_those_at_the_token_endpoint(password):
    password.request()
    password.request()
    assert [request.path for request in password.token_requests()] == [f"/{password.tenant.name}/token"]
    password.refresh()
    assert password.token_request().form_value("grant_type") == "refresh_token"


def test_skew_moves_only_the_clients_clock(password):
    before = password.tenant.clock.now()
    first = password.get_token()
    password.skew(4000)
    assert password.tenant.clock.now() - before < 1000
    assert password.get_token().access_token != first.access_token


@pytest.mark.parametrize(
    ("token", "seen"),
    [(None, "null"), ("", '""'), (5, "5"), (["x" * 100], '["' + "x" * 78)],
)
def test_an_unusable_token_is_a_finding(token, seen):
    with pytest.raises(Breach) as caught:
        usable(Token(access_token=token))
    assert caught.value.expected == "an access token for the application"
    assert caught.value.seen == f"the client returned {seen} as the access token"


def test_an_error_is_not_usable():
    with pytest.raises(Breach) as caught:
        usable(ERROR)
    assert caught.value.expected == "an access token for the application"
    assert caught.value.seen == "the client reported an error of kind oauth invalid_grant: no"


def test_documented_accepts_tokens_and_documented_errors():
    documented(TOKEN)
    documented(ERROR)
    documented(None)
    with pytest.raises(Breach, match="an access token for the application"):
        documented(Token(access_token=None))
    with pytest.raises(Breach) as caught:
        documented(replace(ERROR, kind=ErrorKind.UNEXPECTED))
    assert caught.value.expected == "a token, or an error that the client documents"
    assert caught.value.seen == "an error of kind unexpected invalid_grant: no"


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (
            ErrorInfo(kind=ErrorKind.OAUTH, message="no", type="a.B", oauth_error="invalid_grant", http_status=400),
            "an error of kind oauth invalid_grant (HTTP 400): a.B: no",
        ),
        (ErrorInfo(kind=ErrorKind.TIMEOUT, message="late"), "an error of kind timeout: late"),
        (ErrorInfo(kind=ErrorKind.OAUTH, message="x" * 376), "an error of kind oauth: " + "x" * 376),
        (ErrorInfo(kind=ErrorKind.OAUTH, message="x" * 377), "an error of kind oauth: " + "x" * 373 + "..."),
        (Token(access_token="t"), 'a token, access_token "t"'),
        (Token(access_token="t" * 100), 'a token, access_token "' + "t" * 59),
        (RESPONSE, "HTTP 200"),
        (None, "nothing"),
    ],
)
def test_an_answer_is_described_shortly(answer, words):
    assert described(answer) == words
