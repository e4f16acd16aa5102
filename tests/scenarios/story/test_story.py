"""What a story holds against a client, and what it lets it do: each step with a client that does as it is told."""

import json
from types import SimpleNamespace

import pytest

from oauth_gauntlet.checks import Breach
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, ResourceResponse, Token
from oauth_gauntlet_scenarios.story.story import Story, Told
from oauth_gauntlet_server import RotationPolicy, Tenants, faults
from oauth_gauntlet_server.http.http_request import RecordedRequest, RecordedResponse

ERROR = ErrorInfo(kind=ErrorKind.OAUTH, message="no", oauth_error="invalid_grant", http_status=400)
UNDOCUMENTED = ErrorInfo(kind=ErrorKind.UNEXPECTED, message="KeyError")
OK, REFUSED = (ResourceResponse(status=status, headers=(), body="") for status in (200, 401))
TROUBLE = faults.oauth_error("invalid_request")

GOOD_IN_HAND = "expected no token request: the token in hand is good; 1 of them"


class Puppet:
    """A client that makes, at each operation, the requests and the answer that a test puts up: a list of what to do."""

    def __init__(self, capabilities=("cache", "retry_401"), grant=GrantType.PASSWORD):
        self.hello = SimpleNamespace(capabilities=frozenset(capabilities))
        self.grant = grant
        self.tenant = Tenants().create("t", rotation=RotationPolicy.ROTATE, access_token_lifetime_s=20)
        self.configured = []
        self.plan = []
        self.told = Told()
        self.story = Story(self, self.tenant, self.told)
        self.tenant.clock.freeze()

    def answers(self, *plan):
        self.plan = list(plan)
        return self.story

    # What a story asks of a client

    def configure(self, **changes):
        self.configured.append(changes)

    def advance(self, seconds):
        self.tenant.clock.advance(seconds)

    def _follow(self):
        answers = [each() if callable(each) else each for each in self.plan]
        return [answer for answer in answers if answer is not None]

    def try_get_token(self):
        (answer,) = self._follow()
        return answer

    try_refresh = try_request = try_get_token

    def get_tokens(self, callers):
        answers = self._follow()
        assert len(answers) == callers
        return tuple(answers)

    # What it can do

    def issued(self, token=None):
        """Get a token, and hand it out."""
        issued = self.tenant.mint_access_token("c", token=token, expires_in=self.tenant.settings.access_token_lifetime_s)
        self.record("token", 200, json.dumps({"access_token": issued}).encode())
        return Token(access_token=issued)

    def asks(self, status=400, body=b"{}"):
        """Ask for a token in vain."""
        self.record("token", status, body)

    def meets_trouble(self):
        """Ask, and meet the trouble that is armed."""
        self.tenant.armed.list()[-1].count_fired()
        self.asks()

    def uses(self, token=None, authorization=None):
        """Ask the resource, with a token or another header."""
        value = authorization or f"Bearer {token}"
        self.record("resource", 200, b"", headers=(("Authorization", value),))

    def record(self, endpoint, status, body, headers=()):
        """Have an exchange recorded; a status of None: the connection ended without an answer."""
        request = RecordedRequest(method="POST", target="/", http_version="1.1", headers=headers, body=b"", raw=b"")
        response = None if status is None else RecordedResponse(status=status, reason="", headers=(), body=body)
        self.tenant.journal.record(endpoint=endpoint, request=request, response=response)


def finding(client, step):
    """Return the words of the finding that a step ends with."""
    with pytest.raises(Breach) as caught:
        step()
    assert client.told.breaches == [caught.value]
    assert caught.value.__notes__ == [f"story, step {number}: {what}" for number, what in enumerate(client.story.steps, 1)]
    return str(caught.value)


@pytest.fixture
def client():
    return Puppet()


@pytest.fixture
def holding(client):
    """A client that has handed out a token of an hour; `client.held` is it."""
    client.answers(lambda: client.issued("first-token")).get_token()
    client.held = Token(access_token="first-token")
    return client


# Tokens


