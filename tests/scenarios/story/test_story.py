"""What a story accepts of a client, and what it reports as a finding."""

import pytest

from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet_scenarios.story.story import Story
from oauth_gauntlet_server import RotationPolicy
from tests.scenarios.story.puppet import CACHED_IS_VALID, ERROR, FAULT, OK, REFUSED, UNDOCUMENTED, Puppet, finding

# Tokens


def test_a_valid_token_is_returned_again_without_a_request(holding):
    for seconds in (1, 1798):
        holding.story.advance(seconds)
        holding.answers(holding.held).get_token()
    got = "get a token: token first-…"
    assert holding.story.steps == [got, "1 s pass", got, "1798 s pass", got]


@pytest.mark.parametrize(
    ("lifetime", "seconds", "settled"),
    [(3600, 1799, True), (3600, 1800, False), (3600, 3599, False), (400, 99, True), (400, 100, False), (300, 0, False)],
)
def test_a_valid_token_is_renewed_only_in_its_second_half_or_last_five_minutes(client, lifetime, seconds, settled):
    client.story.change_lifetime(lifetime)
    client.answers(client.issued).get_token()
    client.story.advance(seconds)
    story = client.answers(client.issued)
    if settled:
        assert finding(client, story.get_token) == CACHED_IS_VALID
    else:
        story.get_token()


def test_a_client_without_cache_requests_a_token_each_time():
    client = Puppet(capabilities=())
    for _ in range(2):
        client.answers(client.issued).get_token()


def test_an_expired_token_is_a_finding(holding):
    holding.story.advance(3600)
    text = finding(holding, holding.answers(holding.held).get_token)
    assert text == "expected a valid token; an expired token"
    assert holding.story.steps[-2:] == ["3600 s pass", "get a token: token first-…"]


def test_a_token_that_was_never_issued_is_a_finding(client):
    text = finding(client, client.answers(Token(access_token="x" * 50)).get_token)
    assert text == f"expected a valid token; '{'x' * 40}', which the server never issued"


def test_a_token_of_an_earlier_configuration_is_a_finding(holding):
    holding.story.configure()
    text = finding(holding, holding.answers(holding.held).get_token)
    assert text == "expected a token issued under the current configuration; a token of an earlier configuration"


def test_a_response_without_a_document_does_not_hide_the_next_one(client):
    client.answers(lambda: client.asks(200, b"not JSON"), lambda: client.issued("first-token")).get_token()
    client.story.configure()
    assert "earlier configuration" in finding(client, client.answers(Token(access_token="first-token")).get_token)


def test_a_token_issued_without_a_request_belongs_to_no_earlier_configuration(client):
    token = client.tenant.mint_access_token("c")
    client.answers(Token(access_token=token)).get_token()


def test_only_a_successful_token_document_issues_a_token(client):
    for body in (b"not JSON", b"[]"):
        client.asks(200, body)
    client.asks(None)
    client.asks(400, b'{"access_token": "not-granted"}')
    client.record("resource", 200, b'{"access_token": "not-granted"}')
    text = finding(client, client.answers(Token(access_token="not-granted")).get_token)
    assert text.endswith("which the server never issued")


def test_after_a_revocation_the_client_may_return_the_same_token_or_a_new_one(holding):
    holding.story.revoke()
    holding.answers(holding.held).get_token()
    holding.answers(holding.issued).get_token()
    assert holding.story.steps[1] == "the server revokes the token"


def test_revoking_without_a_token_is_only_a_step(client):
    client.story.revoke()
    assert client.story.steps == ["the server revokes the token"]


# Errors


def test_an_error_without_a_fault_is_a_finding(client):
    text = finding(client, client.answers(client.asks, ERROR).get_token)
    assert text == "expected a token: nothing went wrong at the server; an error of kind oauth invalid_grant (HTTP 400): no"
    assert client.story.steps == ["get a token: error invalid_grant"]


def test_a_documented_error_after_a_fault_is_accepted(client):
    client.story.arm_fault("reset", FAULT)
    client.answers(client.meets_fault, ERROR).get_token()
    assert client.story.steps[0] == "the next token request meets a fault: reset"
    assert [armed.trigger.times for armed in client.tenant.armed.list()] == [1]


def test_an_undocumented_error_is_a_finding_after_a_fault_too(client):
    client.story.arm_fault("reset", FAULT)
    text = finding(client, client.answers(client.meets_fault, UNDOCUMENTED).get_token)
    assert text == "expected an error that the client documents; an error of kind unexpected: KeyError"
    assert client.story.steps[-1] == "get a token: error unexpected"


