"""Tenants with their clients, users, issuers, tokens, keys and clocks, in Debian's Chromium."""

import re

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import MockServer, RotationPolicy, User
from oauth_gauntlet_server.jose.keys import new_signing_key

pytestmark = pytest.mark.browser

CONTROL_TOKEN = "secret-of-the-control-api"


def card(page, title):
    return page.locator(f"#parties .card:has(h2:text-is('{title}'))")


def register(page, title, **typed):
    section = card(page, title)
    section.locator("details").evaluate("each => { each.open = true; }")
    for name, text in typed.items():
        section.locator(f"[name='{name}']").fill(text)
    section.locator("button[type=submit]").click()
    expect(section.locator(".message")).to_have_text(f"Registered: {next(iter(typed.values()))}")


# Clients, users, issuers


def test_parties_are_registered_and_deleted(console, tenant):
    page = console.open(tenant="t", view="parties")
    register(page, "Clients", client_id="web", client_secret="p+q", scope="read write", claims='{"roles": ["admin"]}')
    client = tenant.clients.get("web")
    assert (client.client_secret, client.scope, client.claims) == ("p+q", "read write", {"roles": ["admin"]})
    assert client.token_endpoint_auth_methods == {"client_secret_basic", "client_secret_post"}
    register(page, "Clients", client_id="public")
    assert tenant.clients.get("public").client_secret is None
    register(page, "Users", username="ann", password="pw")
    assert tenant.users.get("ann") == User(username="ann", password="pw")
    key = new_signing_key("ES256")
    register(
        page,
        "Issuers of assertions",
        issuer="https://i.example/a?b=c&d",
        public_keys=key.as_pem(private=False).decode(),
        subjects="ann\nbob",
    )
    issuer = tenant.issuers.get("https://i.example/a?b=c&d")
    assert (len(issuer.public_keys), issuer.subjects, issuer.audiences) == (1, {"ann", "bob"}, None)
    for title, name, store in (
        ("Clients", "web", tenant.clients),
        ("Users", "ann", tenant.users),
        ("Issuers of assertions", "https://i.example/a?b=c&d", tenant.issuers),
    ):
        row = card(page, title).locator(f".parties li:has(b:text-is('{name}'))")
        row.locator("button").click()
        expect(row).to_have_count(0)
        assert store.get(name) is None


