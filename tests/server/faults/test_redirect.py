import pytest
import requests

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.application.other_origin import OTHER_TOKEN
from oauth_gauntlet_server.faults.redirect import Redirect

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("relative", [False, True])
def test_a_redirect_to_the_same_origin_is_processed_there(tenant, status, relative):
    armed = tenant.arm(Redirect(status=status, relative=relative))
    first = requests.post(tenant.token_url, FORM, allow_redirects=False, timeout=60)
    assert first.status_code == status
    moved = f"{tenant.issuer}/moved/token"
    assert first.headers["Location"] == (f"/{tenant.name}/moved/token" if relative else moved)
    assert armed.fired == 1
    assert "access_token" in requests.post(moved, FORM, timeout=60).json()
    assert tenant.journal.count("token") == 2


def test_the_journal_shows_requests_to_the_other_origin(tenant):
    tenant.arm(Redirect(status=307, to="other-origin"))
    answer = requests.post(tenant.token_url, FORM, timeout=60)
    assert answer.json()["access_token"] == OTHER_TOKEN
    (request,) = tenant.journal.requests("other_origin")
    assert request.form_value("client_secret") == "s"
    assert request.header("host") not in tenant.issuer


def test_a_redirect_to_another_host(tenant):
    tenant.arm(Redirect(status=307, to="other-host"))
    answer = requests.post(tenant.token_url, FORM, timeout=60)
    assert answer.json()["access_token"] == OTHER_TOKEN
    (request,) = tenant.journal.requests("other_origin")
    assert request.header("host").startswith("localhost:")


def test_a_redirect_in_a_loop(tenant):
    tenant.arm(Redirect(status=308, to="loop"))
    with pytest.raises(requests.TooManyRedirects):
        requests.post(tenant.token_url, FORM, timeout=60)


@pytest.mark.parametrize(("to", "location"), [("nowhere", None), ("https://x.example/a b", "https://x.example/a b")])
def test_a_redirect_without_location_or_to_any_url(tenant, to, location):
    tenant.arm(Redirect(status=302, to=to))
    answer = requests.post(tenant.token_url, FORM, allow_redirects=False, timeout=60)
    assert answer.headers.get("Location") == location


def test_a_preset_redirects_to_the_same_origin(tenant):
    answer = requests.post(f"{tenant.issuer}/faults/redirect-307/token", FORM, timeout=60)
    assert [step.status_code for step in answer.history] == [307]
    assert "access_token" in answer.json()


def test_a_status_that_is_no_redirect_is_rejected():
    with pytest.raises(faults.FaultError, match="status: got 200: expected one of 300, 301"):
        Redirect(status=200)
