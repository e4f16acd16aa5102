import pytest

from oauth_gauntlet.model import Verdict
from oauth_gauntlet_reports.comparing.comparison import ChangeKind, compare


@pytest.mark.parametrize(
    ("before", "after", "kind"),
    [
        ("pass", "violation", ChangeKind.NEW),
        ("pass", "warning", ChangeKind.NEW),
        ("warning", "violation", ChangeKind.NEW),
        ("not_applicable", "violation", ChangeKind.NEW),
        (None, "warning", ChangeKind.NEW),
        ("pass", "error", ChangeKind.UNTESTED),
        ("violation", "error", ChangeKind.UNTESTED),
        ("violation", "untestable", ChangeKind.UNTESTED),
        ("error", "violation", ChangeKind.NEW),
        ("error", "pass", ChangeKind.TESTED),
        ("violation", "pass", ChangeKind.FIXED),
        ("violation", "warning", ChangeKind.FIXED),
        ("violation", "not_applicable", ChangeKind.UNTESTED),
        ("pass", "not_applicable", ChangeKind.UNTESTED),
        ("pass", None, ChangeKind.UNTESTED),
        ("not_applicable", "pass", ChangeKind.TESTED),
        (None, "pass", ChangeKind.TESTED),
        ("pass", "consequence", ChangeKind.FOLLOWING),
        ("violation", "consequence", ChangeKind.FOLLOWING),
        (None, "consequence", ChangeKind.FOLLOWING),
        ("consequence", "pass", ChangeKind.FIXED),
        ("consequence", "violation", ChangeKind.NEW),
        ("consequence", "error", ChangeKind.UNTESTED),
    ],
)
def test_kinds_of_change(make_result, make_run, before, after, kind):
    runs = [make_run(*([make_result(Verdict(each))] if each else [])) for each in (before, after)]
    (change,) = compare(*runs).changes
    assert change.kind is kind
    assert change.scenario == "scope.x[password]"


@pytest.mark.parametrize("verdict", Verdict)
def test_equal_results_are_no_change(make_result, make_run, verdict):
    assert compare(*[make_run(make_result(verdict))] * 2).changes == ()


@pytest.mark.parametrize(("before", "after"), [(None, "not_applicable"), ("not_applicable", None), ("not_applicable", "error")])
def test_a_scenario_without_verdict_in_both_runs_is_no_change(make_result, make_run, before, after):
    runs = [make_run(*([make_result(Verdict(each))] if each else [])) for each in (before, after)]
    assert compare(*runs).changes == ()


def test_only_the_lasting_part_of_a_message_counts(make_result, make_run):
    def kinds(before, after):
        runs = [make_run(make_result(message=message)) for message in (before, after)]
        return [change.kind for change in compare(*runs).changes]

    one = "http://127.0.0.1:35151/t57ac21a158e7/token gave KY3FQfSPrOlKa8P97LRmJj at 1795487907, <X at 0x7faabbf7f410>"
    other = "http://127.0.0.1:40001/t0123456789ab/token gave iSuKTy5u1ry8iQ9bR4lDCr at 1795490562, <X at 0x7faabd46a110>"
    assert kinds(one, other) == []
    assert kinds(one, one.replace("gave", "took")) == [ChangeKind.CHANGED]
    assert kinds("status 400", "status 500") == [ChangeKind.CHANGED]


def test_the_sentence_contains_the_number_of_changes(make_result, make_run):
    before = make_run(make_result(Verdict.PASS), make_result(name="a.b"), client={"name": "c", "version": "1"})
    after = make_run(make_result(), make_result(Verdict.PASS, name="a.b"), client={"name": "c", "version": "2"})
    compared = compare(before, after)
    assert compared.text == "c 1 to c 2: 1 new or worse, 1 fixed or less severe"
    assert compared.verdict is Verdict.VIOLATION
    assert compare(before, before).text == "c 1: no change"
    assert compare(before, before).verdict is Verdict.PASS


def test_scenarios_that_are_no_longer_tested_are_a_warning(make_result, make_run):
    assert compare(make_run(make_result()), make_run()).verdict is Verdict.WARNING


def test_a_consequence_alone_is_nothing_worse(make_result, make_run):
    compared = compare(make_run(make_result(Verdict.WARNING)), make_run(make_result(Verdict.CONSEQUENCE, follows_from="a.b")))
    assert compared.text == "c\x00 1: 1 explained by another finding"
    assert compared.verdict is Verdict.PASS


def test_changes_are_grouped_by_requirement(make_result, make_run):
    results = [make_result(name="a.b", variant="1"), make_result(name="a.c"), make_result(name="a.b", variant="2")]
    groups = compare(make_run(), make_run(*results)).by_requirement(ChangeKind.NEW)
    assert [[change.scenario for change in group] for group in groups] == [
        *(["a.b.1[password]", "a.b.2[password]"], ["a.c[password]"]),
    ]
