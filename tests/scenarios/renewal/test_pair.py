"""The first token request and its renewal, what differs, and the mark at the renewal."""

import pytest

from oauth_gauntlet.adapters.in_process_adapter import InProcessAdapter
from oauth_gauntlet.checks import Breach, Untestable
from oauth_gauntlet.lab import LabClient
from oauth_gauntlet.model import RenewalKind
from oauth_gauntlet.protocol import GrantType
from oauth_gauntlet.reference import make_client
from oauth_gauntlet_scenarios.renewal.pair import first_and_renewal, names_and_values, renewal_mark, require_kept
from oauth_gauntlet_server import MockServer


@pytest.fixture
def renewing():
    """A function that returns a client with the password grant whose renewal of a kind is judged."""
    with MockServer() as server:
        adapter = InProcessAdapter(make_client)

        def make(kind):
            tenant = server.tenant()
            return LabClient(adapter=adapter, hello=adapter.hello(), tenant=tenant, grant=GrantType.PASSWORD, renewal=kind)

        yield make
        adapter.close()


@pytest.mark.parametrize(("kind", "place"), [(RenewalKind.REFRESH, -1), (RenewalKind.AFTER_401, -2)])
def test_both_requests_and_the_place_of_the_renewal(renewing, kind, place):
    client = renewing(kind)
    first, second = first_and_renewal(client, scope="a")
    assert names_and_values(first, "grant_type", "scope") == "grant_type=password scope=a"
    assert names_and_values(second, "grant_type", "scope") == "grant_type=refresh_token"
    assert names_and_values(second, "scope", "resource") == "no scope and no resource"
    assert renewal_mark(client, "x").exchange == place
    assert client.tenant.journal.exchanges()[place].request is second


def test_the_finding_names_what_differs_and_when(renewing):
    client = renewing(RenewalKind.REFRESH)
    first_and_renewal(client)
    require_kept(client, "a", "a", "x")
    with pytest.raises(Breach) as caught:
        require_kept(client, "client_secret_post", "client_secret_basic", "x")
    assert caught.value.expected == "client_secret_post, as in the first request"
    assert caught.value.seen == (
        "the renewal with the refresh token used client_secret_basic, the first request client_secret_post"
    )


def test_a_configuration_that_the_client_rejects_has_no_pair(renewing):
    with pytest.raises(Untestable, match=r"^the client has sent no first token request$"):
        first_and_renewal(renewing(RenewalKind.REFRESH), username=None)
