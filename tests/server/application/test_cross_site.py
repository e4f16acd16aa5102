"""Pages of other web sites that send requests to a tenant."""

import pytest

from oauth_gauntlet_server import MockServer, Tenants, faults
from oauth_gauntlet_server.application.cross_site import refusal_of_other_site

FORM = {"grant_type": "client_credentials", "client_id": "c", "client_secret": "s"}


def page(mode, site="cross-site"):
    return {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Origin": "https://evil.example"}


@pytest.fixture
def tenant(server):
    return server.tenant(strict=False)


@pytest.mark.parametrize("mode", ["no-cors", "navigate", "websocket", ""])
def test_a_page_of_another_site_uses_up_no_fault_and_fills_no_journal(http, tenant, mode):
    armed = tenant.arm(faults.http_status(503), times=1)
    refused = http.post(tenant.token_url, data=FORM, headers=page(mode))
    assert (refused.status_code, refused.json()["error"]) == (403, "cross_site")
    assert "Sec-Fetch-Site: cross-site" in refused.json()["error_description"]
    assert (armed.matched, tenant.journal.count()) == (0, 0)
    assert http.post(tenant.token_url, data=FORM).status_code == 503
    assert http.post(tenant.token_url, data=FORM).status_code == 200


@pytest.mark.parametrize(
    "headers", [page("cors"), page("no-cors", "same-site"), page("no-cors", "same-origin"), {"Origin": "null"}]
)
def test_scripts_with_cors_and_pages_of_the_same_site_are_clients(http, tenant, headers):
    assert http.post(tenant.token_url, data=FORM, headers=headers).status_code == 200
    assert tenant.journal.count() == 1


def test_a_link_of_another_site_can_be_followed(http, tenant):
    assert http.get(tenant.metadata_url, headers=page("navigate")).status_code == 200
    assert http.get(tenant.metadata_url, headers=page("no-cors")).status_code == 403


def test_a_page_of_another_site_creates_no_tenant(http):
    with MockServer(tenants=Tenants(auto_create=True)) as server:
        assert http.get(f"{server.base_url}/new/jwks", headers=page("no-cors")).status_code == 403
        assert server.tenants.names() == ()
        assert http.get(f"{server.base_url}/new/jwks").status_code == 200


def test_the_mode_is_shown_shortened(http, tenant):
    answer = http.get(tenant.jwks_uri, headers=page("x" * 1000))
    assert len(answer.content) < 400
    assert refusal_of_other_site.__doc__