STEPS = ("get_token", "get_tokens", "refresh", "use")


def step_of(story, name):
    """Return the step of that name; get_tokens with one caller."""
    return (lambda: story.get_tokens(1)) if name == "get_tokens" else getattr(story, name)


@pytest.mark.parametrize("name", STEPS)
def test_a_fault_of_an_earlier_step_excuses_nothing(client, name):
    client.story.arm_fault("reset", FAULT)
    step = step_of(client.story, name)
    client.answers(client.meets_fault, ERROR)
    step()
    client.answers(client.asks, ERROR)
    assert "nothing went wrong" in finding(client, step)
    assert client.findings.faults_met == 1


def test_steps_that_met_a_fault_are_counted(client):
    client.answers(client.issued).get_token()
    for _ in range(2):
        client.story.arm_fault("reset", FAULT)
        client.story.revoke()
        client.answers(client.meets_fault, ERROR).get_token()
        client.story.advance(1)
    assert client.findings.faults_met == 2


def test_a_fault_is_no_reason_for_an_error_while_the_cached_token_is_valid(holding):
    holding.story.arm_fault("reset", FAULT)
    text = finding(holding, holding.answers(holding.meets_fault, ERROR).get_token)
    assert text.startswith("expected the cached token, which is still valid for long enough; an error of kind oauth")


def test_a_client_without_cache_may_report_the_error():
    client = Puppet(capabilities=())
    client.answers(client.issued).get_token()
    client.story.arm_fault("reset", FAULT)
    client.answers(client.meets_fault, ERROR).get_token()


# Requests


@pytest.mark.parametrize(("requests", "loop"), [(2, False), (3, True)])
def test_one_call_may_send_two_token_requests_and_no_more(client, requests, loop):
    story = client.answers(*[client.asks] * (requests - 1), client.issued)
    if loop:
        assert finding(client, story.get_token) == "expected at most 2 token requests; 3 token requests"
    else:
        story.get_token()


@pytest.mark.parametrize(
    ("capabilities", "lifetime", "fault", "most"),
    [
        (["cache"], 3600, False, 2),
        (["cache"], 301, False, 2),
        (["cache"], 300, False, 6),
        (["cache"], None, False, 6),
        (["cache"], 3600, True, 6),
        ([], 3600, False, 6),
    ],
)
def test_callers_share_a_request_if_the_token_can_be_shared(capabilities, lifetime, fault, most):
    for requests in (most, most + 1):
        client = Puppet(capabilities=capabilities)
        client.story.change_lifetime(lifetime)
        met = []
        if fault:
            client.story.arm_fault("reset", FAULT)
            met = [client.meets_fault]
        plan = [*met, *[client.asks] * (requests - 1 - len(met)), lambda client=client: client.issued("one-token")]
        story = client.answers(*plan, *[Token(access_token="one-token")] * 2)
        if requests == most:
            story.get_tokens(3)
            assert story.steps[-1] == "3 callers get a token at once: token one-to…"
        else:
            text = finding(client, lambda story=story: story.get_tokens(3))
            assert text == f"expected at most {most} token requests; {requests} token requests"


def test_each_answer_of_several_callers_is_checked(holding):
    answers = [holding.held, Token(access_token="other"), holding.held]
    text = finding(holding, lambda: holding.answers(*answers).get_tokens(3))
    assert text == "expected a valid token; 'other', which the server never issued"
    assert holding.story.steps[-1] == "3 callers get a token at once: token first-… / token other…"


def test_an_error_for_one_of_several_callers_is_a_finding_while_the_cached_token_is_valid(holding):
    holding.story.arm_fault("reset", FAULT)
    answers = [holding.meets_fault, ERROR, holding.held]
    assert "the cached token, which is still valid" in finding(holding, lambda: holding.answers(*answers).get_tokens(2))


def test_several_callers_do_not_request_a_valid_token_again(holding):
    text = finding(holding, lambda: holding.answers(holding.issued, holding.held).get_tokens(2))
    assert text == CACHED_IS_VALID


# Refreshing


def test_a_refresh_returns_a_new_token(holding):
    holding.answers(lambda: holding.issued("second-token")).refresh()
    assert holding.story.steps[-1] == "refresh: token second…"
    text = finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).refresh)
    assert text == "expected a new token; the token that the application has already"


def test_a_refresh_may_fail_after_a_fault_though_the_cached_token_is_valid(holding):
    holding.story.arm_fault("reset", FAULT)
    holding.answers(holding.meets_fault, ERROR).refresh()


