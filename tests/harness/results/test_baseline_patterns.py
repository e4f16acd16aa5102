"""New entries are as few as possible, and none hides a verdict that the run did not show."""

import pytest

from oauth_gauntlet.results.baseline_patterns import new_entries
from oauth_gauntlet.results.expectations import parse_expectations
from tests.harness.results.test_baseline_update import entry, result, run


def entries(judged, wanted=("violation", "hazard", "deviation"), *, baseline="", **options):
    """Return the patterns, verdict and number of scenarios of each new entry for the wanted verdicts of a run.

    `judged` maps the names of scenarios to their verdicts.
    """
    results = [result(scenario, verdict) for scenario, verdict in judged.items()]
    uncovered = [each for each in results if each.verdict in wanted]
    found = new_entries(uncovered, run(*results, **options), parse_expectations(baseline, "f"))
    return [(each.patterns, str(each.verdict), each.scenarios) for each in found]


def test_one_entry_covers_a_requirement_that_is_met_in_no_scenario():
    judged = {"a.b.x[p]": "violation", "a.b.y[p]": "violation", "a.b.x[r]": "violation"}
    assert entries(judged) == [(("a.b",), "violation", 3)]


@pytest.mark.parametrize("verdict", ["pass", "warning", "error", "untestable"])
def test_a_variant_gets_an_entry_of_its_own_where_another_has_another_verdict(verdict):
    judged = {"a.b.x[p]": "violation", "a.b.x[r]": "violation", "a.b.y[p]": verdict}
    assert entries(judged) == [(("a.b.x",), "violation", 2)]


@pytest.mark.parametrize("verdict", ["not_applicable", "consequence"])
def test_what_says_nothing_about_the_client_may_be_covered(verdict):
    assert entries({"a.b.x[p]": "violation", "a.b.y[p]": verdict}) == [(("a.b",), "violation", 1)]


def test_a_grant_gets_an_entry_for_all_variants():
    judged = {"a.b.x[p]": "violation", "a.b.y[p]": "violation", "a.b.x[r]": "pass", "a.b.y[r]": "pass"}
    assert entries(judged) == [(("a.b[p]",), "violation", 2)]


def test_single_scenarios_are_named_where_no_pattern_is_exact():
    judged = {"a.b.x[p]": "violation", "a.b.y[r]": "violation", "a.b.x[r]": "pass", "a.b.y[p]": "pass"}
    assert entries(judged) == [(("a.b.x[p]", "a.b.y[r]"), "violation", 2)]


def test_a_variant_is_preferred_to_a_grant_and_the_rest_is_named_by_grant():
    judged = {"a.b.x[p]": "violation", "a.b.x[r]": "violation", "a.b.y[p]": "violation", "a.b.y[r]": "pass"}
    assert entries(judged) == [(("a.b.x", "a.b[p]"), "violation", 3)]


def test_the_verdict_of_most_scenarios_gets_the_wide_pattern():
    judged = {"a.b.x[p]": "hazard", "a.b.y[p]": "violation", "a.b.z[p]": "hazard"}
    assert entries(judged) == [(("a.b.y",), "violation", 1), (("a.b",), "hazard", 2)]


def test_of_equally_many_the_most_severe_gets_the_wide_pattern():
    judged = {"a.b.x[p]": "hazard", "a.b.y[p]": "violation"}
    assert entries(judged) == [(("a.b",), "violation", 1), (("a.b.x",), "hazard", 1)]


def test_each_requirement_has_entries_of_its_own():
    judged = {"a.b[p]": "violation", "a.c[p]": "violation", "a.c[r]": "pass"}
    assert entries(judged) == [(("a.b",), "violation", 1), (("a.c[p]",), "violation", 1)]


@pytest.mark.parametrize(
    ("selection", "patterns"),
    [
        ({}, ("a.b",)),
        (None, ("a.b",)),
        ({"level": "must"}, ("a.b",)),
        ({"grants": ["p"]}, ("a.b[p]",)),
        ({"keyword": "a.b"}, ("a.b.x[p]", "a.b.y[p]")),
        ({"grants": ["p"], "keyword": "a.b"}, ("a.b.x[p]", "a.b.y[p]")),
    ],
)
def test_a_restricted_run_covers_nothing_that_it_did_not_judge(selection, patterns):
    judged = {"a.b.x[p]": "violation", "a.b.y[p]": "violation"}
    assert entries(judged, selection=selection) == [(patterns, "violation", 2)]


def test_a_scenario_with_a_more_specific_entry_may_be_covered():
    judged = {"a.b.x[p]": "warning", "a.b.y[p]": "violation"}
    assert entries(judged, baseline=entry("a.b.x", "warning")) == [(("a.b",), "violation", 1)]


def test_a_new_entry_is_more_specific_than_the_kept_one_of_the_same_scenario():
    judged = {"a.b.x[p]": "violation", "a.b.y[p]": "pass"}
    assert entries(judged, baseline=entry("a.b.x", "hazard")) == [(("a.b.x[p]",), "violation", 1)]
    judged = {"a.b.x[p]": "violation", "a.b.x[r]": "violation"}
    assert entries(judged, baseline=entry("a.b[p]", "hazard")) == [(("a.b.x",), "violation", 2)]


def test_a_wide_kept_entry_for_the_requirement_leaves_room_for_narrower_ones():
    judged = {"a.b.x[p]": "violation", "a.b.y[p]": "hazard"}
    assert entries(judged, ("hazard",), baseline=entry("a.b", "violation")) == [(("a.b.y",), "hazard", 1)]
