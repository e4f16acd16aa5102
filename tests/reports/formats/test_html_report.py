"""The HTML report, as text and in Chromium."""

import html.parser
import itertools
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import expect

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.advice.remedy import HEADING, remedy
from oauth_gauntlet_reports.evidence.bounded import MOST_EVIDENCE
from oauth_gauntlet_reports.formats.html_report import assets, html_report, short_grant
from tests.browser_waits import copied, eventually


class Outline(html.parser.HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self, text):
        super().__init__()
        self.tags, self.attributes = [], []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]


@pytest.fixture(scope="module")
def hostile_page(hostile_run):
    return html_report(hostile_run)


@pytest.fixture
def page_of(tmp_path):
    def write(run):
        path = tmp_path / "report.html"
        path.write_text(html_report(run), encoding="utf-8")
        return path

    return write


def shown(page):
    return expect(page.locator("#shown"))


# Without a browser


def test_nothing_hostile_becomes_an_element_or_a_handler(hostile_page):
    outline = Outline(hostile_page)
    assert outline.tags.count("script") == outline.tags.count("style") == 1
    assert not {"img", "iframe", "object", "embed", "link", "base"} & set(outline.tags)
    assert not [name for _, name, _ in outline.attributes if name.startswith("on") or name == "style"]
    links = {value for _, name, value in outline.attributes if name in {"href", "src"}}
    assert all(link.startswith(("#", "https://www.rfc-editor.org/rfc/rfc")) for link in links)


def test_a_page_contains_printable_characters_only(hostile_page):
    assert not [character for character in hostile_page if not character.isprintable() and character != "\n"]
    hostile_page.encode("utf-8")


def test_the_policy_allows_one_style_and_one_script_only(hostile_page):
    (policy,) = re.findall(r'<meta http-equiv="Content-Security-Policy" content="([^"]*)">', hostile_page)
    allowed = dict(part.split(" ", 1) for part in policy.split("; "))
    assert allowed["default-src"] == allowed["base-uri"] == allowed["form-action"] == "'none'"
    assert re.fullmatch(r"'sha256-[\w+/]{43}='", allowed["script-src"])
    assert set(allowed) == {
        *("default-src", "style-src", "script-src", "base-uri", "form-action", "require-trusted-types-for", "trusted-types")
    }


def test_style_and_script_do_not_contain_their_own_end_tags():
    made = assets("report.css", "page.js", "view.js", "filters.js")
    assert "</" not in made["style"]
    assert "</" not in made["script"]
    assert "<!--" not in made["script"]


@given(st.text(st.characters(exclude_categories=())), st.sampled_from(list(Verdict)))
def test_text_never_changes_the_elements_of_the_page(make_result, make_run, text, verdict):
    plain = Outline(html_report(make_run(make_result(verdict, "m", seen="m"))))
    odd = Outline(
        html_report(make_run(make_result(verdict, text, seen=text, name=f"{text}.{text}", statement=text, grant=text)))
    )
    assert odd.tags == plain.tags


def test_a_finding_contains_requirement_basis_evidence_and_command(make_result, make_run):
    page = html_report(make_run(make_result()))
    for words in ("Joined by spaces.", "RFC 6749 3.3", "a b", "a,b", "oauth-gauntlet run -k", "oauth_error", "POST /t/token"):
        assert words in page
    assert '<a href="https://www.rfc-editor.org/rfc/rfc6749#section-3.3" rel="noreferrer noopener">RFC 6749 3.3</a>' in page
    assert (
        '<blockquote cite="https://www.rfc-editor.org/rfc/rfc6749#section-3.3"><p>Scopes MUST be joined by spaces.</p>' in page
    )
    assert "</a> · binds the client</footer>" in page
    assert "<mark>a%2Cb</mark>" in page


def test_a_hazard_names_the_loss_and_practice_its_reason(mixed_run):
    page = html_report(mixed_run)
    assert "<b>What is lost:</b> A secret is lost." in page
    assert "<b>Practice:</b> Servers do so." in page
    assert "<blockquote><p>Scopes are joined.</p>" in page


def test_a_finding_contains_its_remedy_and_examples(make_result, make_run):
    page = html_report(
        make_run(make_result(name="auth.basic-form-urlencoded"), make_result(Verdict.PASS, name="auth.basic-syntax"))
    )
    assert page.count(f"<h4>{HEADING}</h4>") == 1
    assert "<code>url.QueryEscape</code> (Go)" in page
    assert '<span class="read-in">(oauth4webapi 3.8.8, build/index.js, formUrlEncode)</span>' in page


