from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.comparison_markdown import MOST_CHANGES, comparison_markdown


def test_the_document(make_result, make_run):
    before = make_run(make_result(Verdict.PASS), make_result(name="a.gone"), client={"name": "c"})
    document = comparison_markdown(before, make_run(make_result(), client={"name": "c"}))
    assert document.startswith("## ❌ c: 1 new or worse, 1 no longer tested\n")
    assert "| ✅ pass | ❌ violation | `scope.x[password]` | Joined by spaces. | `a,b` |" in document
    assert "`scope.x`: Joined by spaces.\n\n> Scopes MUST be joined by spaces.\n>\n> — [RFC 6749 3.3](https://" in document
    assert "| ❌ violation | ⏭️ absent | `a.gone[password]` |" in document


def test_a_consequence_names_its_cause(make_result, make_run):
    following = make_result(Verdict.CONSEQUENCE, name="b.c", follows_from="scope.x")
    document = comparison_markdown(make_run(), make_run(make_result(), following))
    assert "### Explained by another finding" in document
    assert "| ⏭️ absent | ↪️ consequence | `b.c[password]` | Joined by spaces. | `follows from scope.x` |" in document


def test_the_number_of_changes_is_limited(make_result, make_run):
    results = [make_result(name=f"a.x{number}") for number in range(MOST_CHANGES + 3)]
    assert "... and 3 more." in comparison_markdown(make_run(), make_run(*results))


def test_hostile_runs_add_no_element(hostile_run, make_run, read_markdown):
    shown = read_markdown(comparison_markdown(make_run(), hostile_run))
    assert set(shown.tags) <= {"h2", "h3", "p", "ul", "li", "blockquote", "table", "thead", "tbody", "tr", "th", "td", "code"}
    assert shown.links == []
    assert "<script>alert(1)</script>" in shown.text
