"""Everybody can use the console: by keyboard, in both themes, on a narrow screen, with a screen reader."""

import itertools
import time

import pytest
from playwright.sync_api import expect

from oauth_gauntlet_server import faults
from oauth_gauntlet_server.tenancy.tenants import MOST_STREAMS
from tests.browser_waits import eventually

pytestmark = pytest.mark.browser

VIEWS = ("exchanges", "faults", "parties", "tokens", "tenant")


@pytest.fixture
def full(console, tenant, token, ask):
    """Return a function that opens a view with data of every kind, or switches an open page to the view."""
    tenant.configure(access_token_format="jwt")
    tenant.arm(faults.oauth_error("invalid_grant"), nth=2)
    tenant.arm(faults.http_status(503), nth=99)
    for path in ("/token", "/token", "/faults/server-error/token", "/faults/closed/token", "/faults/redirect-302/token"):
        token(path)
    ask(tenant.token_url, {"grant_type": "client_credentials"}, client="demo-client:wrong")

    def open_view(view, page=None):
        if page is None:
            page = console.open(tenant="t", view=view, open="2", name="oauth_error")
        else:
            page.click(f"#views [data-view={view}]")
        shown = {
            "exchanges": "#exchange .side",
            "faults": "#fault .presets",
            "parties": "#parties li",
            "tokens": "#mint form",
            "tenant": "#keys li",
        }[view]
        expect(page.locator(shown).first).to_be_visible()
        expect(page.locator("#armed li")).to_have_count(2)
        return page

    return open_view


@pytest.fixture
def each_view(full):
    """Return a function that yields each view with its page, one after the other."""

    def go():
        page = None
        for view in VIEWS:
            page = full(view, page)
            yield view, page

    return go


def test_headings_landmarks_and_accessible_names(each_view):
    for view, page in each_view():
        check_outline(view, page)


def check_outline(view, page):
    for details in page.locator("details:visible").all():
        details.evaluate("each => { each.open = true; }")
    levels = page.locator("h1, h2:visible, h3:visible, h4:visible").evaluate_all(
        "all => all.map((each) => Number(each.tagName[1]))"
    )
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    assert page.locator("main, header.top, nav[aria-label], [role=status]:visible").count() >= 4
    unnamed = """all => all.filter((each) => each.checkVisibility() && !(
        each.textContent.trim() || each.ariaLabel || [...(each.labels ?? [])].some((label) => label.textContent.trim())
    )).map((each) => each.outerHTML.slice(0, 120))"""
    assert page.locator("button, a, input, select, textarea, summary").evaluate_all(unnamed) == []
    expect(page.locator("#views a[aria-current=page]")).to_have_attribute("data-view", view)


# WCAG 2.2, 1.4.3: the contrast ratio of text and its background is at least 4.5.
POOR_CONTRAST = """() => {
  const numbers = (colour) => colour.match(/[\\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = numbers(colour).map((c) => (c /= 255) <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (each) => {
    for (; each; each = each.parentElement) {
      const colour = getComputedStyle(each).backgroundColor;
      if (numbers(colour)[3] !== 0) return colour;
    }
  };
  const poor = new Set();
  for (const each of document.querySelectorAll("body *")) {
    if (!each.checkVisibility() || ![...each.childNodes].some((node) => node.nodeType === 3 && node.data.trim())) continue;
    const [one, other] = [light(getComputedStyle(each).color), light(behind(each))].sort((a, b) => b - a);
    if ((one + 0.05) / (other + 0.05) < 4.5) poor.add(`${each.tagName}.${each.className} ${each.textContent.slice(0, 30)}`);
  }
  return [...poor];
}"""


def test_text_has_contrast_in_both_themes(each_view):
    for view, page in each_view():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            assert page.evaluate(POOR_CONTRAST) == [], view


def test_a_narrow_screen_needs_no_horizontal_scrolling(each_view):
    for view, page in each_view():
        page.set_viewport_size({"width": 400, "height": 800})
        check_width(view, page)
        page.set_viewport_size({"width": 1280, "height": 800})


def check_width(view, page):
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 400, view
    beyond = """() => [...document.querySelectorAll("button, input, select, textarea, a, pre, h2, td, .badge")]
        .filter((each) => each.checkVisibility() && each.getBoundingClientRect().right > 401 && !each.closest(".unseen, .skip"))
        .map((each) => each.outerHTML.slice(0, 100))"""
    assert page.evaluate(beyond) == [], view


def test_on_a_narrow_screen_an_opened_exchange_is_scrolled_into_view(full):
    page = full("exchanges")
    page.set_viewport_size({"width": 400, "height": 800})
    page.click("#exchanges a[data-sequence='1']")
    expect(page.locator("#exchange h2")).to_contain_text("#1")
    eventually(page, "() => document.getElementById('exchange').getBoundingClientRect().top < 600")


