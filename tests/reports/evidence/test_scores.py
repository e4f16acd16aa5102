from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.evidence.scores import CATEGORIES, client_name, needs, scores
from oauth_gauntlet_scenarios.catalogue import scenarios


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
