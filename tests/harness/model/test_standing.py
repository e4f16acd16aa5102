import pytest

from oauth_gauntlet.model import Level, Result, Verdict
from oauth_gauntlet.model.standing import Tally, by_requirement, number, profile_of, profile_words, standing, tally

OF_PROFILE = {"level": Level.PROFILE, "profile": "theirs"}


def result(verdict, name="a.b", level=Level.MUST, variant="v", **more):
    return Result(
        id=name,
        scenario=f"{name}.{variant}[password]",
        grant="password",
        level=level,
        basis=(),
        statement="It does.",
        verdict=Verdict(verdict),
        **more,
    )


def test_results_are_grouped_in_their_order():
    results = [result("pass", "a.b"), result("pass", "a.c"), result("violation", "a.b")]
    assert by_requirement(results) == {"a.b": [results[0], results[2]], "a.c": [results[1]]}


@pytest.mark.parametrize(
    ("verdicts", "counted"),
    [
        (["pass", "violation", "warning"], "violation"),
        (["hazard", "violation"], "violation"),
        (["deviation", "hazard"], "hazard"),
        (["error", "deviation"], "deviation"),
        (["untestable", "error"], "error"),
        (["warning", "untestable"], "untestable"),
        (["pass", "consequence"], "consequence"),
        (["consequence", "warning"], "warning"),
        (["pass", "warning"], "warning"),
        (["not_applicable", "pass"], "pass"),
        (["not_applicable", "not_applicable"], "not_applicable"),
    ],
)
def test_a_requirement_counts_once_with_its_most_severe_verdict(verdicts, counted):
    assert tally([[result(verdict) for verdict in verdicts]]) == Tally(counts={Verdict(counted): 1})


def test_a_tally_distinguishes_met_from_not_proved():
    found = tally([[result(verdict)] for verdict in Verdict])
    assert (found.applicable, found.met, found.unproved) == (8, 2, 2)
    assert found.of(Verdict.VIOLATION, Verdict.HAZARD) == 2
    assert found.unproved_words == "; 1 untestable; 1 error"
    assert tally([[result("pass")]]).unproved_words == ""


def test_only_must_is_an_rfc_requirement():
    found = standing([result("pass", f"a.{level}", level) for level in Level if level is not Level.PROFILE])
    assert found.rfc.applicable == 1
    assert found.common.applicable == 4


def test_a_profile_is_counted_apart():
    results = [
        result("violation"),
        result("deviation", "p.a", **OF_PROFILE),
        result("warning", "p.b", **OF_PROFILE),
        result("error", "p.c", **OF_PROFILE),
        result("pass", "q.a", level=Level.PROFILE, profile="another"),
    ]
    found = standing(results)
    assert found.words == "meets 0 of 1 applicable RFC requirements; 0 hazards; 0 warnings"
    assert found.profile_lines == ("profile another: meets 1 of 1", "profile theirs: meets 1 of 3; 1 warning; 1 error")
    assert [profile_of(each) for each in results] == [None, "theirs", "theirs", "theirs", "another"]


def test_the_words_count_hazards_warnings_and_what_is_not_proved():
    results = [
        result("pass"),
        result("hazard", "a.h", Level.UNSAFE),
        result("hazard", "a.i", Level.UNSAFE),
        result("warning", "a.s", Level.SHOULD),
        result("untestable", "a.u", Level.INTEROP),
    ]
    assert standing(results).words == "meets 1 of 1 applicable RFC requirements; 2 hazards; 1 warning; 1 untestable"


@pytest.mark.parametrize(
    ("results", "known"),
    [
        ([("violation", True)], 1),
        ([("violation", True), ("violation", False)], 0),
        ([("violation", True), ("warning", False)], 1),
        ([("warning", True), ("pass", False)], 0),
    ],
)
def test_a_failure_is_known_if_the_baseline_knows_each_of_its_red_results(results, known):
    found = standing([result(verdict, expected={"reason": "r"} if is_known else None) for verdict, is_known in results])
    assert found.known == known
    assert ("1 known failure" in found.words) == bool(known)


def test_numbers_and_words_agree():
    assert (number(1, "hazard"), number(0, "hazard"), number(2, "hazard")) == ("1 hazard", "0 hazards", "2 hazards")
    assert profile_words(Tally(counts={})) == "meets 0 of 0"