def test_a_token_is_asked_for_once_and_handed_out_as_long_as_it_is_good(holding):
    for seconds in (1, 1798):
        holding.story.advance(seconds)
        holding.answers(holding.held).get_token()
    got = "get a token: token first-…"
    assert holding.story.steps == [got, "1 s pass", got, "1798 s pass", got]


@pytest.mark.parametrize(
    ("lifetime", "seconds", "settled"),
    [(3600, 1799, True), (3600, 1800, False), (3600, 3599, False), (400, 99, True), (400, 100, False), (300, 0, False)],
)
def test_a_good_token_is_not_asked_for_anew_but_in_its_second_half_or_its_last_five_minutes(client, lifetime, seconds, settled):
    client.story.change_lifetime(lifetime)
    client.answers(client.issued).get_token()
    client.story.advance(seconds)
    story = client.answers(client.issued)
    if settled:
        assert finding(client, story.get_token) == GOOD_IN_HAND
    else:
        story.get_token()


def test_a_client_that_keeps_no_token_asks_each_time():
    client = Puppet(capabilities=())
    for _ in range(2):
        client.answers(client.issued).get_token()


def test_a_token_that_has_expired_is_not_handed_out(holding):
    holding.story.advance(3600)
    words = finding(holding, holding.answers(holding.held).get_token)
    assert words == "expected a token that is in force; one that has expired"
    assert holding.story.steps[-2:] == ["3600 s pass", "get a token: token first-…"]


def test_a_token_that_nobody_issued_is_not_handed_out(client):
    words = finding(client, client.answers(Token(access_token="x" * 50)).get_token)
    assert words == f"expected a token that is in force; '{'x' * 40}', which the server never issued"


def test_a_token_of_another_configuration_is_not_handed_out(holding):
    holding.story.configure()
    words = finding(holding, holding.answers(holding.held).get_token)
    assert words == "expected a token that was got under the configuration in force; one of an earlier configuration"


def test_an_answer_that_is_no_document_does_not_hide_the_next(client):
    client.answers(lambda: client.asks(200, b"not JSON"), lambda: client.issued("first-token")).get_token()
    client.story.configure()
    assert "earlier configuration" in finding(client, client.answers(Token(access_token="first-token")).get_token)


def test_a_token_that_was_issued_without_a_request_is_none_of_an_earlier_configuration(client):
    token = client.tenant.mint_access_token("c")
    client.answers(Token(access_token=token)).get_token()


def test_what_is_no_token_document_issues_none(client):
    for body in (b"not JSON", b"[]"):
        client.asks(200, body)
    client.asks(None)
    client.asks(400, b'{"access_token": "not-granted"}')
    client.record("resource", 200, b'{"access_token": "not-granted"}')
    words = finding(client, client.answers(Token(access_token="not-granted")).get_token)
    assert words.endswith("which the server never issued")


def test_a_token_that_was_revoked_may_still_be_handed_out_but_nothing_is_held_against_another(holding):
    holding.story.revoke()
    holding.answers(holding.held).get_token()
    holding.answers(holding.issued).get_token()
    assert holding.story.steps[1] == "the server revokes the token"


def test_nothing_is_revoked_before_there_is_a_token(client):
    client.story.revoke()
    assert client.story.steps == ["the server revokes the token"]


# Errors


def test_an_error_without_trouble_is_a_finding(client):
    words = finding(client, client.answers(client.asks, ERROR).get_token)
    assert words == "expected a token: the server did nothing wrong; an error of kind oauth invalid_grant (HTTP 400): no"
    assert client.story.steps == ["get a token: error invalid_grant"]


def test_an_error_in_trouble_is_none_if_it_is_documented(client):
    client.story.get_into_trouble("reset", TROUBLE)
    client.answers(client.meets_trouble, ERROR).get_token()
    assert client.story.steps[0] == "the token endpoint will fail once: reset"
    assert [armed.trigger.times for armed in client.tenant.armed.list()] == [1]


def test_an_undocumented_error_is_a_finding_in_trouble_too(client):
    client.story.get_into_trouble("reset", TROUBLE)
    words = finding(client, client.answers(client.meets_trouble, UNDOCUMENTED).get_token)
    assert words == "expected an error that the client documents; an error of kind unexpected: KeyError"
    assert client.story.steps[-1] == "get a token: error unexpected"


