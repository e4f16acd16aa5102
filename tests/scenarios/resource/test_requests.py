"""What a scenario of the resource presupposes: a request arrives, and is accepted."""

import pytest

from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet_scenarios.resource.requests import (
    hold_a_revoked_token,
    is_success,
    resource_requests,
    show_that_requests_are_accepted,
    show_that_requests_arrive,
)
from oauth_gauntlet_server import faults


class Sends(ReferenceClient):
    """Sends the token in the way that its class names."""

    def send_with(self, token, method, url, headers, body):
        _, transport = self._ready()
        return transport.send(method, *self.placed(url, headers, token.access_token), None)


class InHeader(Sends):
    def placed(self, url, headers, token):
        return url, {**headers, "Authorization": f"Bearer {token}"}


class InQuery(Sends):
    def placed(self, url, headers, token):
        return f"{url}?access_token={token}", headers


class WrongScheme(Sends):
    def placed(self, url, headers, token):
        return url, {**headers, "Authorization": f"Token {token}"}


@pytest.fixture
def lab(server):
    made = []

    def new(client_class, new_tenant=server.tenant):
        made.append(client_class())
        return LabClient(
            adapter=made[-1],
            hello=made[-1].hello(),
            tenant=server.tenant(),
            grant=GrantType.CLIENT_CREDENTIALS,
            new_tenant=new_tenant,
        )

    yield new
    for adapter in made:
        adapter.close()


def test_without_a_request_nothing_is_known(server):
    with pytest.raises(Untestable, match="no request arrived at the protected resource"):
        resource_requests(server.tenant())


@pytest.mark.parametrize("client_class", [InHeader, InQuery])
def test_the_place_of_the_token_is_not_under_test(lab, client_class):
    client = lab(client_class)
    show_that_requests_are_accepted(client)
    assert client.tenant.journal.count() == 0
    client.try_request()
    assert len(resource_requests(client.tenant)) == 1


def test_a_request_that_is_not_accepted_makes_the_scenario_untestable(lab):
    with pytest.raises(Untestable, match="does not accept the client's request with a plain token: HTTP 401"):
        show_that_requests_are_accepted(lab(WrongScheme))


def test_a_request_that_arrives_may_be_refused(lab):
    client = lab(WrongScheme)
    show_that_requests_arrive(client)
    assert client.tenant.journal.count() == 0


def test_without_a_token_no_request_arrives(lab, server):
    def refusing_tenant():
        tenant = server.tenant()
        tenant.arm(faults.oauth_error("invalid_client"))
        return tenant

    client = lab(InHeader, refusing_tenant)
    with pytest.raises(Untestable, match="no request arrived"):
        show_that_requests_arrive(client)


def test_a_client_holds_a_token_that_is_revoked(lab):
    client = lab(InQuery)
    hold_a_revoked_token(client)
    assert client.tenant.journal.count() == 0
    held = client.get_token().access_token
    assert client.tenant.active(held) is None
    assert client.tenant.journal.count("token") == 0
    assert not is_success(client.try_request("http://127.0.0.1:9/"))


def test_a_token_that_is_not_accepted_cannot_be_revoked(lab):
    with pytest.raises(Untestable, match="does not accept the client's request with a plain token: HTTP 401"):
        hold_a_revoked_token(lab(WrongScheme))
