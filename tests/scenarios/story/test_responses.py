"""What the responses of the token endpoint say, in the order in which they were sent."""

import json

from oauth_gauntlet_scenarios.story.responses import TokenResponses
from tests.scenarios.story.puppet import Puppet


def answered(client, status, document):
    client.record("token", status, json.dumps(document).encode())


def test_issued_tokens_are_in_order_and_later_than_an_exchange():
    client = Puppet()
    responses = TokenResponses(client.tenant)
    assert responses.issued() == []
    for token in ("b", "a"):
        answered(client, 200, {"access_token": token})
    first = client.tenant.journal.exchanges("token")[0].sequence
    answered(client, 400, {"access_token": "not-granted"})
    client.record("resource", 200, b'{"access_token": "of-another-endpoint"}')
    assert responses.issued() == ["b", "a"]
    assert responses.issued(since=first) == ["a"]


def test_a_lifetime_is_hidden_if_the_response_of_the_token_has_none():
    client = Puppet()
    answered(client, 200, {"access_token": "a"})
    answered(client, 200, {"access_token": "b", "expires_in": 0})
    responses = TokenResponses(client.tenant)
    assert [responses.hides_lifetime(token) for token in ("a", "b", "never issued")] == [True, False, False]


def test_failures_count_since_the_last_response_with_a_token():
    client = Puppet()
    responses = TokenResponses(client.tenant)
    counts = [responses.failures_in_a_row()]
    for status, document in ((400, {}), (200, {"token_type": "Bearer"}), (200, []), (200, {"access_token": "a"}), (500, {})):
        answered(client, status, document)
        counts.append(responses.failures_in_a_row())
    client.record("token", None, b"")
    client.record("token", 200, b"not JSON")
    assert [*counts, responses.failures_in_a_row()] == [0, 1, 2, 3, 0, 1, 3]