STEPS = ("get_token", "get_tokens", "refresh", "use")


def step_of(story, name):
    """Return a step of that name; of several callers, one."""
    return (lambda: story.get_tokens(1)) if name == "get_tokens" else getattr(story, name)


@pytest.mark.parametrize("name", STEPS)
def test_trouble_of_an_earlier_step_excuses_nothing(client, name):
    client.story.get_into_trouble("reset", TROUBLE)
    step = step_of(client.story, name)
    client.answers(client.meets_trouble, ERROR)
    step()
    client.answers(client.asks, ERROR)
    assert "did nothing wrong" in finding(client, step)
    assert client.told.troubles_met == 1


def test_the_steps_are_counted_in_which_trouble_was_met(client):
    client.answers(client.issued).get_token()
    for _ in range(2):
        client.story.get_into_trouble("reset", TROUBLE)
        client.story.revoke()
        client.answers(client.meets_trouble, ERROR).get_token()
        client.story.advance(1)
    assert client.told.troubles_met == 2


def test_with_a_good_token_in_hand_trouble_is_no_reason_for_an_error(holding):
    holding.story.get_into_trouble("reset", TROUBLE)
    words = finding(holding, holding.answers(holding.meets_trouble, ERROR).get_token)
    assert words.startswith("expected the token in hand, which is good for long; an error of kind oauth")


def test_a_client_that_keeps_no_token_has_none_in_hand():
    client = Puppet(capabilities=())
    client.answers(client.issued).get_token()
    client.story.get_into_trouble("reset", TROUBLE)
    client.answers(client.meets_trouble, ERROR).get_token()


# Requests


@pytest.mark.parametrize(("requests", "loop"), [(2, False), (3, True)])
def test_a_renewal_may_fail_and_be_made_good_and_no_more(client, requests, loop):
    story = client.answers(*[client.asks] * (requests - 1), client.issued)
    if loop:
        assert finding(client, story.get_token) == "expected at most 2 token requests; 3 of them"
    else:
        story.get_token()


@pytest.mark.parametrize(
    ("capabilities", "lifetime", "trouble", "most"),
    [
        (["cache"], 3600, False, 2),
        (["cache"], 301, False, 2),
        (["cache"], 300, False, 6),
        (["cache"], None, False, 6),
        (["cache"], 3600, True, 6),
        ([], 3600, False, 6),
    ],
)
def test_callers_share_a_request_where_there_is_something_to_share(capabilities, lifetime, trouble, most):
    for requests in (most, most + 1):
        client = Puppet(capabilities=capabilities)
        client.story.change_lifetime(lifetime)
        met = []
        if trouble:
            client.story.get_into_trouble("reset", TROUBLE)
            met = [client.meets_trouble]
        plan = [*met, *[client.asks] * (requests - 1 - len(met)), lambda client=client: client.issued("one-token")]
        story = client.answers(*plan, *[Token(access_token="one-token")] * 2)
        if requests == most:
            story.get_tokens(3)
            assert story.steps[-1] == "3 callers get a token at once: token one-to…"
        else:
            words = finding(client, lambda story=story: story.get_tokens(3))
            assert words == f"expected at most {most} token requests; {requests} of them"


def test_of_several_callers_each_answer_is_judged(holding):
    answers = [holding.held, Token(access_token="other"), holding.held]
    words = finding(holding, lambda: holding.answers(*answers).get_tokens(3))
    assert words == "expected a token that is in force; 'other', which the server never issued"
    assert holding.story.steps[-1] == "3 callers get a token at once: token first-… / token other…"


def test_of_several_callers_an_error_is_held_against_the_token_in_hand(holding):
    holding.story.get_into_trouble("reset", TROUBLE)
    answers = [holding.meets_trouble, ERROR, holding.held]
    assert "the token in hand, which is" in finding(holding, lambda: holding.answers(*answers).get_tokens(2))


