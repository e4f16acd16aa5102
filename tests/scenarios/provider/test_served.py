"""The mock server answers with the documents of a provider, and its tokens are accepted."""

import json
import urllib.error
import urllib.request

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.provider.provider import Refusal, providers
from oauth_gauntlet_scenarios.provider.served import error_answer, refusal_answer, serve_success
from oauth_gauntlet_server import MockServer


@pytest.fixture
def client():
    adapter = InProcessAdapter(make_client)
    with MockServer() as server:
        yield LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.CLIENT_CREDENTIALS)
    adapter.close()


def answer_of(url):
    try:
        return urllib.request.urlopen(url)
    except urllib.error.HTTPError as error:
        return error


@pytest.mark.parametrize("name", ["google", "github", "strava", "salesforce"])
def test_the_document_is_served_with_tokens_of_the_server(client, name):
    success = providers()[name].success
    armed = serve_success(client, success)
    before = client.tenant.clock.now()
    client.get_token()
    after = client.tenant.clock.now()
    (served,) = client.grants()
    assert armed.fired == 1
    assert served.keys() == success.members(now=0, access_token="", refresh_token="").keys()
    record = client.tenant.active(served["access_token"])
    assert before <= record.expires_at - success.lifetime_s <= after
    if "refresh_token" in served:
        assert client.tenant.active(served["refresh_token"]).is_refresh_token


def test_an_error_is_served_as_it_is(client):
    error = providers()["github"].error
    client.tenant.arm(error_answer(error))
    assert client.try_get_token().oauth_error == "bad_refresh_token"
    response = client.tenant.journal.exchanges("token")[0].response
    assert (response.status, response.json()) == (200, json.loads(error.body))


def test_a_refusal_has_its_challenges_and_its_body(client):
    client.tenant.arm(refusal_answer(Refusal(status=401, body="[1]", challenges=("Token", "Bearer"))), endpoint="resource")
    answer = answer_of(client.tenant.resource_url)
    assert (answer.status, answer.read(), answer.headers.get_all("WWW-Authenticate")) == (401, b"[1]", ["Token", "Bearer"])
    assert answer.headers["Content-Type"] == "application/json"
