from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.matrix import matrix


def test_categories_by_clients(make_result, make_run, mixed_run):
    made = matrix([mixed_run, make_run(make_result(Verdict.PASS), client={"name": "other"})])
    assert made.clients == ("some-client 1.2", "other")
    rows = {row.category: row for row in made.rows}
    assert list(rows) == ["auth", "jwt", "parse", "scope"]
    assert rows["auth"].cells[1] is None
    assert (rows["scope"].cells[0].failed, rows["scope"].cells[1].passed) == (1, 1)
    assert [each.example.id for each in rows["scope"].requirements] == ["scope.c"]
    assert rows["jwt"].requirements == ()


def test_the_gravest_comes_first_then_what_more_clients_break(make_result, make_run):
    one = make_run(make_result(name="a.warned", verdict=Verdict.WARN, level=Level.SHOULD), make_result(name="a.one"))
    both = make_result(name="a.two")
    made = matrix([make_run(*one.results, both), make_run(both)])
    assert [each.example.id for each in made.rows[0].requirements] == ["a.two", "a.one", "a.warned"]
    assert [bool(cell) for cell in made.rows[0].requirements[1].cells] == [True, False]


def test_clients_that_are_called_alike_are_numbered(make_run):
    runs = [make_run(client={"name": name}) for name in ("a", "b", "a")]
    assert matrix(runs).clients == ("a (1)", "b", "a (2)")
