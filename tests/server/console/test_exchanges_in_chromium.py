"""The live list and an exchange opened, in Debian's Chromium."""

import re
import subprocess

import pytest

from oauth_gauntlet_server import MockServer, RegisteredClient, faults


def rows(page):
    return page.locator("#exchanges > li:visible").count()


def wait_for_rows(page, count):
    page.wait_for_function(
        "count => [...document.querySelectorAll('#exchanges > li')].filter((li) => !li.hidden).length === count", arg=count
    )


def side(page, number):
    return page.locator("#exchange .side").nth(number)


def test_before_anything_has_arrived_it_says_what_to_do(console, tenant):
    page = console.open(tenant="t")
    command = page.text_content("#first-command")
    assert tenant.token_url in command
    # And that works: what it says can be pasted, and shows.
    subprocess.run(["bash", "-c", command], capture_output=True, timeout=30, check=True)
    wait_for_rows(page, 1)
    assert not page.locator("#first").is_visible()
    assert "client_credentials" in page.text_content("#exchanges li")


def test_exchanges_show_as_they_happen_the_newest_first(console, token, tenant):
    page = console.open(tenant="t")
    token()
    wait_for_rows(page, 1)
    tenant.arm(faults.oauth_error("invalid_grant"), times=1)
    token(scope="a")
    wait_for_rows(page, 2)
    first = page.locator("#exchanges > li").first
    assert first.locator(".badge").all_text_contents() == ["400 invalid_grant", "⚡ oauth_error"]
    assert re.search(r"#2 \d\d:\d\d:\d\d demo-client", first.inner_text())
    assert "2 exchanges" in page.text_content("#shown")
    page.wait_for_function("() => document.getElementById('said').textContent.includes('token, 400 by oauth_error')")


def test_what_happened_before_is_there_too(console, token):
    token()
    token()
    wait_for_rows(console.open(tenant="t"), 2)


def test_an_opened_exchange_shows_both_sides_decoded_and_as_they_were(console, tenant, token, ask):
    tenant.arm(faults.oauth_error("invalid_grant", description="no"), grant="password")
    ask(tenant.token_url, {"grant_type": "password", "username": "u v", "password": "p&q"})
    page = console.open(tenant="t", open="1")
    page.wait_for_selector("#exchange .side")
    assert page.text_content("#exchange h2") == "#1 POST /t/token"
    sent, answered = side(page, 0), side(page, 1)
    assert sent.locator("h4").all_text_contents() == ["Client, by HTTP Basic", "Form"]
    assert "✓ The client is registered, and the secret is right." in sent.inner_text()
    form = sent.locator(".part").nth(1)
    assert form.locator("th").all_text_contents() == ["grant_type", "username", "password"]
    assert form.locator("td code").all_text_contents() == ["password", "u v", "p&q"]
    assert "username=u+v&password=p%26q" in sent.locator("pre").inner_text()
    assert answered.locator("th").all_text_contents() == ["error", "error_description"]
    assert answered.locator("pre").inner_text().startswith("HTTP/1.1 400 Bad Request")


def test_a_jwt_is_decoded_and_its_signature_told(console, tenant, ask):
    tenant.configure(access_token_format="jwt")
    ask(tenant.token_url, {"grant_type": "client_credentials"})
    ask(tenant.resource_url, client=None, Authorization=f"Bearer {tenant.mint_jwt_access_token('c', wrong_signature=True)}")
    page = console.open(tenant="t", open="1")
    page.wait_for_selector("#exchange .side")
    assert "✓ The signature verifies by a key of this server." in side(page, 1).inner_text()
    assert side(page, 1).locator("caption").all_text_contents() == ["header", "claims"]
    page.click("#exchanges a[data-sequence='2']")
    page.wait_for_selector("#exchange h2:has-text('#2')")
    assert "✗ The signature does not verify by any key of this server." in side(page, 0).inner_text()


def test_the_commonest_mistake_is_named(console, tenant, ask):
    tenant.register_client(RegisteredClient(client_id="a", client_secret="s+cret"))
    ask(tenant.token_url, {"grant_type": "client_credentials"}, client="a:s+cret")
    page = console.open(tenant="t", open="1")
    page.wait_for_selector("#exchange .finding.fail")
    assert "not form-urlencoded before base64 (RFC 6749 §2.3.1)" in page.inner_text("#exchange .finding.fail")


def test_a_connection_that_was_closed_has_no_answer(console, token):
    assert token("/faults/closed/token") is None
    page = console.open(tenant="t", open="1")
    page.wait_for_selector("#exchange .side")
    assert "Nothing: it closed the connection without an answer." in side(page, 1).inner_text()
    assert page.locator("#exchanges .badge").first.text_content() == "no answer"