def test_several_callers_do_not_ask_for_what_is_good(holding):
    words = finding(holding, lambda: holding.answers(holding.issued, holding.held).get_tokens(2))
    assert words == GOOD_IN_HAND


# Refreshing


def test_a_refresh_hands_out_a_new_token(holding):
    holding.answers(lambda: holding.issued("second-token")).refresh()
    assert holding.story.steps[-1] == "refresh: token second…"
    words = finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).refresh)
    assert words == "expected a new token; the one that was handed out before"


def test_a_refresh_may_fail_in_trouble_whatever_is_in_hand(holding):
    holding.story.get_into_trouble("reset", TROUBLE)
    holding.answers(holding.meets_trouble, ERROR).refresh()


def test_a_refresh_is_no_loop(holding):
    words = finding(holding, holding.answers(holding.asks, holding.asks, holding.issued).refresh)
    assert words == "expected at most 2 token requests; 3 of them"


# Using


def test_a_use_is_one_request_and_one_retry_at_most(holding):
    use = [lambda: holding.uses("first-token")]
    holding.answers(*use, OK).use()
    assert holding.story.steps[-1] == "use the resource: HTTP 200"
    words = finding(holding, holding.answers(*use * 3, OK).use)
    assert words == "expected the request, and one retry at most; 3 requests at the resource"


def retried(client, status=OK, requests=1):
    """A use that was refused, a token that was got, and the use again."""
    return client.answers(
        lambda: client.uses("first-token"),
        *[client.asks] * (requests - 1),
        lambda: client.issued("second-token") and None,
        lambda: client.uses("second-token"),
        status,
    )


@pytest.mark.parametrize(("requests", "most"), [(1, None), (3, None), (4, 3)])
def test_a_retry_may_ask_for_a_token_in_place_of_a_good_one(holding, requests, most):
    story = retried(holding, requests=requests)
    if most:
        assert finding(holding, story.use) == "expected at most 3 token requests; 4 of them"
    else:
        story.use()
        # It holds the new token from then on, and that is good.
        words = finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).get_token)
        assert words == GOOD_IN_HAND


def test_a_use_without_a_retry_asks_for_no_token_in_place_of_a_good_one(holding):
    words = finding(holding, holding.answers(lambda: holding.uses("first-token"), holding.asks, OK).use)
    assert words == GOOD_IN_HAND


@pytest.mark.parametrize(
    ("answer", "seen"),
    [
        (REFUSED, "HTTP 401"),
        (ErrorInfo(kind=ErrorKind.PROTOCOL, message="no", http_status=401), "an error of kind protocol (HTTP 401): no"),
    ],
)
def test_a_client_that_tries_again_is_let_in_at_last(holding, answer, seen):
    assert finding(holding, retried(holding, answer).use) == f"expected 200, by a new token if need be; {seen}"


@pytest.mark.parametrize("answer", [REFUSED, ErrorInfo(kind=ErrorKind.PROTOCOL, message="401", http_status=401)])
def test_a_client_that_does_not_claim_to_try_again_may_be_refused(answer):
    client = Puppet(capabilities=["cache"])
    client.answers(
        client.issued,
    ).get_token()
    client.answers(lambda: client.uses("x"), answer).use()


def test_a_use_in_trouble_may_be_refused(holding):
    holding.story.revoke()
    holding.story.get_into_trouble("reset", TROUBLE)
    holding.answers(lambda: holding.uses("first-token"), holding.meets_trouble, REFUSED).use()


def test_a_use_that_ends_in_an_error_needs_a_reason(holding):
    assert "did nothing wrong" in finding(holding, holding.answers(ERROR).use)
    assert holding.story.steps[-1] == "use the resource: error invalid_grant"


def test_a_use_with_a_good_token_in_hand_does_not_fail_in_trouble(holding):
    holding.story.get_into_trouble("reset", TROUBLE)
    assert "the token in hand, which is" in finding(holding, holding.answers(holding.meets_trouble, ERROR).use)


def test_a_use_in_trouble_need_not_come_to_the_resource(client):
    client.story.get_into_trouble("reset", TROUBLE)
    client.answers(client.meets_trouble, ERROR).use()


