from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.comparison_html import comparison_html


def test_the_page_in_a_browser(watched, make_result, make_run, tmp_path):
    before = make_run(make_result(Verdict.PASS), make_result(name="a.b", statement="Mended."), client={"name": "c"})
    after = make_run(make_result(), make_result(Verdict.PASS, name="a.b", statement="Mended."), client={"name": "c"})
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(before, after), encoding="utf-8")
    page = watched.open(path)
    assert page.text_content("h1") == "c: 1 new or graver, 1 fixed or milder"
    assert page.locator("h3").all_text_contents() == ["Joined by spaces.", "Mended."]
    page.locator("summary").first.click()
    assert page.locator("mark").first.is_visible()


def test_hostile_runs_do_nothing_but_show(watched, hostile_run, make_run, tmp_path):
    path = tmp_path / "comparison.html"
    path.write_text(comparison_html(hostile_run, make_run()), encoding="utf-8")
    page = watched.open(path)
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, iframe, svg[onload]").count() == 0


def test_the_same_run_twice(mixed_run):
    assert "Nothing changed" in comparison_html(mixed_run, mixed_run)
