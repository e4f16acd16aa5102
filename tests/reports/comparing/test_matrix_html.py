"""The page of the matrix as text, and in a real browser: Debian's Chromium."""

import html.parser

import pytest

from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.comparing.matrix import matrix
from oauth_gauntlet_reports.comparing.matrix_html import matrix_html
from oauth_gauntlet_reports.formats.html_report import assets

CELL = "#matrix tr[data-client={}] td:nth-of-type({}) a"


@pytest.fixture
def written(tmp_path):
    def write(runs, checked=()):
        path = tmp_path / "matrix.html"
        path.write_text(matrix_html(matrix(runs, checked)), encoding="utf-8")
        return path

    return write


@pytest.fixture
def three(mixed_run, make_result, make_run, written, entry):
    """Three clients of two languages; the last but one has a finding that was checked by hand."""
    other = make_run(
        make_result(name="auth.a", statement="Broken twice."),
        make_result(name="scope.c", level=Level.CONNECTOR, statement="Promised.", seen="a|b"),
        make_result(Verdict.PASS, name="scope.d"),
        client={"name": "other", "version": "2", "language": "rust", "url": "https://example.org/other"},
    )
    third = make_run(make_result(name="auth.a", statement="Broken twice."), client={"name": "third", "language": "go"})
    known = entry("auth.a", does="It does.", upstream="https://example.org/issues/1 (open)")
    return written([mixed_run, other, third], [(), (known,), ()])


def shown(page):
    return page.text_content("#shown")


def test_a_row_is_a_client_and_a_cell_counts_requirements(watched, three):
    page = watched.open(three)
    assert page.locator("#matrix tbody th a").all_text_contents() == ["some-client", "third", "other"]
    assert page.locator("#matrix thead th").all_text_contents() == [
        *("Client", "All", "Client authentication", "JWT assertions", "Token answers", "Scope")
    ]
    cells = page.locator("#matrix tr[data-client=some-client] td").all_inner_texts()
    assert [" ".join(cell.split()) for cell in cells] == ["✕2 !1 ✓1", "✕1", "not applicable", "!1", "✕1 ✓1"]
    assert page.locator(CELL.format("some-client", 5)).get_attribute("title") == "some-client 1.2, Scope: 1 failed, 1 passed"


def test_a_cell_opens_what_the_client_does_with_the_evidence(watched, three):
    page = watched.open(three)
    assert shown(page) == "3 clients, 3 requirements, 6 findings shown"
    page.click(CELL.format("rust-other", 5))
    assert page.evaluate("location.hash") == "#client=rust-other&category=scope"
    assert shown(page) == "1 client, 1 requirement, 1 finding shown"
    find = page.locator("details.find:visible")
    find.locator("summary").click()
    for words in ("Promised.", "connector", "Expected", "a b", "a|b", "POST /t/token", "1 of 1 scenarios"):
        assert words in find.inner_text()
    assert find.locator("mark").is_visible()
    page.go_back()
    assert shown(page).startswith("3 clients")


def test_a_cell_of_passes_shows_them(watched, three):
    page = watched.open(three, "#client=some-client&category=scope&verdict=all")
    assert page.locator(".passed:visible").all_inner_texts() == ["passed MUST scope.d"]


def test_what_was_checked_by_hand_stands_beside_and_what_was_not_says_so(watched, three):
    page = watched.open(three, "#client=rust-other&category=auth&open=auth.a")
    find = page.locator("details.find[open]")
    assert find.count() == 1
    assert "defect" in find.locator("summary").inner_text()
    for words in ("It does.", "> scope=a%2Cb", "RFC 6749 3.3", "(open)"):
        assert words in find.locator(".checked").inner_text()
    assert find.locator(".checked a").get_attribute("href") == "https://example.org/issues/1"
    page = watched.open(three, "#client=some-client")
    assert page.locator("details.find:visible .unchecked").count() == 3


def test_without_findings_of_that_kind_nothing_speaks_of_them(written, mixed_run):
    text = written([mixed_run]).read_text()
    assert '<span class="nature' not in text
    assert "checked by hand" not in text


def test_tabs_show_a_language(watched, three):
    page = watched.open(three)
    assert [words.split() for words in page.locator(".tabs label").all_inner_texts()] == [
        ["All", "3"],
        ["go", "1"],
        ["rust", "1"],
    ]
    page.locator(".tabs label", has_text="rust").click()
    assert page.locator("#matrix tbody tr:visible th a").all_text_contents() == ["other"]
    assert shown(page) == "1 client, 2 requirements, 2 findings shown"
    assert page.evaluate("location.hash") == "#language=rust"
    page.keyboard.press("ArrowLeft")
    assert page.locator("#matrix tbody tr:visible th a").all_text_contents() == ["third"]
    page.click("#filters button[type=reset]")
    assert page.locator("#matrix tbody tr:visible").count() == 3


def test_the_most_frequent_failures_follow_tabs_and_filters_and_lead_to_the_clients(watched, three):
    page = watched.open(three)
    told = page.locator("#shared > li:visible summary")
    assert [" ".join(words.split()) for words in told.all_inner_texts()] == [
        "✕3 MUST Broken twice. auth.a",
        "✕2 CONNECTOR Promised. scope.c",
        "!1 INTEROP Warned about. parse.b",
    ]
    page.locator(".tabs label", has_text="rust").click()
    assert told.first.inner_text().split()[:2] == ["✕1", "MUST"]
    assert told.count() == 2
    page.click("#filters button[type=reset]")
    page.check("input[name=level][value=interop]")
    assert told.count() == 1
    page.click("#filters button[type=reset]")
    told.first.click()
    page.locator("#shared a:visible", has_text="third").click()
    assert page.locator("details.find[open] summary").inner_text().endswith("not checked by hand")
    assert page.evaluate("document.activeElement.closest('details').dataset.id") == "auth.a"


