"""Tenants, whom they know, their tokens and their clocks, in Debian's Chromium."""

import re

import pytest

from oauth_gauntlet_server import MockServer, RotationPolicy, User
from oauth_gauntlet_server.jose.keys import new_signing_key

CONTROL_TOKEN = "secret-of-the-control-api"


def card(page, title):
    return page.locator(f"#parties .card:has(h2:text-is('{title}'))")


def register(page, title, **typed):
    section = card(page, title)
    if section.locator("details[open]").count() == 0:
        section.locator("summary").click()
    for name, text in typed.items():
        section.locator(f"[name='{name}']").fill(text)
    section.locator("button[type=submit]").click()
    section.locator(".said:has-text('Registered')").wait_for()


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
    key = new_signing_key("ES256", kid="k")
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
        row.wait_for(state="detached")
        assert store.get(name) is None


def test_a_key_may_be_a_jwk_and_what_is_none_is_refused(console, tenant):
    page = console.open(tenant="t", view="parties")
    jwk = str(new_signing_key("EdDSA", kid="k").as_dict(private=False)).replace("'", '"')
    register(page, "Clients", client_id="signer", public_keys=jwk)
    assert tenant.clients.get("signer").public_keys[0]["kty"] == "OKP"
    section = card(page, "Clients")
    section.locator("[name=client_id]").fill("other")
    section.locator("[name=public_keys]").fill("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----")
    section.locator("button[type=submit]").click()
    section.locator("[name=public_keys][aria-invalid=true]").wait_for()
    assert tenant.clients.get("other") is None
    console.refused(422)


# Tokens


def test_tokens_are_minted_inspected_and_revoked(console, tenant):
    page = console.open(tenant="t", view="tokens")
    page.fill("#mint_access_token [name=client_id]", "demo-client")
    page.fill("#mint_access_token [name=expires_in]", "60")
    page.click("#mint_access_token button")
    page.wait_for_selector("#told .finding.pass")
    minted = page.input_value("#inspect-token [name=token]")
    assert tenant.active(minted).client_id == "demo-client"
    assert "in 60 s" in page.inner_text("#told")
    page.click("#revoke-token")
    page.wait_for_selector("#told .finding.fail:has-text('was revoked')")
    assert tenant.active(minted) is None
    page.click("#mint details:has(#mint_refresh_token) summary")
    page.fill("#mint_refresh_token [name=client_id]", "demo-client")
    page.fill("#mint_refresh_token [name=token]", "a-token-of-mine")
    page.click("#mint_refresh_token button")
    page.wait_for_selector("#told .finding:has-text('in force without end')")
    assert tenant.active("a-token-of-mine").is_refresh_token


def test_a_jwt_is_minted_with_claims_of_its_own_and_a_wrong_signature(console, tenant):
    page = console.open(tenant="t", view="tokens")
    page.click("#mint details:has(#mint_jwt_access_token) summary")
    page.fill("#mint_jwt_access_token [name=client_id]", "c")
    page.fill("#mint_jwt_access_token [name=claims]", '{"roles": ["a"]}')
    page.click("#mint_jwt_access_token button")
    page.wait_for_selector("#told .finding:has-text('verifies by a key of this server')")
    assert page.locator("#told tr:has(th:text-is('roles')) code").text_content() == '["a"]'
    page.check("#mint_jwt_access_token [name=wrong_signature]")
    page.click("#mint_jwt_access_token button")
    page.wait_for_selector("#told .finding.fail:has-text('does not verify by any key of this server')")
    page.fill("#inspect-token [name=token]", "nothing")
    page.click("#inspect-token button[type=submit]")
    page.wait_for_selector("#told .finding.none:has-text('did not issue')")


# The clock


def test_the_clock_is_moved_frozen_and_reset(console, tenant):
    page = console.open(tenant="t", view="tenant")
    token = tenant.mint_access_token("c", expires_in=3000)
    page.click("#moves [data-seconds='3600']")
    page.wait_for_selector("#offset:has-text('1 h ahead')")
    assert tenant.active(token) is None
    assert re.fullmatch(r"\d\d:\d\d:\d\d UTC \+1 h", page.text_content("#clock"))
    page.fill("#advance [name=seconds]", "-7200")
    page.click("#advance button")
    page.wait_for_selector("#offset:has-text('1 h behind')")
    page.fill("#set-clock [name=instant]", "2030-01-02T03:04:05")
    page.click("#freeze")
    page.wait_for_selector("#offset:has-text('frozen')")
    page.click("#set-clock button")
    page.wait_for_selector("#now:text-is('2030-01-02 03:04:05 UTC')")
    assert tenant.clock.now() == 1893553445
    page.click("#freeze")
    page.wait_for_selector("#freeze:text-is('Freeze')")
    assert not tenant.clock.frozen
    page.click("#reset-clock")
    page.wait_for_selector("#offset:text-is('real time')")


def test_a_clock_that_somebody_else_moved_shows_with_the_next_exchange(console, tenant, token):
    page = console.open(tenant="t")
    page.wait_for_selector("#clock:has-text('UTC')")
    tenant.clock.advance(86_400)
    token()
    page.wait_for_selector("#clock.moved:has-text('+1 d')")


