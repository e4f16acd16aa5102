"""The live list and the opened exchange, in Debian's Chromium."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import MockServer, RegisteredClient, faults
from tests.browser_waits import copied

pytestmark = pytest.mark.browser


def expect_rows(page, count):
    """Wait until the list shows so many exchanges."""
    expect(page.locator("#exchanges > li:visible")).to_have_count(count)


def side(page, number):
    return page.locator("#exchange .side").nth(number)


def test_an_empty_list_shows_a_command_that_works(console, tenant):
    page = console.open(tenant="t")
    expect(page.locator("#first-command")).to_contain_text(tenant.token_url)
    subprocess.run(["bash", "-c", page.text_content("#first-command")], capture_output=True, timeout=60, check=True)
    expect_rows(page, 1)
    expect(page.locator("#first")).to_be_hidden()
    expect(page.locator("#exchanges li")).to_contain_text("client_credentials")


def test_exchanges_appear_as_they_happen_newest_first(console, token, tenant):
    page = console.open(tenant="t")
    token()
    expect_rows(page, 1)
    tenant.arm(faults.oauth_error("invalid_grant"), times=1)
    token(scope="a")
    expect_rows(page, 2)
    first = page.locator("#exchanges > li").first
    expect(first.locator(".badge")).to_have_text(["400 invalid_grant", "⚡ oauth_error"])
    expect(first).to_contain_text(re.compile(r"#2 \d\d:\d\d:\d\d demo-client"))
    expect(page.locator("#shown")).to_contain_text("2 exchanges")
    expect(page.locator("#announcement")).to_contain_text("token, 400 by oauth_error")


def test_earlier_exchanges_are_listed_too(console, token):
    token()
    token()
    expect_rows(console.open(tenant="t"), 2)


def test_an_opened_exchange_shows_both_sides_decoded_and_raw(console, tenant, token, ask):
    tenant.arm(faults.oauth_error("invalid_grant", description="no"), grant="password")
    ask(tenant.token_url, {"grant_type": "password", "username": "u v", "password": "p&q"})
    page = console.open(tenant="t", open="1")
    expect(page.locator("#exchange h2")).to_have_text("#1 POST /t/token")
    sent, received = side(page, 0), side(page, 1)
    expect(sent.locator("h4")).to_have_text(["Client, by HTTP Basic", "Form"])
    expect(sent).to_contain_text("✓ The client is registered, and the secret is right.")
    form = sent.locator(".part").nth(1)
    expect(form.locator("th")).to_have_text(["grant_type", "username", "password"])
    expect(form.locator("td code")).to_have_text(["password", "u v", "p&q"])
    expect(sent.locator("pre")).to_contain_text("username=u+v&password=p%26q")
    expect(received.locator("th")).to_have_text(["error", "error_description"])
    expect(received.locator("pre")).to_have_text(re.compile(r"^HTTP/1\.1 400 Bad Request\n"))


def test_a_jwt_is_decoded_and_its_signature_checked(console, tenant, ask):
    tenant.configure(access_token_format="jwt")
    ask(tenant.token_url, {"grant_type": "client_credentials"})
    ask(tenant.resource_url, client=None, Authorization=f"Bearer {tenant.mint_jwt_access_token('c', wrong_signature=True)}")
    page = console.open(tenant="t", open="1")
    expect(side(page, 1)).to_contain_text("✓ The signature verifies with a key of this server.")
    expect(side(page, 1).locator("caption")).to_have_text(["header", "claims"])
    page.click("#exchanges a[data-sequence='2']")
    expect(page.locator("#exchange h2")).to_contain_text("#2")
    expect(side(page, 0)).to_contain_text("✗ The signature does not verify with any key of this server.")


def test_credentials_without_form_encoding_are_named_as_the_mistake(console, tenant, ask):
    tenant.register_client(RegisteredClient(client_id="a", client_secret="s+cret"))
    ask(tenant.token_url, {"grant_type": "client_credentials"}, client="a:s+cret")
    page = console.open(tenant="t", open="1")
    expect(page.locator("#exchange .finding.fail")).to_contain_text("not form-urlencoded before base64 (RFC 6749 §2.3.1)")


def test_a_closed_connection_has_no_response(console, token):
    assert token("/faults/closed/token") is None
    page = console.open(tenant="t", open="1")
    expect(side(page, 1)).to_contain_text("Nothing: it closed the connection without a response.")
    expect(page.locator("#exchanges .badge").first).to_have_text("no response")


def test_filters_narrow_the_list_and_are_kept_in_the_url(console, tenant, token, ask):
    token(scope="needle")
    token("/faults/invalid-grant/token")
    token("/faults/server-error/token")
    token("/faults/closed/token")
    ask(tenant.jwks_uri, client=None)
    ask(tenant.token_url, {"grant_type": "password", "username": "u", "password": "p"})
    page = console.open(tenant="t")
    expect_rows(page, 6)
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
        expect_rows(page, count)
        expect(page.locator("#shown")).to_contain_text(f"{count} of 6 exchanges")
        expect(page).to_have_url(re.compile(rf"[#&]{name}="))
        page.click("#filters button[type=reset]")
        expect_rows(page, 6)
    page.fill("#filters [name=q]", "NEEDLE demo-client")
    expect_rows(page, 1)
    url = page.url
    token(scope="needle")
    expect_rows(page, 2)
    page.goto("about:blank")
    page.goto(url)
    expect_rows(page, 2)
    expect(page.locator("#filters [name=q]")).to_have_value("NEEDLE demo-client")
    page.fill("#filters [name=q]", "no such text")
    page.click("#show-all")
    expect_rows(page, 7)


def test_the_list_can_be_paused_and_cleared(console, tenant, token):
    page = console.open(tenant="t")
    token()
    expect_rows(page, 1)
    page.click("#pause")
    token()
    token()
    expect(page.locator("#pause")).to_have_text("Resume (2 new)")
    expect_rows(page, 1)
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    page.click("#pause")
    expect_rows(page, 3)
    page.click("#clear")
    expect_rows(page, 0)
    assert tenant.journal.count() == 0
    token()
    expect_rows(page, 1)


def test_keys_move_through_the_exchanges(console, token):
    for _ in range(3):
        token()
    page = console.open(tenant="t")
    heading = page.locator("#exchange h2")
    expect_rows(page, 3)
    page.click("#exchanges a[data-sequence='2']")
    expect(heading).to_contain_text("#2")
    page.keyboard.press("k")
    expect(heading).to_contain_text("#3")
    page.keyboard.press("j")
    page.keyboard.press("j")
    expect(heading).to_contain_text("#1")
    expect(page.locator("#exchanges a[data-sequence='1']")).to_be_focused()
    expect(page.locator("#exchanges a[aria-current]")).to_have_attribute("data-sequence", "1")
    page.go_back()
    expect(page.locator("#exchange .hint")).to_be_visible()


def test_an_unknown_sequence_number_is_reported(console, token):
    token()
    page = console.open(tenant="t", open="77")
    expect(page.locator("#exchange")).to_have_text("Exchange #77 is not in the journal.")


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        ("curl", "--data-raw"),
        ("python", "import httpx2"),
        ("pytest", "oauth_tenant.arm"),
        ("scenario", "@requirement"),
    ],
)
def test_a_snippet_is_copied(console, token, kind, expected):
    token("/faults/invalid-grant/token")
    page = console.open(tenant="t", open="1")
    text = copied(page, page.locator(f"#exchange [data-format={kind}]"))
    expect(page.locator("#exchange .preview")).to_be_visible()
    assert text == page.text_content("#exchange .preview")
    assert expected in text
    if kind == "curl":
        subprocess.run(["bash", "-c", text], capture_output=True, timeout=60, check=True)
        expect(page.locator("#exchanges a[data-sequence='2'] .badge").first).to_have_text("400 invalid_grant")


def test_the_list_follows_a_server_that_was_restarted(browser, ask):
    """The new server counts from one again."""
    first = MockServer()
    first.start()
    port = int(first.base_url.rpartition(":")[2])
    first.tenant("t", strict=False)
    with browser.new_context() as context:
        page = context.new_page()
        live = page.locator("#live")
        page.goto(f"{first.base_url}/_console/#tenant=t")
        expect(live).to_have_attribute("data-state", "live")
        for _ in range(2):
            ask(f"{first.base_url}/t/token", {"grant_type": "client_credentials"})
        expect_rows(page, 2)
        first.stop()
        expect(live).to_have_attribute("data-state", "off")
        expect(page.locator("#problem")).to_be_visible()
        with MockServer(port=port) as second:
            second.tenant("t", strict=False)
            ask(f"{second.base_url}/t/token", {"grant_type": "client_credentials"})
            expect(live).to_have_attribute("data-state", "live")
            expect_rows(page, 1)
            expect(page.locator("#problem")).to_be_hidden()


def test_the_list_keeps_at_most_a_thousand_exchanges(console, tenant, token):
    token()
    request, response = tenant.journal.exchanges()[0].request, tenant.journal.exchanges()[0].response
    page = console.open(tenant="t")
    # In batches, because the stream drops exchanges if it falls behind the journal by more than a thousand.
    for batch in range(4):
        for _ in range(300):
            tenant.journal.record(endpoint="token", request=request, response=response)
        expect(page.locator(f"#exchanges a[data-sequence='{1 + 300 * (batch + 1)}']")).to_be_attached()
    expect(page.locator("#exchanges > li")).to_have_count(1000)
    token()
    expect(page.locator("#exchanges a[data-sequence='1202']")).to_be_attached()
