"""A scenario finds the client's second token request, at a server that behaved well until then."""

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.ports import Ports
from oauth_gauntlet.protocol import ErrorInfo, ErrorKind, GrantType, Token
from oauth_gauntlet.reference import make_client
from oauth_gauntlet.reference.client import ReferenceClient
from oauth_gauntlet.reference.errors import protocol_error
from oauth_gauntlet_server import connection_fault, faults

EXPIRY, REFRESH, AFTER_401 = RenewalKind
CLIENT_CREDENTIALS, PASSWORD = GrantType.CLIENT_CREDENTIALS, GrantType.PASSWORD


@pytest.fixture
def lab(server):
    """A function that returns a client whose renewal is judged."""
    adapters = []

    def make(kind, grant, client=make_client):
        adapter = InProcessAdapter(client)
        adapters.append(adapter)
        tenant = server.tenant()
        return LabClient(adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=grant, renewal=kind)

    yield make
    for adapter in adapters:
        adapter.close()


def grants_sent(lab):
    return [request.form_value("grant_type") for request in lab.token_requests()]


@pytest.mark.parametrize(
    ("kind", "grant", "sent"),
    [
        (EXPIRY, CLIENT_CREDENTIALS, "client_credentials"),
        (EXPIRY, PASSWORD, "refresh_token"),
        (REFRESH, PASSWORD, "refresh_token"),
        (AFTER_401, CLIENT_CREDENTIALS, "client_credentials"),
    ],
)
def test_the_journal_contains_the_renewal_alone(lab, kind, grant, sent):
    client = lab(kind, grant)
    answer = client.try_get_token()
    assert grants_sent(client) == [sent]
    assert client.renewal.first_request.form_value("grant_type") == grant
    assert answer.access_token != client.renewal.old_token.access_token
    assert not client.is_old_token(answer)
    assert client.is_old_token(client.renewal.old_token)


def test_the_journal_may_keep_the_first_request(lab):
    client = lab(AFTER_401, CLIENT_CREDENTIALS)
    client.renewal.keeps_journal = True
    client.get_token()
    assert [exchange.endpoint for exchange in client.tenant.journal.exchanges()] == ["token", "resource", "token", "resource"]
    assert client.renewal.first_request is client.token_requests()[0]
    assert client.renewal_occasion == "after a resource had refused the token"
    assert lab(None, PASSWORD).renewal_occasion == ""


def test_the_grant_of_the_judged_request(lab):
    assert lab(None, PASSWORD).request_grant is PASSWORD
    assert lab(EXPIRY, CLIENT_CREDENTIALS).request_grant is CLIENT_CREDENTIALS
    assert lab(REFRESH, PASSWORD).request_grant is GrantType.REFRESH_TOKEN


def test_only_the_first_call_after_a_configuration_is_a_renewal(lab):
    client = lab(EXPIRY, CLIENT_CREDENTIALS)
    first = client.get_token()
    assert client.get_token() == first
    assert len(client.token_requests()) == 1
    old = client.renewal.old_token
    assert client.obtain(scope="read").access_token not in {first.access_token, old.access_token}
    assert client.token_request().form_value("scope") == "read"
    assert client.is_old_token(old) is False


def test_a_fault_meets_the_renewal_and_not_the_first_request(lab):
    client = lab(EXPIRY, CLIENT_CREDENTIALS)
    armed = client.tenant.arm(faults.oauth_error("invalid_scope"), times=1)
    assert client.try_get_token().oauth_error == "invalid_scope"
    assert (armed.fired, armed.matched) == (1, 1)


def test_the_first_token_comes_from_a_lenient_server(lab):
    class WrongSecret(ReferenceClient):
        def configure(self, config):
            super().configure({**config, "client_secret": "another"})

    client = lab(EXPIRY, CLIENT_CREDENTIALS, WrongSecret)
    assert client.try_get_token().oauth_error == "invalid_client"
    assert client.tenant.settings.strict


def test_a_client_without_a_first_token_is_untestable(lab):
    class LikesNoToken(ReferenceClient):
        def keep(self, granted):
            raise protocol_error("not this one")

    with pytest.raises(Untestable, match="no first token that it could renew: it reported not this one"):
        lab(EXPIRY, CLIENT_CREDENTIALS, LikesNoToken).try_get_token()


def test_an_error_before_any_request_is_left_to_the_scenario(lab):
    client = lab(EXPIRY, CLIENT_CREDENTIALS)
    assert client.obtain(client_id=None).kind is ErrorKind.CONFIG

    class RefusesLate(ReferenceClient):
        def get_token(self):
            self.reader.read({})

    assert lab(EXPIRY, CLIENT_CREDENTIALS, RefusesLate).try_get_token().kind is ErrorKind.CONFIG


class NeverRenews(ReferenceClient):
    def is_fresh(self, held):
        return True

    def is_invalid_token(self, response):
        return False


@pytest.mark.parametrize(
    ("kind", "occasion"), [(EXPIRY, "after the token had expired"), (AFTER_401, "after a resource had refused the token")]
)
def test_a_client_that_sends_no_renewal_is_untestable(lab, kind, occasion):
    with pytest.raises(Untestable, match=f"^the client sent no renewal {occasion}$"):
        lab(kind, CLIENT_CREDENTIALS, NeverRenews).try_get_token()


def test_a_client_without_a_refresh_token_is_untestable(lab):
    client = lab(REFRESH, PASSWORD)
    client.tenant.configure(refresh_token_grants=frozenset())
    with pytest.raises(Untestable, match=r"^the client sent no renewal with the refresh token$"):
        client.try_get_token()


@pytest.mark.parametrize(("kind", "grant"), [(EXPIRY, CLIENT_CREDENTIALS), (REFRESH, PASSWORD)])
def test_a_port_works_for_the_first_token_and_has_its_fault_for_the_renewal(server, lab, kind, grant):
    client, ports = lab(kind, grant), Ports(server)
    client.renewal.ports = ports
    port = ports.open(connection_fault("tls_certificate", certificate="wrong_host"), tls=True)
    answer = client.obtain(token_url=port.url_of(client.tenant), ca_file=str(server.ca_file))
    assert isinstance(answer, ErrorInfo)
    assert isinstance(client.renewal.old_token, Token)
    assert client.tenant.journal.count() == 0
    assert [record.fault for record in port.connections] == [None, "tls_certificate"]
    assert (ports.unmet(), client.tenant.armed.unfired()) == ((), ())
    ports.close()


def test_a_control_is_no_renewal(server, lab):
    client = lab(EXPIRY, CLIENT_CREDENTIALS)
    client._new_tenant = server.tenant
    client.control()
    assert client.control_accepted
    assert grants_sent(client) == []