def test_an_unknown_requirement_has_no_remedy(make_result, make_run):
    assert HEADING not in html_report(make_run(make_result(name="auth.of-another-version")))


def test_a_hostile_remedy_is_escaped(make_result, make_run, hostile_remedy):
    page = html_report(make_run(make_result()))
    assert HEADING in page
    outline = Outline(page)
    assert outline.tags.count("script") == outline.tags.count("style") == 1
    assert not {"img", "iframe", "b"} & set(Outline(page.split('<div class="remedy">')[1].split("</div>")[0]).tags)
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert "<code>&lt;b&gt;code&lt;/b&gt;</code>" in page


def test_a_scenario_without_a_variant_is_named_by_its_requirement(make_result, make_run):
    grant = "urn:ietf:params:oauth:grant-type:jwt-bearer"
    page = html_report(make_run(make_result(scenario="scope.x[jwt-bearer]", grant=grant)))
    assert '<b>scope.x</b> <span class="grant">jwt-bearer</span>' in page


def test_a_renewal_is_named_beside_the_variant(make_result, make_run):
    results = [make_result(scenario=f"scope.x{variant}[password+refresh]", grant="password") for variant in ("", ".plus")]
    page = html_report(make_run(*results))
    assert '<b>renewal: refresh</b> <span class="grant">password</span>' in page
    assert '<b>plus, renewal: refresh</b> <span class="grant">password</span>' in page


def test_an_empty_run_is_a_page(make_run):
    assert "No scenario was tested" in html_report(make_run())


def test_the_urls_of_the_client_and_of_an_issue_are_links(make_result, make_run):
    known = make_result(expected={"reason": "agreed", "issue": "https://example.org/issues/1"})
    page = html_report(make_run(known, client={"name": "c", "url": "https://example.org/c"}))
    assert '<a href="https://example.org/c"' in page
    assert '<a href="https://example.org/issues/1"' in page
    assert "Known to the baseline: agreed" in page


def test_only_some_scenarios_of_a_requirement_have_their_evidence(make_result, make_run):
    many = [make_result(variant=f"v{number}", seen=f"seen {number}.") for number in range(MOST_EVIDENCE + 2)]
    page = html_report(make_run(*many))
    assert page.count("<h4>On the wire</h4>") == MOST_EVIDENCE
    assert page.count("(evidence: see the results file)") == 2
    for each in many:
        assert each.findings[0].seen in page


def test_a_huge_exchange_is_bounded(make_result, make_run):
    exchange = {
        "request": {"method": "POST", "target": "/", "headers": [], "body": "x\n" * 100_000},
        "response": {"status": 200, "headers": [], "body": "y" * 1_000_000},
    }
    page = html_report(make_run(make_result(exchanges=(exchange,) * 20, answer={"token": {"access_token": "z" * 1_000_000}})))
    assert len(page) < 300_000


@pytest.mark.parametrize(
    ("grant", "short"), [("password", "password"), ("urn:ietf:params:oauth:grant-type:jwt-bearer", "jwt-bearer")]
)
def test_short_name_of_a_grant(grant, short):
    assert short_grant(grant) == short


# In Chromium


