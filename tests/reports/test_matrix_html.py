from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.matrix_html import matrix_html


def test_the_page_in_a_browser(watched, mixed_run, make_result, make_run, tmp_path):
    path = tmp_path / "matrix.html"
    other = make_run(make_result(Verdict.PASS, name="auth.a"), client={"name": "other"})
    path.write_text(matrix_html([mixed_run, other]), encoding="utf-8")
    page = watched.open(path)
    assert page.locator("thead th").all_text_contents() == ["Category", "some-client 1.2", "other"]
    assert page.locator("tbody tr").first.locator("span").all_text_contents() == ["1 of 3", "1 of 1"]
    page.click("tbody a >> nth=0")
    assert page.evaluate("location.hash") == "#c-auth"
    for summary in page.locator("#c-auth summary").all():
        summary.click()
    assert page.locator("#c-auth mark").first.is_visible()


def test_hostile_runs_do_nothing_but_show(watched, hostile_run, tmp_path):
    path = tmp_path / "matrix.html"
    path.write_text(matrix_html([hostile_run, hostile_run, hostile_run]), encoding="utf-8")
    page = watched.open(path)
    assert page.evaluate("document.scripts.length") == 1
    assert page.locator("img, iframe, svg[onload]").count() == 0


def test_clients_without_findings(make_result, make_run):
    assert "None: every client passed" in matrix_html([make_run(make_result(Verdict.PASS))] * 3)