def test_everything_is_reachable_with_the_keyboard(full):
    page = full("exchanges")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Tab")
    expect(page.locator("a.skip")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.locator("#main")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("#filters [name=q]")).to_be_focused()
    page.keyboard.type("invalid_grant")
    expect(page.locator("#exchanges > li:visible")).to_have_count(1)
    page.keyboard.press("Escape")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("p")
    expect(page.locator("#pause")).to_have_attribute("aria-pressed", "true")
    link = page.locator("#exchanges a[data-sequence='2']")
    link.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#exchange h2")).to_contain_text("#2")
    # The focus is visible everywhere.
    for selector in (
        "#exchanges a[data-sequence='2']",
        "#pause",
        "#tenant",
        "#filters [name=q]",
        "#armed button",
        "#exchange .wire pre",
    ):
        page.locator(selector).first.focus()
        page.keyboard.press("Shift")
        expect(page.locator(selector).first).to_have_css("outline-style", "solid")
        expect(page.locator(selector).first).to_have_css("outline-width", "3px")


def test_a_fault_is_armed_with_the_keyboard_alone(full, tenant):
    page = full("faults")
    tenant.clear_faults()
    page.locator("#fault .arm [name=error]").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#fault .message.pass")).to_be_visible()
    assert [each.fault.name for each in tenant.armed.list()] == ["oauth_error"]


def test_the_live_list_is_announced_politely_and_not_too_often(console, tenant, token):
    console.page.clock.install()
    page = console.open(tenant="t")
    expect(page.locator("#announcement")).to_have_attribute("aria-live", "polite")
    page.evaluate("""() => {
        window.announcements = [];
        new MutationObserver(() => window.announcements.push(document.getElementById("announcement").textContent))
            .observe(document.getElementById("announcement"), { childList: true, characterData: true, subtree: true });
    }""")
    for _ in range(2):
        token()
    expect(page.locator("#exchanges > li")).to_have_count(2)
    page.clock.run_for(10_000)
    page.evaluate("() => { window.announcements = []; }")
    page.clock.pause_at(page.evaluate("Date.now() + 60_000"))
    # In a burst, all exchanges of an interval are announced together.
    for _ in range(5):
        token()
    expect(page.locator("#exchanges a[data-sequence='7']")).to_be_attached()
    page.clock.run_for(10_000)
    announcements = page.evaluate("() => window.announcements")
    assert announcements == ["5 new exchanges; the last: token, 200"]
    page.clock.resume()
    page.click("#pause")
    page.evaluate("() => { window.announcements = []; }")
    token()
    expect(page.locator("#pause")).to_have_text("Resume (1 new)")
    page.clock.run_for(10_000)
    assert page.evaluate("() => window.announcements") == []


def test_nothing_moves_with_reduced_motion(full, token):
    page = full("exchanges")
    moving = "() => document.getAnimations().length"
    assert page.evaluate(moving) == 0
    page.emulate_media(reduced_motion="no-preference")
    page.evaluate("() => document.querySelector('#armed li').classList.add('fresh')")
    assert page.evaluate(moving) == 1
    page.emulate_media(reduced_motion="reduce")
    assert page.evaluate(moving) == 0


def test_the_theme_follows_the_system_and_can_be_chosen(full):
    page = full("exchanges")
    body, name = page.locator("body"), page.locator("#theme-name")
    page.emulate_media(color_scheme="light")
    light = body.evaluate("each => getComputedStyle(each).backgroundColor")
    page.emulate_media(color_scheme="dark")
    expect(body).not_to_have_css("background-color", light)
    page.click("#theme")
    expect(name).to_have_text("Theme: light")
    expect(body).to_have_css("background-color", light)
    page.reload()
    expect(name).to_have_text("Theme: light")


def test_without_javascript_the_page_points_to_the_control_api(browser, served):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served.base_url}/_console/")
        expect(page.locator("noscript")).to_contain_text("/_control/openapi.json", use_inner_text=True)


def test_a_hidden_tab_closes_its_connection(console, served, tenant, token):
    page = console.open(tenant="t")
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.locator("#live")).to_have_attribute("data-state", "asleep")
    # All places are free: nobody follows a tenant.
    deadline = time.monotonic() + 60
    while served.tenants.server.streams._value != MOST_STREAMS:
        assert time.monotonic() < deadline, "the connection is still open"
        page.wait_for_timeout(50)
    token()
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: false, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    expect(page.locator("#exchanges a[data-sequence='1']")).to_be_visible()
