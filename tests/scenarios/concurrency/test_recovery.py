"""What is said about concurrent renewals: at the same time, late, or none; and about callers without a response."""

import pytest

from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, ResourceResponse
from oauth_gauntlet_scenarios.concurrency.recovery import (
    RENEWAL_S,
    plain_requests,
    require_a_refusal,
    require_one_renewal,
    require_success,
)
from oauth_gauntlet_server import RecordedRequest, RecordedResponse


def recorded(tenant, endpoint, *times, status=200):
    request = RecordedRequest(method="GET", target="/", http_version="1.1", headers=(), body=b"", raw=b"")
    response = RecordedResponse(status=status, reason="", headers=(), body=b"", raw=b"")
    for at in times:
        tenant.journal.record(endpoint=endpoint, request=request, response=response, received_at=at)


@pytest.mark.parametrize(
    ("times", "seen"),
    [
        ((), "nobody renewed the token"),
        ((10.0, 10.0 + RENEWAL_S / 2), "2 callers renewed the token at the same time, 2 token requests in all"),
        ((10.0, 10.01, 20.0), "2 callers renewed the token at the same time, 3 token requests in all"),
        ((10.0, 10.0 + 2 * RENEWAL_S), "2 token requests: it came late"),
    ],
)
def test_more_or_less_than_one_renewal_is_a_finding_that_names_its_kind(tenant, times, seen):
    recorded(tenant, "token", *times)
    with pytest.raises(Breach) as caught:
        require_one_renewal(tenant, late="it came late")
    assert caught.value.seen == seen


def test_one_renewal_is_right(tenant):
    recorded(tenant, "token", 10.0)
    require_one_renewal(tenant, late="it came late")


def test_without_a_refusal_nothing_is_known(tenant):
    with pytest.raises(Untestable, match="no request arrived"):
        require_a_refusal(tenant)
    recorded(tenant, "resource", 10.0)
    with pytest.raises(Untestable, match="the resource refused no request"):
        require_a_refusal(tenant)
    recorded(tenant, "resource", 11.0, status=401)
    require_a_refusal(tenant)


def test_each_caller_has_to_get_a_response():
    good = ResourceResponse(status=200, headers=(), body="")
    require_success([good, good])
    for other, words in (
        (
            ErrorInfo(kind=ErrorKind.TRANSPORT, message="lost"),
            "after the token was revoked, 1 of 2 callers failed: an error of kind transport: lost",
        ),
        (ResourceResponse(status=401, headers=(), body=""), "after the token was revoked, 1 of 2 callers failed: HTTP 401"),
    ):
        with pytest.raises(Breach) as caught:
            require_success([good, other])
        assert caught.value.seen == words


def test_plain_requests_go_to_the_resource(tenant):
    assert [(each.method, each.url) for each in plain_requests(tenant, 2)] == [("GET", tenant.resource_url)] * 2