def test_a_key_may_be_a_jwk_and_an_invalid_key_is_rejected(console, tenant):
    console.allow_statuses(422)
    page = console.open(tenant="t", view="parties")
    jwk = str(new_signing_key("EdDSA").as_dict(private=False)).replace("'", '"')
    register(page, "Clients", client_id="signer", public_keys=jwk)
    assert tenant.clients.get("signer").public_keys[0]["kty"] == "OKP"
    section = card(page, "Clients")
    section.locator("[name=client_id]").fill("other")
    section.locator("[name=public_keys]").fill("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
    section.locator("button[type=submit]").click()
    expect(section.locator("[name=public_keys]")).to_have_attribute("aria-invalid", "true")
    assert tenant.clients.get("other") is None


# Tokens


def test_tokens_are_minted_inspected_and_revoked(console, tenant):
    page = console.open(tenant="t", view="tokens")
    page.fill("#mint_access_token [name=client_id]", "demo-client")
    page.fill("#mint_access_token [name=expires_in]", "60")
    page.click("#mint_access_token button")
    parts = page.locator("#token-parts")
    # Some seconds may pass before the token is shown.
    expect(parts.locator(".finding.pass")).to_have_text(re.compile(r"The access token is active and expires at .*, in \d+ s\."))
    minted = page.input_value("#inspect-token [name=token]")
    assert tenant.active(minted).client_id == "demo-client"
    page.click("#revoke-token")
    expect(parts.locator(".finding.fail")).to_contain_text("was revoked")
    assert tenant.active(minted) is None
    page.click("#mint details:has(#mint_refresh_token) summary")
    page.fill("#mint_refresh_token [name=client_id]", "demo-client")
    page.fill("#mint_refresh_token [name=token]", "a-token-of-mine")
    page.click("#mint_refresh_token button")
    expect(parts.locator(".finding")).to_contain_text("is active and never expires")
    assert tenant.active("a-token-of-mine").is_refresh_token


def test_a_jwt_is_minted_with_additional_claims_and_with_a_wrong_signature(console, tenant):
    page = console.open(tenant="t", view="tokens")
    page.click("#mint details:has(#mint_jwt_access_token) summary")
    page.fill("#mint_jwt_access_token [name=client_id]", "c")
    page.fill("#mint_jwt_access_token [name=claims]", '{"roles": ["a"]}')
    page.click("#mint_jwt_access_token button")
    parts = page.locator("#token-parts")
    expect(parts).to_contain_text("The signature verifies with a key of this server.")
    expect(parts.locator("tr:has(th:text-is('roles')) code")).to_have_text('["a"]')
    page.check("#mint_jwt_access_token [name=wrong_signature]")
    page.click("#mint_jwt_access_token button")
    expect(parts.locator(".finding.fail")).to_contain_text("does not verify with any key of this server")
    page.fill("#inspect-token [name=token]", "unknown")
    page.click("#inspect-token button[type=submit]")
    expect(parts.locator(".finding.none")).to_contain_text("did not issue")


# The clock


def test_the_clock_is_moved_frozen_and_reset(console, tenant):
    page = console.open(tenant="t", view="tenant")
    token = tenant.mint_access_token("c", expires_in=3000)
    offset = page.locator("#offset")
    page.click("#moves [data-seconds='3600']")
    expect(offset).to_contain_text("1 h ahead")
    assert tenant.active(token) is None
    expect(page.locator("#clock")).to_have_text(re.compile(r"^\d\d:\d\d:\d\d UTC \+1 h$"))
    page.fill("#advance [name=seconds]", "-7200")
    page.click("#advance button")
    expect(offset).to_contain_text("1 h behind")
    page.fill("#set-clock [name=instant]", "2030-01-02T03:04:05")
    page.click("#freeze")
    expect(offset).to_contain_text("frozen")
    page.click("#set-clock button")
    expect(page.locator("#now")).to_have_text("2030-01-02 03:04:05 UTC")
    assert tenant.clock.now() == 1893553445
    page.click("#freeze")
    expect(page.locator("#freeze")).to_have_text("Freeze")
    assert not tenant.clock.frozen
    page.click("#reset-clock")
    expect(offset).to_have_text("real time")


def test_the_next_exchange_shows_that_somebody_else_has_moved_the_clock(console, tenant, token):
    page = console.open(tenant="t")
    expect(page.locator("#clock")).to_contain_text("UTC")
    tenant.clock.advance(86_400)
    token()
    expect(page.locator("#clock.moved")).to_contain_text("+1 d")


# Tenants and settings


def test_only_edited_settings_are_changed(console, tenant):
    console.allow_statuses(400)
    page = console.open(tenant="t", view="tenant")
    before = tenant.settings
    page.check("#settings [name=strict]")
    page.fill("#settings [name=access_token_lifetime_s]", "")
    page.select_option("#settings [name=rotation]", "rotate")
    page.fill("#settings [name=claims]", '{"a": 1}')
    page.click("#settings button[type=submit]")
    message = page.locator("#settings .message")
    expect(message).to_have_text("Saved: strict, access_token_lifetime_s, rotation, claims.")
    after = tenant.settings
    assert (after.strict, after.access_token_lifetime_s, after.rotation, after.claims) == (
        True,
        None,
        RotationPolicy.ROTATE,
        {"a": 1},
    )
    assert (after.clock_skew_s, after.refresh_token_grants) == (before.clock_skew_s, before.refresh_token_grants)
    page.fill("#settings [name=default_scope]", "two  spaces")
    page.click("#settings button[type=submit]")
    expect(page.locator("#settings [name=default_scope]")).to_have_attribute("aria-invalid", "true")


def test_keys_are_rotated(console, tenant):
    page = console.open(tenant="t", view="tenant")
    kids = page.locator("#keys li code")
    expect(kids).to_have_text([tenant.keys.current("ES256").kid])
    before = kids.text_content()
    page.click("#keys button")
    expect(kids).to_have_count(2)
    assert kids.all_text_contents() == [tenant.keys.current("ES256").kid, before]


def test_tenants_are_created_switched_and_deleted(console, served, tenant, token):
    token()
    page = console.open(tenant="t")
    rows, chosen = page.locator("#exchanges li"), page.locator("#tenant")
    expect(rows).to_have_count(1)
    page.click("#views [data-view=tenant]")
    page.fill("#new-tenant [name=name]", "shop")
    page.check("#new-tenant [name=strict]")
    page.click("#new-tenant button")
    expect(page.locator("#urls")).to_contain_text("/shop/token")
    assert served.tenants.find("shop").settings.strict
    expect(chosen).to_have_value("shop")
    expect(page).to_have_url(re.compile("tenant=shop"))
    page.click("#views [data-view=exchanges]")
    expect(rows).to_have_count(0)
    page.select_option("#tenant", "t")
    expect(rows).to_have_count(1)
    page.go_back()
    expect(page.locator("#first")).to_be_visible()
    expect(chosen).to_have_value("shop")
    page.click("#views [data-view=tenant]")
    deletion = page.locator("#settings .danger")
    deletion.click()
    expect(deletion).to_have_text("Press again to delete it with all its data")
    assert "shop" in served.tenants.names()
    deletion.click()
    expect(chosen).not_to_have_value("shop")
    assert "shop" not in served.tenants.names()


def test_a_tenant_that_is_replaced_is_still_followed(console, served, tenant, token):
    token()
    page = console.open(tenant="t")
    expect(page.locator("#exchanges li")).to_have_count(1)
    served.tenant("t", replace=True, strict=False)
    expect(page.locator("#first")).to_be_visible()
    token()
    expect(page.locator("#exchanges a[data-sequence='1']")).to_be_visible()


@pytest.fixture
def strict_server():
    """A server that creates no tenant automatically, with a control token."""
    with MockServer(control_token=CONTROL_TOKEN) as running:
        yield running


def test_an_unknown_tenant_is_reported(browser, strict_server):
    strict_server.tenant("one")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{strict_server.base_url}/_console/#tenant=two")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#problem")).to_contain_text("there is no tenant 'two'")
        page.select_option("#tenant", "one")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        expect(page.locator("#problem")).to_be_hidden()


def test_the_first_tenant_of_a_server_can_be_created(browser, strict_server):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{strict_server.base_url}/_console")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.keyboard.press("Enter")
        expect(page.locator("#problem")).to_have_text("There is no tenant yet. Create one.")
        page.fill("#new-tenant [name=name]", "first")
        page.click("#new-tenant button")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        assert strict_server.tenants.names() == ("first",)


def test_a_tenant_is_replaced_only_if_the_user_says_so(console):
    console.allow_statuses(409)
    page = console.open(tenant="t")
    before = console.server.tenants.find("t")
    page.click("#views [data-view=tenant]")
    page.fill("#new-tenant [name=name]", "t")
    page.check("#new-tenant [name=strict]")
    page.click("#new-tenant button")
    expect(page.locator("#new-tenant .message")).to_contain_text("There is a tenant t already.")
    assert console.server.tenants.find("t") is before
    page.click("text=Replace t, with all its data")
    expect(page.locator("#new-tenant .message")).to_be_empty()
    expect(page.locator("#live")).to_have_attribute("data-state", "live")
    assert console.server.tenants.find("t") is not before
    assert console.server.tenants.find("t").settings.strict


# The control token


def test_the_token_is_requested_stored_for_the_tab_and_sent_with_every_request(browser, strict_server, ask):
    strict_server.tenant("t", strict=False)
    with browser.new_context() as context:
        page = context.new_page()
        dialog, rows = page.locator("#token-dialog"), page.locator("#exchanges li")
        page.goto(f"{strict_server.base_url}/_console/#tenant=t")
        expect(dialog).to_be_visible()
        page.fill("#token-form input", "wrong")
        page.keyboard.press("Enter")
        expect(page.locator("#token-rejected")).to_be_visible()
        page.keyboard.press("Escape")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.click("#token-form button")
        expect(page.locator("#live")).to_have_attribute("data-state", "live")
        ask(f"{strict_server.base_url}/t/token", {"grant_type": "client_credentials"})
        expect(rows).to_have_count(1)
        stored = page.evaluate("() => [{...sessionStorage}, {...localStorage}, document.cookie, location.href]")
        assert stored[0] == {"oauth-gauntlet-control-token": CONTROL_TOKEN}
        assert CONTROL_TOKEN not in str(stored[1:])
        assert CONTROL_TOKEN not in page.content()
        page.reload()
        expect(rows).to_have_count(1)
        expect(dialog).to_be_hidden()
        # Another tab asks again.
        other = context.new_page()
        other.goto(f"{strict_server.base_url}/_console/")
        expect(other.locator("#token-dialog")).to_be_visible()


def test_a_server_on_loopback_requests_no_token(console):
    page = console.open(tenant="t")
    expect(page.locator("#token-dialog")).to_be_hidden()
