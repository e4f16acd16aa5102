"""What a story accepts when the resource refuses tokens, when several callers use it, and when the server fails for long."""

import json

import pytest

from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceResponse, Token
from tests.scenarios.story.puppet import CACHED_IS_VALID, ERROR, FAULT, OK, REFUSED, UNDOCUMENTED, Puppet, finding

FORBIDDEN = ResourceResponse(status=403, headers=(), body="")
FOUR_AT_MOST = "expected at most 4 requests while each is refused; 5 requests at the resource"


def renewed(client, name="second-token"):
    return lambda: client.issued(name) and None


def refused(client, times=1, *, token="first-token", status=401):
    return [lambda: client.is_refused(token, status=status)] * times


# Refusals


@pytest.mark.parametrize("form", ["two-fields", "lower-case", "unquoted", "description-first"])
def test_a_client_that_declares_retry_401_renews_after_each_spelling(holding, form):
    holding.story.refuse(form, 1)
    assert holding.story.steps[-1] == f"the resource refuses the next request: {form}"
    text = finding(holding, holding.answers(*refused(holding), REFUSED).use)
    assert text == f"expected HTTP 200, with a new token if needed, after 401 in the form {form}; HTTP 401"


@pytest.mark.parametrize("form", ["unquoted", "bare"])
def test_a_renewal_after_a_refusal_replaces_a_valid_token(holding, form):
    holding.story.refuse(form, 1)
    holding.answers(*refused(holding), renewed(holding), lambda: holding.uses("second-token"), OK).use()
    assert finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).get_token) == CACHED_IS_VALID


def test_the_retry_has_the_new_token(holding):
    holding.story.refuse("unquoted", 1)
    plan = [*refused(holding), renewed(holding), lambda: holding.uses("first-token"), OK]
    assert finding(holding, holding.answers(*plan).use) == "expected the new token in the second request; the refused token"


@pytest.mark.parametrize("form", ["bare", "no-error", "page", "broken", "403-invalid-token"])
@pytest.mark.parametrize("answer", [REFUSED, ErrorInfo(kind=ErrorKind.PROTOCOL, message="no")])
def test_without_a_reason_a_client_may_report_the_refusal_and_forget_its_token(holding, form, answer):
    holding.story.refuse(form, 1)
    holding.answers(*refused(holding), answer).use()
    holding.answers(holding.issued).get_token()


def test_a_refusal_does_not_excuse_an_undocumented_error(holding):
    holding.story.refuse("bare", 1)
    text = finding(holding, holding.answers(*refused(holding), UNDOCUMENTED).use)
    assert text == "expected an error that the client documents; an error of kind unexpected: KeyError"


def test_a_refusal_of_an_earlier_step_excuses_nothing(holding):
    holding.story.refuse("bare", 1)
    holding.answers(*refused(holding), REFUSED).use()
    text = finding(holding, holding.answers(lambda: holding.uses("first-token", status=401), REFUSED).use)
    assert text == "expected HTTP 200, with a new token if needed; HTTP 401"


@pytest.mark.parametrize(("requests", "loop"), [(4, False), (5, True)])
def test_repeated_refusals_end_in_at_most_four_requests(holding, requests, loop):
    holding.story.refuse("unquoted", 5)
    assert holding.story.steps[-1] == "the resource refuses the next 5 requests: unquoted"
    story = holding.answers(*refused(holding, requests), REFUSED)
    if loop:
        assert finding(holding, story.use) == FOUR_AT_MOST
    else:
        story.use()


def test_a_missing_scope_is_no_reason_for_another_token(holding):
    holding.story.refuse("403 unquoted", 1)
    holding.answers(*refused(holding, status=403), FORBIDDEN).use()
    holding.story.refuse("403 unquoted", 1)
    plan = [*refused(holding, status=403), renewed(holding), lambda: holding.uses("second-token"), OK]
    text = finding(holding, holding.answers(*plan).use)
    assert text.startswith("expected one request: another token with the same scope does not help after 403")


def test_after_a_missing_scope_no_token_is_requested_in_the_same_call(holding):
    holding.story.refuse("403 unquoted", 1)
    text = finding(holding, holding.answers(*refused(holding, status=403), renewed(holding), FORBIDDEN).use)
    assert text == CACHED_IS_VALID


# Several callers


def response(name):
    return ResourceResponse(status=200, headers=(), body=json.dumps({"path": name}))


RESPONSES = [response(f"caller-{place}") for place in (1, 2, 3)]


def paths(*callers):
    return [f"/caller-{place}" for place in callers]


def uses(client, token, *callers, status=200):
    return [lambda path=path: client.uses(token, status=status, path=path) for path in paths(*callers)]


def test_callers_use_one_token(holding):
    holding.answers(*uses(holding, "first-token", 1, 2, 3), *RESPONSES).use_at_once(3)
    assert holding.story.steps[-1] == "3 callers use the resource at once: HTTP 200"