def test_a_refresh_that_loops_is_a_finding(holding):
    text = finding(holding, holding.answers(holding.asks, holding.asks, holding.issued).refresh)
    assert text == "expected at most 2 token requests; 3 token requests"


# Using


def test_a_use_is_one_request_and_one_retry_at_most(holding):
    use = [lambda: holding.uses("first-token")]
    holding.answers(*use, OK).use()
    assert holding.story.steps[-1] == "use the resource: HTTP 200"
    text = finding(holding, holding.answers(*use * 3, OK).use)
    assert text == "expected one request and at most one retry; 3 requests at the resource"


def retried(client, status=OK, requests=1):
    """A use that was refused, a new token, and the use again."""
    return client.answers(
        lambda: client.uses("first-token"),
        *[client.asks] * (requests - 1),
        lambda: client.issued("second-token") and None,
        lambda: client.uses("second-token"),
        status,
    )


@pytest.mark.parametrize(("requests", "most"), [(1, None), (3, None), (4, 3)])
def test_a_retry_may_replace_a_valid_token(holding, requests, most):
    story = retried(holding, requests=requests)
    if most:
        assert finding(holding, story.use) == "expected at most 3 token requests; 4 token requests"
    else:
        story.use()
        # The client has the new token from now on, and it is valid.
        text = finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).get_token)
        assert text == CACHED_IS_VALID


def test_a_use_without_a_retry_does_not_replace_a_valid_token(holding):
    text = finding(holding, holding.answers(lambda: holding.uses("first-token"), holding.asks, OK).use)
    assert text == CACHED_IS_VALID


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (REFUSED, "HTTP 401"),
        (ErrorInfo(kind=ErrorKind.PROTOCOL, message="no", http_status=401), "an error of kind protocol (HTTP 401): no"),
    ],
)
def test_a_client_that_declares_retry_401_must_get_200(holding, answer, seen):
    assert finding(holding, retried(holding, answer).use) == f"expected HTTP 200, with a new token if needed; {seen}"


@pytest.mark.parametrize("answer", [REFUSED, ErrorInfo(kind=ErrorKind.PROTOCOL, message="401", http_status=401)])
def test_a_client_without_retry_401_may_be_refused(answer):
    client = Puppet(capabilities=["cache"])
    client.answers(lambda: client.issued("first-token")).get_token()
    client.answers(lambda: client.uses("first-token"), answer).use()


def test_a_use_after_a_fault_may_be_refused(holding):
    holding.story.revoke()
    holding.story.arm_fault("reset", FAULT)
    holding.answers(lambda: holding.uses("first-token"), holding.meets_fault, REFUSED).use()


def test_a_use_that_ends_with_an_error_needs_a_reason(holding):
    assert "nothing went wrong" in finding(holding, holding.answers(ERROR).use)
    assert holding.story.steps[-1] == "use the resource: error invalid_grant"


def test_a_use_with_a_valid_cached_token_does_not_fail_after_a_fault(holding):
    holding.story.arm_fault("reset", FAULT)
    assert "the cached token, which is still valid" in finding(holding, holding.answers(holding.meets_fault, ERROR).use)


def test_a_use_after_a_fault_may_end_before_the_resource(client):
    client.story.arm_fault("reset", FAULT)
    client.answers(client.meets_fault, ERROR).use()


@pytest.mark.parametrize("after", [(), ("asks",)])
def test_the_token_of_the_last_use_is_the_cached_one(holding, after):
    holding.story.revoke()
    plan = [
        lambda: holding.uses("first-token"),
        lambda: holding.issued("second-token") and None,
        lambda: holding.uses("second-token"),
        *(getattr(holding, name) for name in after),
    ]
    holding.answers(*plan, OK).use()
    assert "the cached token is valid" in finding(holding, holding.answers(holding.issued).get_token)


@pytest.mark.parametrize("authorization", ["Bearer", ""])
def test_a_use_without_a_token_keeps_the_cached_one(holding, authorization):
    plan = [lambda: holding.record("resource", 200, b"", headers=(("Authorization", authorization),)), OK]
    holding.answers(*plan).use()
    holding.answers(lambda: holding.record("resource", 200, b""), OK).use()
    assert "the cached token is valid" in finding(holding, holding.answers(holding.issued).get_token)


# Renewals in the background


@pytest.fixture
def renewing(holding):
    """A client whose token was due for renewal when the clock moved: it may be renewing it in the background."""
    holding.story.advance(1800)
    holding.story.advance(1)
    return holding