@pytest.mark.browser
def test_the_first_screen_lists_what_to_fix_first(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    expect(page.locator("h1")).to_have_text(
        "some-client 1.2 meets 1 of 2 applicable RFC requirements; 1 hazard; 1 warning (set all, seed 1)"
    )
    expect(page.locator("h2.profile.deviation")).to_have_text("profile their-page: meets 0 of 1")
    expect(page.locator(".first li > a")).to_have_text(["Broken twice.", "Lost.", "Promised.", "Warned about."])
    expect(page.locator(".first li").last).to_be_in_viewport()
    page.click(".first li:nth-child(3) a")
    expect(page.locator("#r-scope\\.c details[open] mark").first).to_be_visible()
    expect(page.locator("#r-scope\\.c :focus")).to_have_text("Promised.")


@pytest.mark.browser
def test_filters_select_findings(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    titles = page.locator(".cause:visible h3")
    shown(page).to_have_text("4 requirements, 5 of 8 scenarios shown")
    page.check("input[value=profile]")
    expect(titles).to_have_text(["Promised."])
    page.uncheck("input[value=profile]")
    page.check("input[value=client_credentials]")
    shown(page).to_have_text("1 requirement, 1 of 8 scenarios shown")
    page.click("button[type=reset]")
    page.select_option("select[name=category]", "parse")
    expect(titles).to_have_text(["Warned about."])
    page.click("button[type=reset]")
    page.check("input[value=pass]")
    shown(page).to_have_text("5 requirements, 7 of 8 scenarios shown")
    page.fill("input[type=search]", "twice a%2cb")
    expect(titles).to_have_text(["Broken twice."])
    page.fill("input[type=search]", "no such thing")
    expect(page.locator("#nothing")).to_be_visible()
    page.click("#widen")
    shown(page).to_have_text("4 requirements, 5 of 8 scenarios shown")


@pytest.mark.browser
def test_a_view_is_kept_in_the_url(watched, page_of, mixed_run):
    path = page_of(mixed_run)
    page = watched.open(path)
    page.fill("input[type=search]", "a&b=c #%")
    page.check("input[value=must]")
    page.check("input[value=password]")
    page.uncheck("input[value=warning]")
    page.select_option("select[name=category]", "auth")
    eventually(page, "['q', 'verdict', 'level', 'grant', 'category'].every((name) => location.hash.includes(`${name}=`))")
    fragment = page.evaluate("location.hash")
    again = watched.open(path, fragment)
    expect(again.locator("input[type=search]")).to_have_value("a&b=c #%")
    assert again.locator("#filters :checked").evaluate_all("all => all.map((each) => each.value)") == [
        *("auth", "violation", "hazard", "deviation", "must", "password"),
    ]
    again.click("button[type=reset]")
    eventually(again, "location.hash === ''")


@pytest.mark.browser
def test_a_link_to_a_hidden_requirement_shows_it(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run), "#r-scope.d")
    expect(page.locator("#r-scope\\.d")).to_be_in_viewport()


@pytest.mark.browser
@pytest.mark.parametrize(
    "fragment", ["#verdict=nonsense&level=%zz", "#%zz", "#open=nothing", "#category=%3Cb%3E", "#constructor"]
)
def test_an_invalid_fragment_shows_a_page(watched, page_of, mixed_run, fragment):
    page = watched.open(page_of(mixed_run), fragment)
    shown(page).to_have_text(re.compile(r"^\d requirements?, \d of 8 scenarios shown$"))


@pytest.mark.browser
def test_copying_the_command(watched, browser, page_of, mixed_run):
    page = watched.open(page_of(mixed_run), "#r-auth.a")
    text = copied(page, page.locator("#r-auth\\.a .copy:visible").first)
    assert text.startswith("oauth-gauntlet run -k 'auth.a.one[")


@pytest.mark.browser
def test_hostile_strings_are_only_text(watched, hostile_page, tmp_path):
    path = tmp_path / "hostile.html"
    path.write_text(hostile_page, encoding="utf-8")
    page = watched.open(path, "#verdict=all")
    page.click("#open")
    for each in page.locator("summary").all()[:3]:
        each.focus()
    page.fill("input[type=search]", "<script>alert(1)</script>")
    expect(page.locator(".cause:visible").first).to_be_visible()
    assert page.evaluate("document.scripts.length") == 1
    expect(page.locator("h1")).to_contain_text("<script>alert(1)</script>")
    # The policy: an element that is added to the page later cannot load anything either.
    blocked = page.evaluate("""() => new Promise((done) => {
        document.addEventListener("securitypolicyviolation", (event) => done(event.effectiveDirective), { once: true });
        const image = document.createElement("img"); image.src = "https://example.org/x.png"; document.body.append(image);
    })""")
    assert blocked == "img-src"
    # Chromium reports the blocked picture on the console, as it should.
    watched.wrong[:] = [each for each in watched.wrong if "example.org/x.png" not in each]


@pytest.mark.browser
def test_the_remedy_is_visible_without_opening_a_scenario_and_is_only_text(
    watched, page_of, make_result, make_run, hostile_remedy, monkeypatch
):
    page = watched.open(page_of(make_run(make_result())), "#r-scope.x")
    card = page.locator("#r-scope\\.x .remedy")
    expect(card).to_be_visible()
    expect(card).to_contain_text("<script>alert(1)</script>")
    expect(card).to_contain_text("<iframe src=")
    expect(page.locator(".remedy code").first).to_have_text("is")  # between the backticks of one of the texts
    assert page.locator(".remedy").first.evaluate("each => each.querySelectorAll('*').length") == len(
        re.findall("<(?:h4|p|ul|li|span|code)[ >]", page.locator(".remedy").first.inner_html())
    )
    monkeypatch.undo()
    page = watched.open(page_of(make_run(make_result(name="auth.basic-form-urlencoded"))))
    expect(page.locator(".remedy h4")).to_have_text(HEADING)
    expect(page.locator(".remedy p:not(.peers)")).to_have_text(remedy("auth.basic-form-urlencoded").text.replace("`", ""))
    expect(page.locator(".remedy li")).to_have_count(3)


@pytest.mark.browser
def test_the_theme_follows_the_system_and_can_be_chosen(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    background = "getComputedStyle(document.body).backgroundColor"
    page.emulate_media(color_scheme="light")
    light = page.evaluate(background)
    page.emulate_media(color_scheme="dark")
    eventually(page, f"light => {background} !== light", light)
    dark = page.evaluate(background)
    page.click("#theme")
    expect(page.locator("#theme")).to_have_text("Theme: light")
    expect(page.locator("body")).to_have_css("background-color", light)
    page.emulate_media(color_scheme="light")
    page.click("#theme")
    expect(page.locator("#theme")).to_have_text("Theme: dark")
    expect(page.locator("body")).to_have_css("background-color", dark)


@pytest.mark.browser
def test_the_keyboard_is_enough(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()
    page.keyboard.press("/")
    expect(page.locator("input[name=q]")).to_be_focused()
    summary = page.locator("#r-auth\\.a summary").first
    summary.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#r-auth\\.a details[open]")).to_have_count(1)


@pytest.mark.browser
def test_headings_and_landmarks_are_in_order(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    page.click("#open")
    expect(page.locator(".cause:visible details[open]").first).to_be_visible()
    levels = page.locator("h1, h2, h3, h4, h5").evaluate_all("all => all.map((each) => Number(each.tagName[1]))")
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
    expect(page.locator("main, header.top, body > footer, [role=search], [role=status]")).to_have_count(5)
    unnamed = "all => all.filter((each) => !(each.textContent.trim() || each.ariaLabel || each.labels?.length)).length"
    assert page.locator("button, a, input, select").evaluate_all(unnamed) == 0


@pytest.mark.browser
def test_text_has_contrast_in_both_themes(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run), "#verdict=all")
    page.click("#open")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert watched.poor_contrast() == []


@pytest.mark.browser
def test_print_shows_the_findings_without_the_filters(watched, page_of, mixed_run):
    page = watched.open(page_of(mixed_run))
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".cause:visible")).to_have_count(4)
    assert page.pdf(format="A4").startswith(b"%PDF")


@pytest.mark.browser
def test_without_script_the_page_shows_everything(browser, page_of, mixed_run):
    path = page_of(mixed_run)
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(path.as_uri())
        expect(page.locator(".cause:visible")).to_have_count(6)
        expect(page.locator("#filters")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.slow
def test_a_real_run_from_the_command_line(watched, tmp_path):
    adapter = Path(__file__).parents[2] / "adapters" / "good.py"
    path = tmp_path / "report.html"
    command = [sys.executable, "-m", "oauth_gauntlet", "run", "--client", f"cmd:{sys.executable} {adapter}", "-q"]
    command += ["-k", "parse.access-token-missing", "--report", f"html={path}"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=tmp_path)
    assert path.exists(), done.stdout + done.stderr
    page = watched.open(path)
    expect(page.locator("h1")).to_have_text(re.compile(r"^tiny 1 meets \d of \d applicable RFC requirements; \d hazards?; "))
    page.click(".first li a")
    expect(page.locator("#r-parse\\.access-token-missing details[open] .wire mark").first).to_be_visible()


@pytest.mark.browser
def test_three_hundred_transcripts_are_all_opened_by_one_button(watched, page_of, make_result, make_run):
    exchange = {
        "request": {
            "method": "POST",
            "target": "/t/token",
            "headers": [["X-Header", f"value {n}"] for n in range(12)],
            "body": "a%2Cb",
        },
        "response": {"status": 400, "headers": [["X-Header", "value"]] * 8, "body": json.dumps({"error": "e" * 200})},
        "fault": "oauth_error",
    }
    results = [
        make_result(name=f"scope.x{number // 6}", variant=str(number), exchanges=(exchange,), notes=("n" * 300,))
        for number in range(300)
    ]
    page = watched.open(page_of(make_run(*results)))
    page.click("#open")
    expect(page.locator("details[open]")).to_have_count(300)
