"""Which tokens a server issued, which a faulty client can have made of a response, and which are invented."""

import pytest

from oauth_gauntlet.adapter_check.subject import Subject, another_party, issued, stands_for_none
from oauth_gauntlet.adapters.client_spec import parse_spec
from oauth_gauntlet.judging.bench import Bench
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet_server import faults


@pytest.fixture
def subject():
    bench = Bench(parse_spec("py:oauth_gauntlet.reference:make_client"))
    adapter, hello = bench.start()
    yield Subject(bench, adapter, hello)
    adapter.close()
    bench.close()


def test_an_issued_token_is_not_invented(subject):
    tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
    token = subject.answer().access_token
    assert issued(tenant) == {token}
    assert subject.made_up(token, tenant) is None


def test_a_token_that_was_not_issued_is_invented_with_and_without_a_request(subject):
    tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
    assert "no request reached the token endpoint" in subject.made_up("x", tenant)
    subject.answer()
    assert "never issued" in subject.made_up("x", tenant)
    assert "never issued" in subject.made_up(["x"], tenant)


def test_a_token_of_an_earlier_tenant_is_recognised(subject):
    subject.begin(GrantType.CLIENT_CREDENTIALS)
    token = subject.answer().access_token
    tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
    assert subject.made_up(token, tenant)
    assert subject.was_issued(token)
    assert not subject.was_issued("x")


@pytest.mark.parametrize(
    "change", [str.upper, lambda token: token[:20], lambda token: f"Bearer {token}", lambda token: f'"{token}"']
)
def test_a_changed_token_of_the_response_is_mistakable(subject, change):
    tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
    assert subject.mistakable(change(subject.answer().access_token), tenant)


@pytest.mark.parametrize("token", ["another-token", "token", "Bearer"])
def test_a_token_without_a_part_of_the_response_is_not_mistakable(subject, token):
    tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
    subject.answer()
    assert not subject.mistakable(token, tenant)


@pytest.mark.parametrize(("token", "none"), [(None, True), ("", True), ("undefined", True), ({}, True), ("a-token", False)])
def test_values_that_stand_for_no_token(token, none):
    assert stands_for_none(token) is none


def test_responses_without_success_issue_nothing(subject):
    for fault in (
        faults.http_status(400, '{"access_token": "a"}'),
        faults.token_response("[]"),
        faults.close_without_answer(),
    ):
        tenant = subject.begin(GrantType.CLIENT_CREDENTIALS)
        tenant.arm(fault)
        assert isinstance(subject.answer(), ErrorInfo)
        assert issued(tenant) == set()


@pytest.mark.parametrize("grant", list(GrantType))
def test_another_party_gets_a_token_from_a_server_that_is_not_strict(subject, grant):
    tenant = subject.begin(grant, another_party(grant, "gauntlet-other"))
    tenant.configure(strict=False)
    assert isinstance(subject.answer(), Token)


def test_a_change_to_none_removes_the_key(subject):
    subject.begin(GrantType.CLIENT_CREDENTIALS)
    with pytest.raises(Exception, match="missing: token_url") as caught:
        subject.begin(GrantType.CLIENT_CREDENTIALS, {"token_url": None})
    assert caught.value.error.kind is ErrorKind.CONFIG