@pytest.mark.parametrize("after", [(), ("asks",)])
def test_the_token_of_the_last_use_is_the_one_in_hand(holding, after):
    holding.story.revoke()
    plan = [
        lambda: holding.uses("first-token"),
        lambda: holding.issued("second-token") and None,
        lambda: holding.uses("second-token"),
        *(getattr(holding, name) for name in after),
    ]
    holding.answers(*plan, OK).use()
    assert "the token in hand is good" in finding(holding, holding.answers(holding.issued).get_token)


@pytest.mark.parametrize("authorization", ["Bearer", ""])
def test_a_use_without_a_token_leaves_the_one_in_hand(holding, authorization):
    plan = [lambda: holding.record("resource", 200, b"", headers=(("Authorization", authorization),)), OK]
    holding.answers(*plan).use()
    holding.answers(lambda: holding.record("resource", 200, b""), OK).use()
    assert "the token in hand is good" in finding(holding, holding.answers(holding.issued).get_token)


# Renewals beside the application


@pytest.fixture
def renewing(holding):
    """A client that holds a token that was due when time went on: it may be renewing it beside the application."""
    holding.story.advance(1800)
    holding.story.advance(1)
    return holding


@pytest.mark.parametrize("name", STEPS)
def test_a_renewal_aside_that_the_clock_overtook_is_a_reason_for_an_error_and_for_one(renewing, name):
    step = step_of(renewing.story, name)
    renewing.answers(ERROR)
    step()
    assert "did nothing wrong" in finding(renewing, step)
    assert renewing.told.troubles_met == 0


def test_a_renewal_aside_may_show_later(renewing):
    renewing.story.advance(1)
    for _ in range(2):
        renewing.answers(renewing.held).get_token()
    renewing.answers(ERROR).get_token()


def test_what_a_renewal_aside_brings_may_be_due_already(renewing):
    renewing.answers(renewing.issued).get_token()
    assert "did nothing wrong" in finding(renewing, renewing.answers(ERROR).get_token)


def test_what_follows_the_token_of_a_renewal_aside_is_held_for_good(renewing):
    for _ in range(2):
        renewing.answers(renewing.issued).get_token()
    assert finding(renewing, renewing.answers(renewing.issued).get_token) == GOOD_IN_HAND


@pytest.mark.parametrize("seconds", [3000, 4000])
def test_a_token_that_was_on_its_way_while_the_clock_moved_is_excused_for_good(renewing, seconds):
    late = renewing.issued("late-token")
    renewing.story.advance(seconds)
    renewing.answers(late).get_token()
    renewing.story.advance(3000)
    renewing.answers(late).get_token()


def test_a_token_that_was_got_after_the_clock_moved_is_not_excused(renewing):
    renewing.answers(lambda: renewing.issued("newer-token")).get_token()
    renewing.story.advance(4000)
    assert "one that has expired" in finding(renewing, renewing.answers(Token(access_token="newer-token")).get_token)


def test_nor_is_one_that_was_handed_out_before(renewing):
    renewing.answers(lambda: renewing.issued("newer-token")).get_token()
    renewing.story.advance(4000)
    assert "one that has expired" in finding(renewing, renewing.answers(renewing.held).get_token)


def test_nor_is_one_that_nobody_issued(renewing):
    renewing.story.advance(4000)
    answered = renewing.answers(Token(access_token="of-its-own"))
    assert "which the server never issued" in finding(renewing, answered.get_token)


def test_a_use_may_show_what_a_renewal_aside_brought(renewing):
    retried(renewing).use()
    assert "did nothing wrong" in finding(renewing, renewing.answers(ERROR).get_token)


@pytest.mark.parametrize("seconds", [1799, 1800])
def test_a_token_that_was_not_due_when_time_went_on_is_not_renewed_aside(holding, seconds):
    holding.story.advance(seconds)
    assert "did nothing wrong" in finding(holding, holding.answers(ERROR).get_token)


def test_without_a_token_nothing_is_renewed_aside(client):
    client.story.advance(4000)
    assert "did nothing wrong" in finding(client, client.answers(ERROR).get_token)