# Tenants and settings


def test_settings_are_changed_and_only_those(console, tenant):
    page = console.open(tenant="t", view="tenant")
    page.wait_for_selector("#settings form")
    before = tenant.settings
    page.check("#settings [name=strict]")
    page.fill("#settings [name=access_token_lifetime_s]", "")
    page.select_option("#settings [name=rotation]", "rotate")
    page.fill("#settings [name=claims]", '{"a": 1}')
    page.click("#settings button[type=submit]")
    page.wait_for_selector("#settings .said:has-text('Saved: strict, access_token_lifetime_s, rotation, claims.')")
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
    page.wait_for_selector("#settings [name=default_scope][aria-invalid=true]")
    console.refused(400)


def test_keys_are_rotated(console, tenant):
    page = console.open(tenant="t", view="tenant")
    page.wait_for_selector("#keys li")
    page.click("#keys button")
    page.wait_for_selector("#keys code:text-is('gauntlet-es256-2')")
    assert tenant.keys.current("ES256").kid == "gauntlet-es256-2"


def test_tenants_are_made_switched_and_deleted(console, served, tenant, token):
    token()
    page = console.open(tenant="t")
    page.wait_for_selector("#exchanges li")
    page.click("#views [data-view=tenant]")
    page.fill("#new-tenant [name=name]", "shop")
    page.check("#new-tenant [name=strict]")
    page.click("#new-tenant button")
    page.wait_for_selector("#urls :text('/shop/token')")
    assert served.tenants.find("shop").settings.strict
    assert page.input_value("#tenant") == "shop"
    assert "tenant=shop" in page.url
    page.click("#views [data-view=exchanges]")
    assert page.locator("#exchanges li").count() == 0
    page.select_option("#tenant", "t")
    page.wait_for_selector("#exchanges li")
    page.go_back()
    page.wait_for_selector("#first", state="visible")
    assert page.input_value("#tenant") == "shop"
    page.click("#views [data-view=tenant]")
    deletion = page.locator("#settings .danger")
    deletion.click()
    assert "shop" in served.tenants.names()
    deletion.click()
    page.wait_for_function("() => document.getElementById('tenant').value !== 'shop'")
    assert "shop" not in served.tenants.names()


def test_a_tenant_that_is_replaced_is_followed_anew(console, served, tenant, token):
    token()
    page = console.open(tenant="t")
    page.wait_for_selector("#exchanges li")
    served.tenant("t", strict=False)
    page.wait_for_selector("#first", state="visible")
    token()
    page.wait_for_selector("#exchanges a[data-sequence='1']")


@pytest.fixture
def strict_server():
    """A server at which nothing springs into being, with a control token."""
    with MockServer(control_token=CONTROL_TOKEN) as running:
        yield running


def test_a_name_that_nobody_has_is_told(browser, strict_server):
    strict_server.tenant("one")
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{strict_server.base_url}/_console/#tenant=two")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_selector("#trouble:has-text(\"there is no tenant 'two'\")")
        page.select_option("#tenant", "one")
        page.wait_for_selector("#live[data-state=live]")
        assert not page.locator("#trouble").is_visible()


def test_where_there_is_no_tenant_one_is_made(browser, strict_server):
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{strict_server.base_url}/_console")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.keyboard.press("Enter")
        page.wait_for_selector("#trouble:has-text('There is no tenant yet; make one.')")
        page.fill("#new-tenant [name=name]", "first")
        page.click("#new-tenant button")
        page.wait_for_selector("#live[data-state=live]")
        assert strict_server.tenants.names() == ("first",)


# The control token


def test_the_token_is_asked_for_kept_in_the_tab_and_sent_with_everything(browser, strict_server, ask):
    strict_server.tenant("t", strict=False)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{strict_server.base_url}/_console/#tenant=t")
        page.wait_for_selector("#token-dialog[open]")
        page.fill("#token-form input", "wrong")
        page.keyboard.press("Enter")
        page.wait_for_selector("#token-refused", state="visible")
        page.keyboard.press("Escape")
        page.fill("#token-form input", CONTROL_TOKEN)
        page.click("#token-form button")
        page.wait_for_selector("#live[data-state=live]")
        ask(f"{strict_server.base_url}/t/token", {"grant_type": "client_credentials"})
        page.wait_for_selector("#exchanges li")
        stored = page.evaluate("() => [{...sessionStorage}, {...localStorage}, document.cookie, location.href]")
        assert stored[0] == {"oauth-gauntlet-control-token": CONTROL_TOKEN}
        assert CONTROL_TOKEN not in str(stored[1:])
        assert CONTROL_TOKEN not in page.content()
        page.reload()
        page.wait_for_selector("#exchanges li")
        assert not page.locator("#token-dialog[open]").count()
        # Another tab is asked anew.
        other = context.new_page()
        other.goto(f"{strict_server.base_url}/_console/")
        other.wait_for_selector("#token-dialog[open]")


def test_on_loopback_nothing_is_asked(console):
    page = console.open(tenant="t")
    assert page.locator("#token-dialog[open]").count() == 0
