import pytest
import requests

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.application.other_origin import TOKEN
from oauth_gauntlet_server.faults.redirect import Redirect

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("relative", [False, True])
def test_to_the_same_origin_it_is_processed(tenant, status, relative):
    armed = tenant.arm(Redirect(status=status, relative=relative))
    first = requests.post(tenant.token_url, FORM, allow_redirects=False, timeout=10)
    assert first.status_code == status
    moved = f"{tenant.issuer}/moved/token"
    assert first.headers["Location"] == (f"/{tenant.name}/moved/token" if relative else moved)
    assert armed.fired == 1
    assert "access_token" in requests.post(moved, FORM, timeout=10).json()
    assert tenant.journal.count("token") == 2


def test_to_another_origin_the_journal_shows_what_arrives(tenant):
    tenant.arm(Redirect(status=307, to="other-origin"))
    answer = requests.post(tenant.token_url, FORM, timeout=10)
    assert answer.json()["access_token"] == TOKEN
    (request,) = tenant.journal.requests("other_origin")
    assert request.form_value("client_secret") == "s"
    assert request.header("host") not in tenant.issuer


def test_in_a_loop(tenant):
    tenant.arm(Redirect(status=308, to="loop"))
    with pytest.raises(requests.TooManyRedirects):
        requests.post(tenant.token_url, FORM, timeout=10)


@pytest.mark.parametrize(("to", "location"), [("nowhere", None), ("https://x.example/a b", "https://x.example/a b")])
def test_to_nowhere_or_anywhere(tenant, to, location):
    tenant.arm(Redirect(status=302, to=to))
    answer = requests.post(tenant.token_url, FORM, allow_redirects=False, timeout=10)
    assert answer.headers.get("Location") == location


def test_by_its_url(tenant):
    answer = requests.post(f"{tenant.issuer}/faults/redirect-307/token", FORM, timeout=10)
    assert [step.status_code for step in answer.history] == [307]
    assert "access_token" in answer.json()


def test_what_is_no_redirect():
    with pytest.raises(faults.FaultError, match="status is one of 300, 301"):
        Redirect(status=200)