def test_another_configuration_ends_a_renewal_aside(renewing):
    renewing.story.configure()
    renewing.answers(renewing.issued).get_token()
    assert finding(renewing, renewing.answers(renewing.issued).get_token) == GOOD_IN_HAND


def test_callers_whose_token_is_renewed_aside_need_not_share_a_request(renewing):
    for _ in range(5):
        renewing.asks()
    renewing.answers(
        *[renewing.asks] * 5, lambda: renewing.issued("one-token"), *[Token(access_token="one-token")] * 2
    ).get_tokens(3)


# Time, rotation and lifetimes


def test_when_the_clocks_went_back_a_client_may_ask_again_and_once(holding):
    holding.story.advance(-7200)
    assert holding.story.steps[-1] == "the clocks go back by 7200 s"
    holding.answers(lambda: holding.issued("second-token")).get_token()
    assert "the token in hand is good" in finding(holding, holding.answers(holding.issued).get_token)


def test_the_clock_goes_on_where_the_application_configures_anew(holding):
    holding.story.advance(-7200)
    holding.story.configure()
    assert not holding.tenant.clock.frozen
    holding.answers(lambda: holding.issued("second-token")).get_token()
    assert "the token in hand is good" in finding(holding, holding.answers(holding.issued).get_token)


def test_a_policy_is_told_when_it_changes(client):
    assert client.tenant.settings.rotation is RotationPolicy.KEEP
    client.story.rotate(RotationPolicy.KEEP)
    client.story.rotate(RotationPolicy.ROTATE)
    client.story.rotate(RotationPolicy.ROTATE)
    assert client.story.steps == ["refresh tokens: rotate"]
    assert client.tenant.settings.rotation is RotationPolicy.ROTATE


def test_a_lifetime_is_told_when_it_is_not_an_hour(client):
    seen = []
    for seconds in (20, 3600, None):
        client.story.change_lifetime(seconds)
        seen.append(
            (client.tenant.settings.access_token_lifetime_s, [armed.fault.name for armed in client.tenant.armed.list()])
        )
    assert seen == [(20, []), (3600, []), (3600, ["without_token_member"])]
    assert client.tenant.armed.list()[0].fault.member == "expires_in"
    assert client.story.steps == ["tokens live for 20 s", "tokens do not say how long they live"]
    client.story.change_lifetime(3600)
    assert client.tenant.armed.list() == ()


def test_a_token_that_did_not_say_how_long_it_lives_excuses_its_client(client):
    client.story.change_lifetime(None)
    client.answers(lambda: client.issued("one-token")).get_token()
    client.answers(lambda: client.issued("two-token")).get_token()
    client.story.advance(4000)
    client.answers(Token(access_token="two-token")).get_token()
    client.story.change_lifetime(3600)
    client.answers(lambda: client.issued("three-token")).get_token()
    client.story.advance(4000)
    assert "one that has expired" in finding(client, client.answers(Token(access_token="three-token")).get_token)


def test_a_story_begins_well_behaved_and_with_tokens_of_an_hour():
    client = Puppet()
    settings = client.tenant.settings
    assert (settings.rotation, settings.access_token_lifetime_s) == (RotationPolicy.KEEP, 3600)
    assert (client.story.client, client.story.tenant, client.story.steps) == (client, client.tenant, [])
    assert client.configured == [{}]


@pytest.mark.parametrize(
    ("grant", "other"),
    [
        (GrantType.CLIENT_CREDENTIALS, {"client_id": "second-client", "client_secret": "second-client-secret"}),
        (GrantType.REFRESH_TOKEN, {}),
        (GrantType.PASSWORD, {"username": "second-user", "password": "second-user-password"}),
        (GrantType.JWT_BEARER, {"jwt_subject": "second-subject"}),
    ],
)
def test_the_application_turns_to_another_identity_and_back(grant, other):
    client = Puppet(grant=grant)
    client.story.configure()
    client.story.configure()
    assert client.configured == [{}, other, {}]
    assert client.story.steps == ["configure anew"] * 2
