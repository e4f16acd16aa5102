from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.matrix_markdown import matrix_markdown


def test_the_document(mixed_run, make_result, make_run):
    other = make_run(make_result(Verdict.PASS, name="auth.a"), client={"name": "other"})
    document = matrix_markdown([mixed_run, other])
    assert "|  | some-client 1.2 | other |" in document
    assert "| Client authentication | 1 of 3 | 1 of 1 |" in document
    assert "| Broken twice. `auth.a` (must) | ❌ 2 | ✅ |" in document
    assert "| Promised. `scope.c` (connector) | ❌ 1 |  |" in document


def test_hostile_runs_bring_no_element_of_their_own(hostile_run, read_markdown):
    shown = read_markdown(matrix_markdown([hostile_run] * 3))
    assert set(shown.tags) <= {"h2", "h3", "p", "ul", "li", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert shown.links == []
    assert "<script>alert(1)</script>" in shown.text
