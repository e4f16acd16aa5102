"""Authorised requests: what the client gets, what is a finding, and what says nothing about the client."""

from dataclasses import replace

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import ErrorKind, GrantType, ResourceRequest, ResourceResponse
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_server import faults
from tests.harness.lab.scripted import CANCELLED, ERROR, RESPONSE


def test_a_request_goes_to_the_resource_by_default(scripted):
    client, lab = scripted
    client.answer = RESPONSE
    elsewhere = {"url": "http://127.0.0.1/x", "method": "PUT", "headers": {"A": "b"}, "body": "c"}
    assert lab.try_request() == RESPONSE
    assert lab.try_request(**elsewhere) == RESPONSE
    sent = [("request", "GET", lab.tenant.resource_url, {}, None), ("request", "PUT", "http://127.0.0.1/x", {"A": "b"}, "c")]
    assert client.asked[1:] == sent
    assert lab.last_answer == {"response": RESPONSE.to_json()}


def test_the_response_of_the_resource_is_returned(password):
    assert password.request(method="POST", headers={"X-A": "b"}, body="c").status == 200
    (arrived,) = password.tenant.journal.requests("resource")
    assert (arrived.method, arrived.header("x-a"), arrived.body) == ("POST", "b", b"c")


def test_an_error_instead_of_a_response_is_a_finding(password):
    password.tenant.arm(faults.close_without_answer(), endpoint="resource")
    with pytest.raises(Breach) as caught:
        password.request()
    assert caught.value.expected == "an answer of the protected resource"
    assert caught.value.seen.startswith("the client reported an error of kind transport")


class NothingToResources(ReferenceClient):
    """A client that answers for the resource without a request."""

    answer = ResourceResponse(status=200, headers=(), body="")

    def request(self, method, url, headers, body):
        self.get_token()
        return self.answer


def test_a_request_that_never_arrives_at_the_resource_is_untestable(server):
    adapter = InProcessAdapter(NothingToResources)
    client = LabClient(adapter=adapter, hello=adapter.hello(), tenant=server.tenant(), grant=GrantType.PASSWORD)
    with pytest.raises(Untestable, match=r"^no request arrived at the protected resource; the client reported HTTP 200$"):
        client.request()
    adapter.close()


def test_a_request_whose_token_is_refused_never_arrives_at_the_resource(password):
    password.tenant.arm(faults.oauth_error("invalid_client"))
    with pytest.raises(Untestable, match=r"^no request arrived at the protected resource; .* invalid_client"):
        password.request()


def test_requests_passes_its_arguments_on(scripted):
    client, lab = scripted
    wanted = [ResourceRequest(url="u")] * 3
    client.answer = (CANCELLED, CANCELLED, RESPONSE)
    unexpected = replace(CANCELLED, kind=ErrorKind.UNEXPECTED)
    assert lab.requests(wanted, cancel=1) == (CANCELLED, unexpected, RESPONSE)
    assert lab.last_answer == {
        "results": [{"error": CANCELLED.to_json()}, {"error": CANCELLED.to_json()}, {"response": RESPONSE.to_json()}]
    }
    assert client.asked[1:] == [("requests", wanted, 1)]


def test_an_adapter_without_the_operation_requests_is_not_judged_by_it(scripted):
    client, lab = scripted
    client.answer = replace(ERROR, kind=ErrorKind.UNEXPECTED, message="unknown operation requests")
    with pytest.raises(Untestable, match=r"no answer for each request, but an error of kind unexpected.*unknown operation"):
        lab.requests([ResourceRequest(url="u")])
