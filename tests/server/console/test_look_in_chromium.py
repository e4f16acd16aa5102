"""That the console can be used by everybody: by keyboard, in both themes, on a narrow screen, by a screen reader."""

import itertools

import pytest

from oauth_gauntlet_server import faults

VIEWS = ("exchanges", "faults", "parties", "tokens", "tenant")


@pytest.fixture
def full(console, tenant, token, ask):
    """Return a function that opens a view with something of everything in it, or goes to it on a page that is open."""
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
        page.wait_for_selector(
            {
                "exchanges": "#exchange .side",
                "faults": "#fault .presets",
                "parties": "#parties li",
                "tokens": "#mint form",
                "tenant": "#keys li",
            }[view]
        )
        page.wait_for_selector("#armed li")
        return page

    return open_view


@pytest.fixture
def each_view(full):
    """Return the views, one after the other, each with its page."""

    def go():
        page = None
        for view in VIEWS:
            page = full(view, page)
            yield view, page

    return go


def test_headings_landmarks_and_names(each_view):
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
    assert page.locator("#views a[aria-current=page]").get_attribute("data-view") == view


# WCAG 2.2, 1.4.3: the ratio of text to what is behind it is 4.5 or more.
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


def test_a_narrow_screen_scrolls_in_one_direction_only(each_view):
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


def test_on_a_narrow_screen_an_opened_exchange_comes_into_view(full):
    page = full("exchanges")
    page.set_viewport_size({"width": 400, "height": 800})
    page.click("#exchanges a[data-sequence='1']")
    page.wait_for_selector("#exchange h2:has-text('#1')")
    page.wait_for_function("() => document.getElementById('exchange').getBoundingClientRect().top < 600")


def test_everything_is_reached_with_the_keyboard(full):
    page = full("exchanges")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("() => document.activeElement.id") == "main"
    page.keyboard.press("/")
    assert page.evaluate("() => document.activeElement.name") == "q"
    page.keyboard.type("invalid_grant")
    page.wait_for_function("() => [...document.querySelectorAll('#exchanges > li')].filter((li) => !li.hidden).length === 1")
    page.keyboard.press("Escape")
    page.evaluate("() => document.activeElement.blur()")
    page.keyboard.press("p")
    assert page.get_attribute("#pause", "aria-pressed") == "true"
    link = page.locator("#exchanges a[data-sequence='2']")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#exchange h2:has-text('#2')")
    # The focus shows, wherever it is.
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
        outline = page.locator(selector).first.evaluate(
            "each => getComputedStyle(each).outlineStyle + getComputedStyle(each).outlineWidth"
        )
        assert outline == "solid3px", selector


def test_a_fault_is_armed_with_the_keyboard_alone(full, tenant):
    page = full("faults")
    tenant.clear_faults()
    page.locator("#fault .arm [name=error]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("#fault .said.pass")
    assert [each.fault.name for each in tenant.armed.list()] == ["oauth_error"]


def test_the_live_list_is_announced_politely_and_not_too_often(full, token):
    page = full("exchanges")
    assert page.get_attribute("#said", "aria-live") == "polite"
    page.evaluate("""() => {
        window.announcements = [];
        new MutationObserver(() => window.announcements.push(document.getElementById("said").textContent))
            .observe(document.getElementById("said"), { childList: true, characterData: true, subtree: true });
    }""")
    for _ in range(5):
        token()
    page.wait_for_selector("#exchanges a[data-sequence='11']")
    page.wait_for_function("() => window.announcements.length > 0")
    assert len(page.evaluate("() => window.announcements")) <= 2
    page.click("#pause")
    page.evaluate("() => { window.announcements = []; }")
    token()
    page.wait_for_selector("#pause:has-text('1 new')")
    page.wait_for_timeout(3500)
    assert page.evaluate("() => window.announcements") == []


def test_nothing_moves_for_whom_that_is_too_much(full, token):
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
    ground = "() => getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(ground)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(ground) != light
    page.click("#theme")
    assert (page.text_content("#theme-name"), page.evaluate(ground)) == ("Theme: light", light)
    page.reload()
    assert page.text_content("#theme-name") == "Theme: light"


def test_without_script_it_says_where_else_to_look(browser, served):
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(f"{served.base_url}/_console/")
        assert "/_control/openapi.json" in page.inner_text("noscript")


def test_a_tab_that_nobody_sees_holds_no_connection(console, served, tenant, token):
    page = console.open(tenant="t")
    free = served.tenants.server.streams._value
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: true, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.wait_for_selector("#live[data-state=asleep]")
    page.wait_for_timeout(1500)
    assert served.tenants.server.streams._value == free + 1
    token()
    page.evaluate("""() => {
        Object.defineProperty(document, "hidden", { value: false, configurable: true });
        document.dispatchEvent(new Event("visibilitychange"));
    }""")
    page.wait_for_selector("#exchanges a[data-sequence='1']")
