import pytest
from playwright.sync_api import expect

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.comparison_html import comparison_html


@pytest.mark.browser
def test_the_page_shows_changes_with_their_evidence(watched, make_result, make_run, tmp_path):
    before = make_run(make_result(Verdict.PASS), make_result(name="a.b", statement="Fixed."), client={"name": "c"})
    after = make_run(make_result(), make_result(Verdict.PASS, name="a.b", statement="Fixed."), client={"name": "c"})
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(before, after), encoding="utf-8")
    page = watched.open(path)
    expect(page.locator("h1")).to_have_text("c: 1 new or worse, 1 fixed or less severe")
    expect(page.locator("h3")).to_have_text(["Joined by spaces.", "Fixed."])
    page.locator("summary").first.click()
    expect(page.locator("mark").first).to_be_visible()


@pytest.mark.browser
def test_consequences_are_lines_that_name_their_cause(watched, make_result, make_run, tmp_path):
    before = make_run(make_result(Verdict.PASS), make_result(Verdict.PASS, name="b.c"), client={"name": "c"})
    following = make_result(Verdict.CONSEQUENCE, name="b.c", follows_from="scope.x")
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(before, make_run(make_result(platform="node 20"), following, client={"name": "c"})))
    page = watched.open(path)
    expect(page.locator("article")).to_have_count(1)
    expect(page.locator("article .of-platform")).to_have_text("◇ node 20")
    expect(page.locator("li.change")).to_have_text("passed → consequence b.c[password] follows from scope.x")


@pytest.mark.browser
def test_hostile_runs_are_only_text(watched, hostile_run, make_run, tmp_path):
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(hostile_run, make_run()), encoding="utf-8")
    page = watched.open(path)
    assert page.evaluate("document.scripts.length") == 1
    expect(page.locator("img, iframe, svg[onload]")).to_have_count(0)


def test_the_same_run_twice_has_no_changes(mixed_run):
    assert "No change" in comparison_html(mixed_run, mixed_run)