def test_filters_and_search_are_in_the_url(watched, three):
    page = watched.open(three)
    page.uncheck("input[name=verdict][value=warn]")
    page.check("input[name=level][value=connector]")
    assert shown(page) == "2 clients, 1 requirement, 2 findings shown"
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("/")
    page.keyboard.type("a|B")
    assert shown(page) == "1 client, 1 requirement, 1 finding shown"
    fragment = page.evaluate("location.hash")
    page = watched.open(three, fragment)
    assert shown(page) == "1 client, 1 requirement, 1 finding shown"
    assert page.input_value("input[name=q]") == "a|B"
    page.fill("input[name=q]", "nothing of the kind")
    assert page.locator("#nothing").is_visible()
    page.click("#widen")
    assert shown(page).startswith("3 clients")


@pytest.mark.parametrize(
    "fragment", ["#client=nobody&category=x&language=klingon&verdict=&level=%", "#open=x", "#%E0%A4%A", "#x"]
)
def test_a_url_that_means_nothing_shows_a_page(watched, three, fragment):
    page = watched.open(three, fragment)
    assert page.locator("h1").is_visible()


def test_more_than_a_dozen_frequent_failures_are_shown_when_asked_for(watched, written, make_result, make_run):
    page = watched.open(written([make_run(*(make_result(name=f"a.n{number}") for number in range(20)))]))
    assert page.locator("#shared > li:visible").count() == 12
    page.click("text=Show all 20")
    assert page.locator("#shared > li:visible").count() == 20
    page.click("text=Show the first 12")
    assert page.locator("#shared > li:visible").count() == 12


def test_hostile_runs_do_nothing_but_show(watched, hostile_run, written, entry, hostile_texts):
    entries = [entry(result.id, text) for result, text in zip(hostile_run.results, hostile_texts, strict=True)]
    page = watched.open(written([hostile_run] * 3, [entries] * 3), "#verdict=all")
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, iframe, svg, [onload], [onfocus]").count() == 0
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    for link in page.locator("#matrix a").all()[:12]:
        link.evaluate("link => link.click()")
    links = page.locator("a").evaluate_all("all => all.map((each) => each.getAttribute('href'))")
    assert all(link.startswith(("#", "https://www.rfc-editor.org/rfc/rfc", "https://x")) for link in links)


def test_a_page_holds_no_character_that_cannot_be_shown(hostile_run):
    page = matrix_html(matrix([hostile_run] * 2))
    assert not [character for character in page if not character.isprintable() and character != "\n"]


def test_style_and_script_cannot_end_their_own_elements():
    made = assets("report.css", "page.js", "matrix.js")
    assert "</" not in made["style"] + made["script"]
    assert "<!--" not in made["script"]


class Ids(html.parser.HTMLParser):
    def __init__(self, text):
        super().__init__()
        self.ids = []
        self.feed(text)

    def handle_starttag(self, tag, attrs):
        self.ids += [value for name, value in attrs if name == "id"]


def test_without_script_everything_is_there_and_links_lead_to_it(browser, three):
    ids = Ids(three.read_text()).ids
    assert len(ids) == len(set(ids))
    with browser.new_context(java_script_enabled=False) as context:
        page = context.new_page()
        page.goto(three.as_uri())
        assert page.locator("details.find:visible").count() == 6
        assert not page.locator("#filters").is_visible()
        href = page.locator(CELL.format("rust-other", 5)).get_attribute("href")
        assert href.removeprefix("#") in ids


def test_printing_keeps_table_and_findings_and_drops_the_tools(watched, three):
    page = watched.open(three)
    page.emulate_media(media="print")
    assert not page.locator("#filters").is_visible()
    assert not page.locator(".tabs").is_visible()
    assert page.locator("details.find:visible").count() == 6
    assert page.pdf(format="A4", landscape=True).startswith(b"%PDF")


def test_text_has_contrast_in_both_themes(watched, three):
    page = watched.open(three, "#verdict=all")
    page.locator("details").evaluate_all("all => all.forEach((each) => { each.open = true; })")
    for scheme in ("light", "dark"):
        page.emulate_media(color_scheme=scheme)
        assert watched.poor_contrast() == []


def test_every_control_has_a_name_and_can_be_reached(watched, three):
    page = watched.open(three)
    unnamed = "all => all.filter((each) => !(each.textContent.trim() || each.ariaLabel || each.labels?.length)).length"
    assert page.locator("button, a, input, select").evaluate_all(unnamed) == 0
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the findings"


def test_forty_clients_are_a_page_of_a_few_megabytes_that_opens_at_once(watched, written, make_result, make_run):
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
    verdicts = [Verdict.FAIL] * 8 + [Verdict.WARN] * 17 + [Verdict.PASS] * 150
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
    # The time of the processor, not of the clock: others work on this machine, too.
    spent = Spent(watched.page)
    page = watched.open(path)
    page.evaluate(_PAINTED)
    opened = spent()
    page.locator(".tabs label", has_text="ruby").click()
    page.evaluate(_PAINTED)
    print(f"{path.stat().st_size} octets, opened in {opened:.2f} s, tab in {spent() - opened:.2f} s")
    assert page.locator("#matrix tbody tr:visible").count() == 5
    assert opened < 2


# Two frames later, all is laid out and painted.
_PAINTED = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


class Spent:
    """What a page has spent in the thread that it has, in seconds of the processor."""

    def __init__(self, page):
        self.session = page.context.new_cdp_session(page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def __call__(self):
        (spent,) = [
            each["value"] for each in self.session.send("Performance.getMetrics")["metrics"] if each["name"] == "TaskDuration"
        ]
        return spent