@pytest.mark.parametrize("name", STEPS)
def test_a_background_renewal_while_the_clock_moves_is_a_reason_for_exactly_one_error(renewing, name):
    step = step_of(renewing.story, name)
    renewing.answers(ERROR)
    step()
    assert "nothing went wrong" in finding(renewing, step)
    assert renewing.findings.faults_met == 0


def test_a_background_renewal_may_show_its_result_later(renewing):
    renewing.story.advance(1)
    for _ in range(2):
        renewing.answers(renewing.held).get_token()
    renewing.answers(ERROR).get_token()


def test_the_token_of_a_background_renewal_may_be_due_already(renewing):
    renewing.answers(renewing.issued).get_token()
    assert "nothing went wrong" in finding(renewing, renewing.answers(ERROR).get_token)


def test_the_token_after_that_of_a_background_renewal_is_expected_to_be_cached(renewing):
    for _ in range(2):
        renewing.answers(renewing.issued).get_token()
    assert finding(renewing, renewing.answers(renewing.issued).get_token) == CACHED_IS_VALID


@pytest.mark.parametrize("seconds", [3000, 4000])
def test_a_token_that_was_on_its_way_while_the_clock_moved_is_always_excused(renewing, seconds):
    late = renewing.issued("late-token")
    renewing.story.advance(seconds)
    renewing.answers(late).get_token()
    renewing.story.advance(3000)
    renewing.answers(late).get_token()


def test_a_token_issued_after_the_clock_moved_is_not_excused(renewing):
    renewing.answers(lambda: renewing.issued("newer-token")).get_token()
    renewing.story.advance(4000)
    assert "an expired token" in finding(renewing, renewing.answers(Token(access_token="newer-token")).get_token)


def test_a_token_returned_before_the_clock_moved_is_not_excused(renewing):
    renewing.answers(lambda: renewing.issued("newer-token")).get_token()
    renewing.story.advance(4000)
    assert "an expired token" in finding(renewing, renewing.answers(renewing.held).get_token)


def test_a_token_that_was_never_issued_is_not_excused(renewing):
    renewing.story.advance(4000)
    answered = renewing.answers(Token(access_token="of-its-own"))
    assert "which the server never issued" in finding(renewing, answered.get_token)


def test_a_use_may_show_the_result_of_a_background_renewal(renewing):
    retried(renewing).use()
    assert "nothing went wrong" in finding(renewing, renewing.answers(ERROR).get_token)


@pytest.mark.parametrize("seconds", [1799, 1800])
def test_a_token_that_was_not_due_when_the_clock_moved_is_not_renewed_in_the_background(holding, seconds):
    holding.story.advance(seconds)
    assert "nothing went wrong" in finding(holding, holding.answers(ERROR).get_token)


def test_without_a_token_there_is_no_background_renewal(client):
    client.story.advance(4000)
    assert "nothing went wrong" in finding(client, client.answers(ERROR).get_token)


def test_another_configuration_ends_a_background_renewal(renewing):
    renewing.story.configure()
    renewing.answers(renewing.issued).get_token()
    assert finding(renewing, renewing.answers(renewing.issued).get_token) == CACHED_IS_VALID


def test_callers_need_not_share_a_request_during_a_background_renewal(renewing):
    for _ in range(5):
        renewing.asks()
    renewing.answers(
        *[renewing.asks] * 5, lambda: renewing.issued("one-token"), *[Token(access_token="one-token")] * 2
    ).get_tokens(3)


# Time, rotation and lifetimes


def test_after_the_clocks_went_back_a_client_may_request_a_token_once(holding):
    holding.story.advance(-7200)
    assert holding.story.steps[-1] == "the clocks go back by 7200 s"
    holding.answers(lambda: holding.issued("second-token")).get_token()
    assert "the cached token is valid" in finding(holding, holding.answers(holding.issued).get_token)


def test_configuring_again_resets_the_clock(holding):
    holding.story.advance(-7200)
    holding.story.configure()
    assert not holding.tenant.clock.frozen
    holding.answers(lambda: holding.issued("second-token")).get_token()
    assert "the cached token is valid" in finding(holding, holding.answers(holding.issued).get_token)


def test_a_policy_is_a_step_only_if_it_changes(client):
    assert client.tenant.settings.rotation is RotationPolicy.KEEP
    client.story.rotate(RotationPolicy.KEEP)
    client.story.rotate(RotationPolicy.ROTATE)
    client.story.rotate(RotationPolicy.ROTATE)
    assert client.story.steps == ["refresh tokens: rotate"]
    assert client.tenant.settings.rotation is RotationPolicy.ROTATE


