import pytest
import requests
from oauthlib.oauth2 import BackendApplicationClient, LegacyApplicationClient
from requests_oauthlib import OAuth2Session

from oauth_gauntlet_server import MockServer, faults

ORIGIN = "https://login.example.com"


@pytest.fixture
def origin():
    """An origin for which a server that does not listen answers."""
    with MockServer().intercept(ORIGIN) as interception:
        yield interception


def test_a_real_client_gets_its_token_from_the_origin(origin):
    tenant = origin.tenant(strict=False)
    session = OAuth2Session(client=BackendApplicationClient("c"))
    token = session.fetch_token(tenant.token_url, client_secret="s")
    assert tenant.token_url.startswith("https://login.example.com/")
    assert tenant.active(token["access_token"]).client_id == "c"
    assert session.get(tenant.resource_url).json()["client_id"] == "c"
    assert [exchange.endpoint for exchange in tenant.journal.exchanges()] == ["token", "resource"]


def test_faults_and_recovery(origin):
    tenant = origin.tenant(strict=False)
    tenant.arm_sequence(faults.oauth_error("invalid_grant"), faults.token_member("expires_in", "soon"))
    session = OAuth2Session(client=LegacyApplicationClient("c"))
    with pytest.raises(Exception, match="invalid_grant"):
        session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")
    with pytest.raises(ValueError, match="expires_in"):
        session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")
    assert session.fetch_token(tenant.token_url, username="u", password="p", client_secret="s")["access_token"]


def test_repeated_header_fields_stay_separate(origin):
    tenant = origin.tenant()
    tenant.arm(faults.http_status(200, headers=[("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]))
    answer = requests.post(tenant.token_url, {"a": "b"}, timeout=60)
    assert answer.raw.headers.getlist("Set-Cookie") == ["a=1", "b=2"]
    assert "Content-Type" not in answer.headers


def test_a_fault_that_needs_a_socket_gets_501(origin):
    tenant = origin.tenant()
    tenant.arm(faults.close_without_answer())
    answer = requests.post(tenant.token_url, timeout=60)
    assert (answer.status_code, answer.json()["error"]) == (501, "fault_needs_socket")


def test_the_request_is_in_the_journal(origin):
    tenant = origin.tenant()
    requests.post(f"{tenant.token_url}?a=b%20c", data="x=%C3%A9", headers={"Authorization": "Basic Yzpz"}, timeout=60)
    (request,) = tenant.journal.requests()
    assert (request.query, request.form, request.basic_credentials()) == ("a=b%20c", (("x", "é"),), ("c", "s"))


def test_requests_to_other_origins_are_refused_or_passed_through(server, strict):
    with MockServer().intercept(ORIGIN):
        for url in (strict.metadata_url, "https://login.example.com.evil.example/", "http://login.example.com/"):
            with pytest.raises(requests.ConnectionError):
                requests.get(url, timeout=60)
    with MockServer().intercept(ORIGIN, pass_others=True):
        assert requests.get(strict.metadata_url, timeout=60).json()["issuer"] == strict.issuer


def test_a_running_server_can_intercept_an_origin_too(server):
    with server.intercept(ORIGIN) as interception:
        tenant = interception.tenant(strict=False)
        assert requests.get(tenant.metadata_url, timeout=60).json()["issuer"] == tenant.issuer


@pytest.mark.parametrize("text", ["login.example.com", "https://", "https://a.example/path", "ftp://a.example"])
def test_a_text_that_is_not_an_origin_is_rejected(text):
    with pytest.raises(ValueError, match=r"expected scheme and host"), MockServer().intercept(text):
        pass
