from oauth_gauntlet.model import Level, Verdict
from oauth_gauntlet_reports.evidence.causes import CATEGORIES, Consequence, causes, client_name, needs, scores
from oauth_gauntlet_scenarios.catalogue import scenarios


def test_one_cause_is_one_entry_and_the_most_severe_is_first(mixed_run):
    found = causes(mixed_run.results)
    assert [cause.id for cause in found] == ["auth.a", "secrecy.f", "scope.c", "parse.b", "scope.d", "jwt.e"]
    assert [len(cause.findings) for cause in found] == [2, 1, 1, 1, 0, 0]
    assert found[0].counts == {Verdict.VIOLATION: 2, Verdict.PASS: 1}


def test_only_red_verdicts_and_warnings_are_against_the_client(make_result):
    for verdict in Verdict:
        (cause,) = causes([make_result(Verdict.PASS), make_result(verdict)])
        assert cause.against == verdict.against


def test_equal_verdicts_are_listed_by_level(make_result):
    results = [make_result(name=f"a.{level}", level=level) for level in reversed(Level)]
    assert [cause.worst.level for cause in causes(results)] == list(Level)


def test_more_findings_come_first(make_result):
    results = [make_result(name="a.a"), make_result(name="a.b"), make_result(name="a.b", variant="more")]
    assert [cause.id for cause in causes(results)] == ["a.b", "a.a"]


def test_known_findings_come_after_new_ones(make_result):
    known = make_result(name="a.known", expected={"reason": "r"})
    new = make_result(Verdict.WARNING, name="a.new", level=Level.INTEROP)
    assert [(cause.id, cause.known) for cause in causes([known, new])] == [("a.new", False), ("a.known", True)]


def test_a_cause_shows_its_new_finding(make_result):
    known = make_result(name="a.a", variant="one", expected={"reason": "r"})
    new = make_result(Verdict.WARNING, name="a.a", variant="two")
    (cause,) = causes([known, new])
    assert not cause.known
    assert cause.worst == new


def test_what_follows_from_a_cause_is_listed_with_it_and_is_no_finding(make_result):
    cause = make_result(name="a.cause")
    following = [
        make_result(Verdict.CONSEQUENCE, name="b.b", variant=variant, statement="B.", follows_from="a.cause")
        for variant in "xy"
    ]
    first, second = causes([*following, make_result(Verdict.PASS, name="b.b"), cause])
    assert first.id == "a.cause"
    assert first.consequences == (Consequence(id="b.b", statement="B.", scenarios=2),)
    assert (second.id, second.findings, second.against) == ("b.b", (), False)


def test_a_score_counts_applicable_scenarios(mixed_run):
    by_name = {score.category: score for score in scores(mixed_run)}
    assert (by_name["auth"].passed, by_name["auth"].failed, by_name["auth"].tested) == (1, 2, 3)
    assert by_name["parse"].warned == 1
    assert by_name["jwt"].tested == 0
    assert by_name["scope"].bars == ((Verdict.PASS, 1), (Verdict.DEVIATION, 1))


def test_reasons_of_not_applicable_are_counted(mixed_run):
    assert needs(mixed_run) == (("needs a cache", 1),)


def test_default_name_of_a_client(make_run):
    assert client_name(make_run(client={})) == "the client"


def test_every_category_has_a_title():
    assert {scenario.requirement.category for scenario in scenarios()} == set(CATEGORIES)
