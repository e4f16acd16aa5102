"""The page of the matrix, as text and in Chromium."""

import html.parser
import re

import pytest
from playwright.sync_api import expect

from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.comparing.matrix_html import matrix_html
from oauth_gauntlet_reports.formats.html_report import assets
from tests.browser_waits import eventually

CELL = "#matrix tr[data-client={}] td:nth-of-type({}) a"

OVERLAPPING = """summaries => summaries.flatMap((summary) => {
  const boxes = [...summary.children].map((each) => [each.className, each.getBoundingClientRect()]);
  const apart = (a, b) => a.right <= b.left || b.right <= a.left || a.bottom <= b.top || b.bottom <= a.top;
  return boxes.flatMap(([name, a], place) =>
    boxes.slice(place + 1).filter(([, b]) => !apart(a, b)).map(([other]) => `${name} ${other}`));
})"""
"""Returns the classes of parts that cover each other."""


@pytest.fixture
def written(tmp_path):
    def write(runs, checked=()):
        path = tmp_path / "matrix.html"
        path.write_text(matrix_html(matrix(runs, checked)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def three(mixed_run, make_result, make_run, written, entry):
    """Three clients of three languages; the second has a finding that was checked by hand."""
    other = make_run(
        make_result(name="auth.a", statement="Broken twice."),
        make_result(name="scope.c", level=Level.SHOULD, statement="Promised.", seen="a|b"),
        make_result(Verdict.PASS, name="scope.d"),
        client={"name": "other", "version": "2", "language": "rust", "url": "https://example.org/other"},
    )
    third = make_run(make_result(name="auth.a", statement="Broken twice."), client={"name": "third", "language": "go"})
    known = entry("auth.a", does="It does.", upstream="https://example.org/issues/1 (open)")
    return written([mixed_run, other, third], [(), (known,), ()])


def shown(page):
    return expect(page.locator("#shown"))


@pytest.mark.browser
def test_a_row_is_a_client_and_a_cell_counts_requirements(watched, three):
    page = watched.open(three)
    expect(page.locator("#matrix tbody th a")).to_have_text(["some-client", "third", "other"])
    expect(page.locator("#matrix thead th")).to_have_text(
        [
            *("Client", "RFC requirements met", "All", "Client authentication", "JWT assertions", "Token responses", "Scope"),
            "Secrecy",
        ]
    )
    cells = page.locator("#matrix tr[data-client=some-client] td")
    expect(cells).to_have_text(["1 of 2", "✕1 ▲1 !1 ✓1", "✕1", "not applicable", "!1", "✓1", "▲1"])
    expect(page.locator(CELL.format("some-client", 3))).to_have_attribute(
        "title", "some-client 1.2, Client authentication: 1 violation"
    )


@pytest.mark.browser
def test_a_cell_leads_to_the_findings_with_their_evidence(watched, three):
    page = watched.open(three)
    shown(page).to_have_text("3 clients, 4 requirements, 6 findings shown")
    page.click(CELL.format("rust-other", 6))
    shown(page).to_have_text("1 client, 1 requirement, 1 finding shown")
    assert page.evaluate("location.hash") == "#client=rust-other&category=scope"
    find = page.locator("details.find:visible")
    find.locator("summary").click()
    for words in (
        "Promised.",
        "should",
        "Scopes MUST be joined by spaces.",
        "binds the client",
        "Expected",
        "a b",
        "a|b",
        "POST /t/token",
        "1 of 1 scenarios",
    ):
        expect(find).to_contain_text(words)
    expect(find.locator("mark")).to_be_visible()
    page.go_back()
    shown(page).to_contain_text("3 clients")


@pytest.mark.browser
def test_a_cell_of_passes_leads_to_them(watched, three):
    page = watched.open(three, "#client=some-client&category=scope&verdict=all")
    expect(page.locator(".passed:visible")).to_have_text(["passed must scope.d"])


@pytest.mark.browser
def test_a_finding_shows_whether_it_was_checked_by_hand(watched, three):
    page = watched.open(three, "#client=rust-other&category=auth&open=auth.a")
    find = page.locator("details.find[open]")
    expect(find).to_have_count(1)
    expect(find.locator("summary")).to_contain_text("defect")
    for words in ("It does.", "> scope=a%2Cb", "RFC 6749 3.3", "(open)"):
        expect(find.locator(".checked")).to_contain_text(words)
    expect(find.locator(".checked a")).to_have_attribute("href", "https://example.org/issues/1")
    page = watched.open(three, "#client=some-client")
    expect(page.locator("details.find:visible .unchecked")).to_have_count(3)


def test_without_checked_findings_the_page_does_not_mention_them(written, mixed_run):
    text = written([mixed_run]).read_text()
    assert '<span class="nature' not in text
    assert "checked by hand" not in text


@pytest.mark.browser
def test_a_tab_selects_a_language(watched, three):
    page = watched.open(three)
    expect(page.locator(".tabs label")).to_have_text(["All 3", "go 1", "rust 1"])
    page.locator(".tabs label", has_text="rust").click()
    names = page.locator("#matrix tbody tr:visible th a")
    expect(names).to_have_text(["other"])
    shown(page).to_have_text("1 client, 2 requirements, 2 findings shown")
    eventually(page, "location.hash === '#language=rust'")
    page.keyboard.press("ArrowLeft")
    expect(names).to_have_text(["third"])
    page.click("#filters button[type=reset]")
    expect(names).to_have_count(3)


@pytest.mark.browser
def test_the_most_frequent_failures_follow_the_filters_and_lead_to_the_clients(watched, three):
    page = watched.open(three)
    failures = page.locator("#shared > li:visible summary")
    expect(failures).to_have_text(
        [
            re.compile(r"✕3\s+MUST\s+Broken twice\. auth\.a"),
            re.compile(r"✕1\s+UNSAFE\s+Lost\. secrecy\.f"),
            re.compile(r"✕1\s+SHOULD\s+Promised\. scope\.c"),
            re.compile(r"!1\s+INTEROP\s+Warned about\. parse\.b"),
        ],
        use_inner_text=True,
    )
    page.locator(".tabs label", has_text="rust").click()
    expect(failures).to_have_count(2)
    expect(failures.first).to_have_text(re.compile(r"^✕1\s+MUST"), use_inner_text=True)
    page.click("#filters button[type=reset]")
    page.check("input[name=level][value=interop]")
    expect(failures).to_have_count(1)
    page.click("#filters button[type=reset]")
    expect(failures).to_have_count(4)
    failures.first.click()
    page.locator("#shared a:visible", has_text="third").click()
    expect(page.locator("details.find[open] summary")).to_contain_text("not checked by hand")
    expect(page.locator("details.find[data-id='auth.a'] summary:focus")).to_have_count(1)


@pytest.mark.browser
def test_findings_of_a_platform_are_counted_apart_and_once_for_each_platform(watched, written, platform_runs):
    page = watched.open(written(platform_runs))
    expect(page.locator("#matrix tbody th")).to_have_text(
        [
            re.compile(r"^three\s+java\s+◇ only its platform"),
            re.compile(r"^one\s+javascript\s+◇ only"),
            re.compile(r"^two\s+javascript\s*$"),
        ]
    )
    expect(page.locator("#matrix tr[data-client=javascript-two] td")).to_have_text(["0 of 2", "✕1 ◇1", "◇1", "✕1"])
    cell = page.locator(CELL.format("javascript-one", 3))
    expect(cell).to_have_attribute("title", "one, HTTP and redirects: of its platform: 1 violation, 1 warning")
    frequent = page.locator("#shared > li:visible summary")
    expect(frequent).to_have_text(
        [re.compile(r"^✕2\s+MUST\s+Skips them.*◇ by platform$"), re.compile(r"✕1\s+MUST\s+Of its own\."), re.compile(r"!1\s")],
        use_inner_text=True,
    )
    rows = page.locator("#platforms li:visible summary")
    expect(rows).to_have_text(
        [
            re.compile(r"^node 20\s+violation\s+must\s+Skips them\. http\.1xx\s+2 clients$"),
            re.compile(r"^java 17\s+violation\s+must\s+Skips them\. http\.1xx\s+1 client$"),
            re.compile(r"^node 20\s+warning\s+interop\s+Stays with TLS\. http\.downgrade\s+1 client$"),
        ]
    )
    rows.first.click()
    page.locator("#platforms a:visible", has_text="two").click()
    expect(page.locator("details.find[open] summary")).to_contain_text("◇ node 20")


@pytest.mark.browser
def test_the_rows_of_platforms_follow_the_filters(watched, written, platform_runs):
    page = watched.open(written(platform_runs))
    rows = page.locator("#platforms li:visible summary")
    page.check("input[name=level][value=interop]")
    expect(rows).to_have_count(1)
    page.click("#filters button[type=reset]")
    page.locator(".tabs label", has_text="java").first.click()
    expect(rows).to_have_count(1)
    expect(page.locator("#shared > li:visible summary .violation .count")).to_have_text(["1"])
    page.click("#filters button[type=reset]")
    page.fill("input[name=q]", "node stays")
    expect(rows).to_have_count(1)
    page.fill("input[name=q]", "no such text")
    expect(page.locator("#platforms")).to_be_hidden()


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_platforms_are_readable_on_a_narrow_page(watched, written, platform_runs, scheme):
    page = watched.open(written(platform_runs))
    page.set_viewport_size({"width": 360, "height": 700})
    page.emulate_media(color_scheme=scheme)
    assert watched.poor_contrast() == []
    name = page.locator("#platforms .platform-name").first
    name.evaluate("each => { each.textContent = 'python 3.12.3, requests 2.34.1'; }")
    wider = "all => all.filter((each) => each.getBoundingClientRect().right > innerWidth).length"
    assert page.locator("#platforms, #platforms summary > *").evaluate_all(wider) == 0
    assert page.locator("#platforms summary").evaluate_all(OVERLAPPING) == []
    assert name.bounding_box()["height"] < 2 * 22, "the name of a platform has one line"


@pytest.mark.browser
def test_consequences_are_named_at_their_cause_and_nowhere_a_finding(watched, written, make_result, make_run):
    follows = {"verdict": Verdict.CONSEQUENCE, "follows_from": "a.cause"}
    page = watched.open(
        written(
            [make_run(make_result(name="a.cause"), make_result(name="b.one", **follows), make_result(name="b.two", **follows))]
        )
    )
    expect(page.locator("#matrix tbody td")).to_have_text(["0 of 3", "✕1 →2", "✕1", "→2"])
    expect(page.locator("h1 + p")).to_contain_text("→ consequences")
    shown(page).to_have_text("1 client, 1 requirement, 1 finding shown")
    expect(page.locator("input[name=verdict][value=consequence]")).to_have_count(0)
    find = page.locator("details.find")
    find.locator("summary").click()
    expect(find).to_contain_text("2 requirements cannot be met because of this: b.one, b.two")


@pytest.mark.browser
def test_filters_and_search_are_kept_in_the_url(watched, three):
    page = watched.open(three)
    page.uncheck("input[name=verdict][value=warning]")
    page.check("input[name=level][value=should]")
    shown(page).to_have_text("1 client, 1 requirement, 1 finding shown")
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("a|B")
    shown(page).to_have_text("1 client, 1 requirement, 1 finding shown")
    fragment = page.evaluate("location.hash")
    page = watched.open(three, fragment)
    shown(page).to_have_text("1 client, 1 requirement, 1 finding shown")
    expect(page.locator("input[name=q]")).to_have_value("a|B")
    page.fill("input[name=q]", "no such text")
    expect(page.locator("#nothing")).to_be_visible()
    page.click("#widen")
    shown(page).to_contain_text("3 clients")


@pytest.mark.browser
@pytest.mark.parametrize(
    "fragment", ["#client=nobody&category=x&language=klingon&verdict=&level=%", "#open=x", "#%E0%A4%A", "#x"]
)
def test_an_invalid_fragment_shows_a_page(watched, three, fragment):
    page = watched.open(three, fragment)
    expect(page.locator("h1")).to_be_visible()


@pytest.mark.browser
def test_a_button_shows_more_than_twelve_frequent_failures(watched, written, make_result, make_run):
    page = watched.open(written([make_run(*(make_result(name=f"a.n{number}") for number in range(20)))]))
    failures = page.locator("#shared > li:visible")
    expect(failures).to_have_count(12)
    page.click("text=Show all 20")
    expect(failures).to_have_count(20)
    page.click("text=Show the first 12")
    expect(failures).to_have_count(12)


@pytest.mark.browser
def test_hostile_runs_are_only_text(watched, hostile_run, written, entry, hostile_texts):
    entries = [entry(result.id, text) for result, text in zip(hostile_run.results, hostile_texts, strict=True)]
    page = watched.open(written([hostile_run] * 3, [entries] * 3), "#verdict=all")
    assert page.evaluate("document.scripts.length") == 1
    expect(page.locator("img, iframe, svg, [onload], [onfocus]")).to_have_count(0)
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    for link in page.locator("#matrix a").all()[:12]:
        link.evaluate("link => link.click()")
    links = page.locator("a").evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert all(link.startswith(("#", "https://www.rfc-editor.org/rfc/rfc", "https://x")) for link in links)


def test_a_page_contains_printable_characters_only(hostile_run):
    page = matrix_html(matrix([hostile_run] * 2))
    assert not [character for character in page if not character.isprintable() and character != "\n"]


def test_style_and_script_do_not_contain_their_own_end_tags():
    made = assets("report.css", "page.js", "view.js", "matrix.js")
    assert "</" not in made["style"] + made["script"]
    assert "<!--" not in made["script"]


class Ids(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]


@pytest.mark.browser
def test_without_script_the_page_shows_everything_and_its_links_work(browser, three):
    ids = Ids(three.read_text()).ids
    assert len(ids) == len(set(ids))
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(three.as_uri())
        expect(page.locator("details.find:visible")).to_have_count(6)
        expect(page.locator("#filters")).to_be_hidden()
        href = page.locator(CELL.format("rust-other", 6)).get_attribute("href")
        assert href.removeprefix("#") in ids


@pytest.mark.browser
def test_print_shows_table_and_findings_without_the_filters(watched, three):
    page = watched.open(three)
    page.emulate_media(media="print")
    expect(page.locator("#filters")).to_be_hidden()
    expect(page.locator(".tabs")).to_be_hidden()
    expect(page.locator("details.find:visible")).to_have_count(6)
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")


@pytest.mark.browser
def test_text_has_contrast_in_both_themes(watched, three):
    page = watched.open(three, "#verdict=all")
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert watched.poor_contrast() == []


@pytest.mark.browser
def test_every_control_has_a_name_and_the_skip_link_is_first(watched, three):
    page = watched.open(three)
    unnamed = "all => all.filter((each) => !(each.textContent.trim() || each.ariaLabel || each.labels?.length)).length"
    assert page.locator("button, a, input, select").evaluate_all(unnamed) == 0
    page.keyboard.press("Tab")
    expect(page.locator(".skip")).to_be_focused()


@pytest.mark.browser
@pytest.mark.slow
def test_forty_clients_are_a_page_of_less_than_five_megabytes(watched, written, make_result, make_run):
    exchange = {
        "request": {
            "method": "POST",
            "target": "/t/token",
            "headers": [["X-Header", f"value {number}"] for number in range(8)],
            "body": "a%2Cb" + "&x=y" * 30,
        },
        "response": {"status": 400, "headers": [["X-Header", "value"]] * 4, "body": '{"error": "' + "e" * 3000 + '"}'},
        "fault": "oauth_error",
    }
    verdicts = [Verdict.VIOLATION] * 8 + [Verdict.WARNING] * 17 + [Verdict.PASS] * 150
    categories = ("auth", "config", "encoding", "error", "http", "jwt", "parse", "refresh", "resource", "scope", "tls", "wire")
    results = [
        make_result(verdict, name=f"{categories[number % 12]}.some-requirement-{number}", exchanges=(exchange,) * 3)
        for number, verdict in enumerate(verdicts)
    ]
    languages = ("go", "java", "javascript", "php", "python", "ruby", "rust")
    runs = [
        make_run(*results, client={"name": f"client {number}", "version": "1", "language": languages[number % 7]})
        for number in range(40)
    ]
    path = written(runs)
    assert path.stat().st_size < 5_000_000
    page = watched.open(path)
    page.locator(".tabs label", has_text="ruby").click()
    expect(page.locator("#matrix tbody tr:visible")).to_have_count(5)