def test_a_lifetime_is_a_step_only_if_it_changes(client):
    seen = []
    for seconds in (3600, 20, 20, 3600, None):
        client.story.change_lifetime(seconds)
        seen.append(
            (client.tenant.settings.access_token_lifetime_s, [armed.fault.name for armed in client.tenant.armed.list()])
        )
    assert seen == [(3600, []), (20, []), (20, []), (3600, []), (3600, ["without_token_member"])]
    assert client.tenant.armed.list()[0].fault.member == "expires_in"
    lifetimes = [f"new access tokens live for {seconds} s" for seconds in (20, 3600)]
    assert client.story.steps == [*lifetimes, "token responses have no expires_in"]
    client.story.change_lifetime(3600)
    assert client.tenant.armed.list() == ()


def test_a_token_without_expires_in_may_be_used_after_its_end(client):
    client.story.change_lifetime(None)
    client.answers(lambda: client.issued("one-token")).get_token()
    client.answers(lambda: client.issued("two-token")).get_token()
    client.story.advance(4000)
    client.answers(Token(access_token="two-token")).get_token()
    client.story.change_lifetime(3600)
    client.answers(lambda: client.issued("three-token")).get_token()
    client.story.advance(4000)
    assert "an expired token" in finding(client, client.answers(Token(access_token="three-token")).get_token)


def test_a_story_begins_without_faults_and_with_tokens_of_one_hour():
    client = Puppet()
    settings = client.tenant.settings
    assert (settings.rotation, settings.access_token_lifetime_s) == (RotationPolicy.KEEP, 3600)
    assert (client.story.client, client.story.tenant, client.story.steps) == (client, client.tenant, [])
    assert client.configured == [{"username": "first-1-user", "password": "first-1-user-password"}]


@pytest.mark.parametrize(
    ("grant", "identity"),
    [
        (GrantType.CLIENT_CREDENTIALS, {"client_id": "{}-client", "client_secret": "{}-client-secret"}),
        (GrantType.REFRESH_TOKEN, {}),
        (GrantType.PASSWORD, {"username": "{}-user", "password": "{}-user-password"}),
        (GrantType.JWT_BEARER, {"jwt_subject": "{}-subject"}),
    ],
)
def test_configuring_switches_between_two_identities_of_the_story(grant, identity):
    first, second = ({key: value.format(name) for key, value in identity.items()} for name in ("first-1", "second-1"))
    client = Puppet(grant=grant)
    client.story.configure()
    client.story.configure()
    assert client.configured == [first, second, first]
    assert client.story.steps == ["configure again"] * 2


def test_another_story_has_other_identities():
    client = Puppet()
    Story(client, client.tenant, client.findings)
    assert [changes["username"] for changes in client.configured] == ["first-1-user", "first-2-user"]


def test_a_cache_may_outlive_a_configuration_with_the_same_identity(holding):
    holding.story.configure()
    holding.story.configure()
    holding.answers(holding.held).get_token()
    # The client cannot know how old its token is: configuring resets the clocks.
    holding.answers(holding.issued).get_token()


def test_each_refresh_token_is_an_identity_of_its_own():
    client = Puppet(grant=GrantType.REFRESH_TOKEN)
    client.answers(lambda: client.issued("first-token")).get_token()
    client.story.configure()
    client.story.configure()
    assert "earlier configuration" in finding(client, client.answers(Token(access_token="first-token")).get_token)


def test_the_old_token_may_be_used_while_the_server_fails_to_renew_it(holding):
    holding.story.advance(3600)
    holding.story.arm_fault("reset", FAULT)
    holding.answers(holding.meets_fault, holding.held).get_token()
    assert "an expired token" in finding(holding, holding.answers(holding.held).get_token)


def test_a_client_that_does_not_renew_by_the_clock_may_keep_an_expired_token():
    client = Puppet(capabilities=("cache", "retry_401"))
    client.answers(lambda: client.issued("first-token")).get_token()
    client.story.advance(3600)
    client.answers(Token(access_token="first-token")).get_token()


def test_a_token_that_the_application_never_had_is_not_the_old_one():
    client = Puppet(capabilities=("cache", "retry_401"))
    client.issued("first-token")
    client.story.advance(3600)
    assert "an expired token" in finding(client, client.answers(Token(access_token="first-token")).get_token)
