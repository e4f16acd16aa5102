"""The list of the requests that belong to no tenant, in Debian's Chromium."""

import pytest
from playwright.sync_api import expect

pytestmark = pytest.mark.browser


def test_requests_outside_of_tenants_are_listed_as_they_arrive(console, served, tenant, http):
    served.journal.clear()
    page = console.open(tenant="t", view="outside")
    expect(page.locator("#outside-none")).to_be_visible()
    http.post(f"{served.base_url}/token", data={"a": "b"})
    http.get(f"{served.base_url}/nothing?a=<i>b</i>")
    http.get(tenant.jwks_uri)
    rows = page.locator("#outside > li")
    expect(rows).to_have_count(2)
    expect(rows.nth(0)).to_contain_text("GET /nothing?a=")
    expect(rows.nth(1)).to_contain_text("POST /token")
    expect(rows.nth(1).locator(".badge")).to_have_text("404")
    page.click("#outside-clear")
    expect(rows).to_have_count(0)
    assert served.journal.count() == 0


def test_the_list_needs_no_tenant(console, served, http):
    for name in served.tenants.names():
        served.tenants.delete(name)
    http.get(f"{served.base_url}/nothing")
    page = console.open(wait=False, view="outside")
    expect(page.locator("#outside > li").first).to_contain_text("GET /nothing")
