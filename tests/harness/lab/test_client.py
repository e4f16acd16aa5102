import json
from contextlib import suppress

import pytest

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.errors import ClientFailure
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ErrorKind, GrantType, ResourceRequest, Token
from oauth_gauntlet_server import faults
from tests.harness.lab.scripted import CANCELLED, ERROR, REFUSED, RESPONSE, TOKEN


@pytest.fixture(params=list(GrantType), ids=lambda grant: grant.short)
def client(request, server, adapter):
    return LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=request.param)


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
    wanted = [ResourceRequest(url=f"{password.tenant.resource_url}/{name}") for name in "abc"]
    assert [json.loads(response.body)["path"] for response in password.requests(wanted)] == ["a", "b", "c"]
    assert len(password.describe()) > 1


def test_a_client_at_another_tenant_is_the_same_client(server, adapter):
    here = LabClient(
        adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD, new_tenant=server.tenant
    )
    there = here.at_another_tenant()
    token = there.get_token()
    assert there.adapter is here.adapter
    assert there.grant is here.grant
    assert there.tenant.active(token.access_token)
    assert not here.tenant.active(token.access_token)
    assert not here.token_requests()


def test_a_new_client_has_no_configuration_and_no_answer(scripted):
    client, lab = scripted
    assert (lab.adapter, lab.hello, lab.grant) == (client, client.hello(), GrantType.PASSWORD)
    assert (lab.config, lab.last_answer) == ({}, None)


@pytest.mark.parametrize(
    ("operation", "answer"),
    [
        (LabClient.try_get_token, TOKEN),
        (lambda lab: lab.get_tokens(2), (TOKEN, TOKEN)),
        (lambda lab: lab.requests([ResourceRequest(url="u")]), (RESPONSE,)),
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


def test_skew_moves_only_the_clients_clock(password):
    before = password.tenant.clock.now()
    first = password.get_token()
    password.skew(4000)
    assert password.tenant.clock.now() - before < 1000
    assert password.get_token().access_token != first.access_token


@pytest.mark.parametrize("move", [LabClient.skew, LabClient.advance])
def test_a_clock_that_was_not_moved_says_nothing_about_the_client(scripted, monkeypatch, move):
    client, lab = scripted

    def refuses(seconds):
        raise ClientFailure(ERROR)

    monkeypatch.setattr(client, "advance_clock", refuses)
    with pytest.raises(Untestable, match="clock was not moved: it reported an error of kind oauth"):
        move(lab, 4000)


def test_a_client_is_allowed_more_time_in_a_context_only(password):
    usual_s = password.adapter.operation_limit_s
    limits = []
    with suppress(Breach), password.allowing(600):
        limits.append(password.adapter.operation_limit_s)
        password.configure(username=None)
    assert limits == [600]
    assert password.adapter.operation_limit_s == usual_s == 30