def test_each_caller_gets_the_response_to_its_own_request(holding):
    answers = [RESPONSES[0], RESPONSES[0], RESPONSES[2]]
    text = finding(holding, lambda: holding.answers(*uses(holding, "first-token", 1, 2, 3), *answers).use_at_once(3))
    own = "expected for each caller the response to its own request"
    assert text == f"{own}; caller-2 got the response to the request of caller-1"


@pytest.mark.parametrize(
    ("capabilities", "renewals", "most"),
    [(("cache", "retry_401"), 2, None), (("cache", "retry_401"), 3, 2), (("retry_401",), 9, None), (("retry_401",), 10, 9)],
)
def test_callers_whose_token_is_revoked_share_a_renewal(capabilities, renewals, most):
    client = Puppet(capabilities=capabilities)
    client.answers(lambda: client.issued("first-token")).get_token()
    client.story.revoke()
    plan = [
        *uses(client, "first-token", 1, 2, 3, status=401),
        *[client.asks] * (renewals - 1),
        renewed(client),
        *uses(client, "second-token", 1, 2, 3),
    ]
    story = client.answers(*plan, *RESPONSES)
    if most is None:
        story.use_at_once(3)
        assert story.steps[-1] == "3 callers use the resource at once: HTTP 200"
    else:
        text = finding(client, lambda: story.use_at_once(3))
        which = " for callers that can share the new token" if "cache" in capabilities else ""
        assert text == f"expected at most {most} token requests{which}; {renewals} token requests"


def test_callers_whose_token_has_expired_and_was_revoked_may_renew_it_twice(holding):
    holding.story.advance(3000)
    holding.story.revoke()
    plan = [
        *uses(holding, "first-token", 1, 2, 3, status=401),
        *[holding.asks] * 3,
        renewed(holding),
        *uses(holding, "second-token", 1, 2, 3),
    ]
    holding.answers(*plan, *RESPONSES).use_at_once(3)


def test_each_caller_repeats_its_request_once(holding):
    plan = [*uses(holding, "first-token", 1, 2, 3), *uses(holding, "first-token", 1, 1)]
    text = finding(holding, lambda: holding.answers(*plan, *RESPONSES).use_at_once(3))
    assert text == "expected one request and at most one retry; 3 requests at the resource"


def test_callers_may_each_renew_while_the_resource_refuses_every_token(holding):
    holding.story.refuse("unquoted", 5)
    plan = [*refused(holding, 3), *[holding.asks] * 6]
    holding.answers(*plan, *[REFUSED] * 3).use_at_once(3)


def test_one_of_several_callers_that_is_refused_is_a_finding(holding):
    answers = [*RESPONSES[:2], REFUSED]
    text = finding(holding, lambda: holding.answers(*uses(holding, "first-token", 1, 2, 3), *answers).use_at_once(3))
    assert text == "expected HTTP 200, with a new token if needed; HTTP 401"


def test_the_newest_token_of_several_callers_is_the_cached_one(holding):
    plan = [renewed(holding), *uses(holding, "second-token", 1, 2), *uses(holding, "first-token", 3)]
    holding.story.advance(1800)
    holding.answers(*plan, *RESPONSES).use_at_once(3)
    assert finding(holding, holding.answers(holding.asks, Token(access_token="second-token")).get_token) == CACHED_IS_VALID


# Trouble


def test_trouble_excuses_errors_until_it_ends(client):
    client.story.begin_trouble("HTML", FAULT, 2)
    for _ in range(2):
        client.answers(client.meets_fault, ERROR).get_token()
    error = "get a token: error invalid_grant"
    begin = "for 2 steps each token request meets a fault: HTML"
    assert client.story.steps == [begin, error, error, "the server works again"]
    assert "nothing went wrong" in finding(client, client.answers(ERROR).get_token)


@pytest.mark.parametrize(("failures", "pauses"), [(4, False), (5, True)])
def test_after_five_failures_in_a_row_a_client_may_pause(client, failures, pauses):
    client.story.begin_trouble("HTML", FAULT, failures)
    for _ in range(failures):
        client.answers(client.meets_fault, ERROR).get_token()
    story = client.answers(ERROR)
    if pauses:
        story.get_token()
        client.answers(client.issued).get_token()
        assert "nothing went wrong" in finding(client, client.answers(ERROR).use)
    else:
        assert "nothing went wrong" in finding(client, story.get_token)


def test_configuring_again_ends_trouble_and_refusals(holding):
    holding.story.begin_trouble("HTML", FAULT, 3)
    holding.story.refuse("bare", 5)
    holding.story.configure()
    assert not holding.tenant.armed.list()


# Lifetimes


def test_each_token_has_the_lifetime_of_its_own_response(client):
    client.answers(lambda: client.issued("first-token")).get_token()
    client.story.change_lifetime(None)
    client.story.advance(3600)
    # The first response stated a lifetime; that the next one will state none is no excuse.
    assert "an expired token" in finding(client, client.answers(Token(access_token="first-token")).get_token)