def test_filters_narrow_the_list_and_are_kept_in_the_url(console, tenant, token, ask):
    token(scope="needle")
    token("/faults/invalid-grant/token")
    token("/faults/server-error/token")
    token("/faults/closed/token")
    ask(tenant.jwks_uri, client=None)
    ask(tenant.token_url, {"grant_type": "password", "username": "u", "password": "p"})
    page = console.open(tenant="t")
    wait_for_rows(page, 6)
    for name, value, count in (
        ("endpoint", "jwks", 1),
        ("grant", "password", 1),
        ("status", "4", 1),
        ("status", "5", 1),
        ("status", "none", 1),
        ("fault", "*", 3),
        ("fault", "-", 3),
        ("fault", "oauth_error", 1),
    ):
        page.select_option(f"#filters select[name={name}]", value)
        wait_for_rows(page, count)
        assert f"{count} of 6 exchanges" in page.text_content("#shown")
        assert f"{name}=" in page.url
        page.click("#filters button[type=reset]")
        wait_for_rows(page, 6)
    page.fill("#filters [name=q]", "NEEDLE demo-client")
    wait_for_rows(page, 1)
    url = page.url
    token(scope="needle")
    wait_for_rows(page, 2)
    page.goto("about:blank")
    page.goto(url)
    wait_for_rows(page, 2)
    assert page.input_value("#filters [name=q]") == "NEEDLE demo-client"
    page.fill("#filters [name=q]", "no such thing")
    page.click("#widen")
    wait_for_rows(page, 7)


def test_the_list_can_be_paused_and_cleared(console, tenant, token):
    page = console.open(tenant="t")
    token()
    wait_for_rows(page, 1)
    page.click("#pause")
    token()
    token()
    page.wait_for_selector("#pause:has-text('Resume (2 new)')")
    assert rows(page) == 1
    assert page.get_attribute("#pause", "aria-pressed") == "true"
    page.click("#pause")
    wait_for_rows(page, 3)
    page.click("#clear")
    wait_for_rows(page, 0)
    assert tenant.journal.count() == 0
    token()
    wait_for_rows(page, 1)


def test_back_and_forth_between_exchanges(console, token):
    for _ in range(3):
        token()
    page = console.open(tenant="t")
    wait_for_rows(page, 3)
    page.click("#exchanges a[data-sequence='2']")
    page.wait_for_selector("#exchange h2:has-text('#2')")
    page.keyboard.press("k")
    page.wait_for_selector("#exchange h2:has-text('#3')")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.wait_for_selector("#exchange h2:has-text('#1')")
    assert page.evaluate("document.activeElement.dataset.sequence") == "1"
    assert page.locator("#exchanges a[aria-current]").get_attribute("data-sequence") == "1"
    page.go_back()
    page.wait_for_selector("#exchange .hint")


def test_a_number_that_is_not_there_is_told(console, token):
    token()
    page = console.open(tenant="t", open="77")
    page.wait_for_selector("#exchange :text('Exchange #77 is not in the journal.')")


@pytest.mark.parametrize("form", ["curl", "python", "pytest", "scenario"])
def test_an_exchange_is_copied(console, token, form):
    token("/faults/invalid-grant/token")
    page = console.open(tenant="t", open="1")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.click(f"#exchange [data-format={form}]")
    page.wait_for_selector(f"#exchange [data-format={form}]:has-text('Copied')")
    text = page.evaluate("navigator.clipboard.readText()")
    assert text == page.text_content("#exchange .preview")
    assert {"curl": "--data-raw", "python": "import httpx2", "pytest": "oauth_tenant.arm", "scenario": "@requirement"}[
        form
    ] in text
    if form == "curl":
        subprocess.run(["bash", "-c", text], capture_output=True, timeout=30, check=True)
        page.wait_for_selector("#exchanges a[data-sequence='2'] .badge:has-text('400 invalid_grant')")


def test_the_list_lives_on_after_the_server_was_gone(browser, ask):
    """Started anew, the server counts from one again; the list follows."""
    first = MockServer()
    first.start()
    port = int(first.base_url.rpartition(":")[2])
    first.tenant("t", strict=False)
    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{first.base_url}/_console/#tenant=t")
        page.wait_for_selector("#live[data-state=live]")
        for _ in range(2):
            ask(f"{first.base_url}/t/token", {"grant_type": "client_credentials"})
        wait_for_rows(page, 2)
        first.stop()
        page.wait_for_selector("#live[data-state=off]")
        assert page.locator("#trouble").is_visible()
        with MockServer(port=port) as second:
            second.tenant("t", strict=False)
            ask(f"{second.base_url}/t/token", {"grant_type": "client_credentials"})
            page.wait_for_selector("#live[data-state=live]")
            wait_for_rows(page, 1)
            assert not page.locator("#trouble").is_visible()


def test_a_thousand_exchanges_and_no_more(console, tenant, token):
    token()
    request, response = tenant.journal.exchanges()[0].request, tenant.journal.exchanges()[0].response
    page = console.open(tenant="t")
    for _ in range(1200):
        tenant.journal.record(endpoint="token", request=request, response=response)
    page.wait_for_selector("#exchanges a[data-sequence='1201']", timeout=60_000)
    assert page.locator("#exchanges > li").count() <= 1000
    token()
    page.wait_for_selector("#exchanges a[data-sequence='1202']")
