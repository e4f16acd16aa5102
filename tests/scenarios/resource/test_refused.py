"""A resource that refuses for a while: what is an answer, and what is a loop."""

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import ReferenceClient
from oauth_gauntlet_scenarios.resource.refused import require_bounded_and_usable
from oauth_gauntlet_server import MockServer, faults
from tests.selftest.bugs.documents import ChallengeAssumed, RefusedForGood
from tests.selftest.bugs.resource import RetriesForEver

REFUSAL = faults.http_status(401)


def judge(make):
    adapter = InProcessAdapter(make)
    with MockServer() as server:
        client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.CLIENT_CREDENTIALS)
        try:
            require_bounded_and_usable(client, REFUSAL, "a refusal without a reason")
        finally:
            adapter.close()
        return client


def test_one_retry_is_no_loop_and_the_refusal_was_delivered():
    assert judge(ReferenceClient).tenant.armed.unfired() == ()


@pytest.mark.parametrize(
    ("make", "finding"),
    [
        (ChallengeAssumed, "an error that the client documents"),
        (RetriesForEver, "after a refusal without a reason at most 4 requests"),
        (RefusedForGood, "HTTP 200 for the next request"),
    ],
)
def test_a_crash_a_loop_and_an_end_for_good_are_findings(make, finding):
    with pytest.raises(Breach, match=finding):
        judge(make)
