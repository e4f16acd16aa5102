import pytest
import requests
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from requests_oauthlib import OAuth2Session

from oauth_gauntlet_server import MockServer, faults

ORIGIN = "https://login.example.com"


@pytest.fixture
def there():
    """An origin that a server which is not even running answers for."""
    with MockServer().intercept(ORIGIN) as interception:
        yield interception


def test_a_real_client_gets_its_token_from_the_origin(there):
    tenant = there.tenant(strict=False)
    session = OAuth2Session(client=BackendApplicationClient("c"))
    token = session.fetch_token(tenant.token_url, client_secret="s")
    assert tenant.token_url.startswith("https://login.example.com/")
    assert tenant.active(token["access_token"]).client_id == "c"
    assert session.get(tenant.resource_url).json()["client_id"] == "c"
    assert [exchange.endpoint for exchange in tenant.journal.exchanges()] == ["token", "resource"]


def test_faults_and_recovery(there):
    tenant = there.tenant(strict=False)
    tenant.arm_sequence(faults.oauth_error("invalid_grant"), faults.token_member("expires_in", "soon"))
    session = OAuth2Session(client=LegacyApplicationClient("c"))
    with pytest.raises(Exception, match="invalid_grant"):
        session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")
    with pytest.raises(ValueError, match="expires_in"):
        session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")
    assert session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")["access_token"]


def test_fields_of_the_same_name_stay_apart(there):
    tenant = there.tenant()
    tenant.arm(faults.http_status(200, headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]))
    answer = requests.post(tenant.token_url, {"a": "b"}, timeout=5)
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    assert "Content-Type" not in answer.headers


def test_a_fault_of_the_socket_is_a_clear_501(there):
    tenant = there.tenant()
    tenant.arm(faults.close_without_answer())
    answer = requests.post(tenant.token_url, timeout=5)
    assert (answer.status_code, answer.json()["error"]) == (501, "fault_needs_socket")


def test_what_was_sent_is_in_the_journal(there):
    tenant = there.tenant()
    requests.post(f"{tenant.token_url}?a=b%20c", data="x=%C3%A9", headers={"Authorization": "Basic Yzpz"}, timeout=5)
    (request,) = tenant.journal.requests()
    assert (request.query, request.form, request.basic_credentials()) == ("a=b%20c", (("x", "é"),), ("c", "s"))


def test_others_are_refused_or_really_asked(server, strict):
    with MockServer().intercept(ORIGIN):
        for url in (strict.metadata_url, "https://login.example.com.evil.example/", "http://login.example.com/"):
            with pytest.raises(requests.ConnectionError):
                requests.get(url, timeout=5)
    with MockServer().intercept(ORIGIN, pass_others=True):
        assert requests.get(strict.metadata_url, timeout=5).json()["issuer"] == strict.issuer


def test_a_running_server_answers_for_it_too(server):
    with server.intercept(ORIGIN) as interception:
        tenant = interception.tenant(strict=False)
        assert requests.get(tenant.metadata_url, timeout=5).json()["issuer"] == tenant.issuer


@pytest.mark.parametrize("origin", ["login.example.com", "https://", "https://a.example/path", "ftp://a.example"])
def test_what_is_no_origin(origin):
    with pytest.raises(ValueError, match=r"expected scheme and host"), MockServer().intercept(origin):
        pass
