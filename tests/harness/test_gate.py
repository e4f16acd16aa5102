from datetime import date

import pytest

from oauth_gauntlet.expectations import parse_expectations
from oauth_gauntlet.gate import judge, with_known
from oauth_gauntlet.model import Level, Result, Run, Verdict

TODAY = date(2026, 11, 23)


def result(scenario, verdict, message=""):
    name, _, grant = scenario.partition("[")
    return Result(
        id=name,
        scenario=scenario,
        grant=grant.rstrip("]"),
        level=Level.MUST,
        source="",
        statement="",
        verdict=Verdict(verdict),
        message=message,
    )


def run(*results, complete=True, selection=None):
    return Run(
        tool_version="0",
        client={"name": "c"},
        declared={},
        options={"selection": selection},
        started_at="",
        complete=complete,
        results=results,
    )


def entry(scenario, verdict="fail", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


def code(run_, text="", strict=False):
    return judge(run_, parse_expectations(text, "x.toml"), strict=strict, today=TODAY).exit_code


A_FAIL = result("a.b[password]", "fail", "expected this; seen that")


@pytest.mark.parametrize(
    ("results", "baseline", "strict", "expected"),
    [
        ([result("a.b[password]", "pass")], "", False, 0),
        ([A_FAIL], "", False, 1),
        ([A_FAIL], entry("a.b[password]"), False, 0),
        ([A_FAIL], entry("a.b"), False, 0),
        ([A_FAIL], entry("a.*[*]"), False, 0),
        ([A_FAIL], entry("a.b[password]", more='message = "seen that"'), False, 0),
        ([A_FAIL], entry("a.b[password]", more='message = "another"'), False, 1),
        ([A_FAIL], entry("a.b[password]", more="until = 2026-11-23"), False, 0),
        ([A_FAIL], entry("a.b[password]", more="until = 2026-11-22"), False, 1),
        ([A_FAIL], entry("a.b[refresh_token]"), False, 1),
        ([result("a.b[password]", "pass")], entry("a.b[password]"), False, 1),
        ([result("a.b[password]", "pass")], entry("other.*"), False, 1),
        ([result("a.b[password]", "warn")], "", False, 0),
        ([result("a.b[password]", "warn")], "", True, 1),
        ([result("a.b[password]", "untestable")], "", False, 1),
        ([result("a.b[password]", "error")], "", False, 3),
        ([result("a.b[password]", "not_applicable")], "", False, 4),
        ([], "", False, 4),
    ],
)
def test_exit_codes(results, baseline, strict, expected):
    assert code(run(*results), baseline, strict) == expected


def test_half_a_run_is_never_green():
    assert code(run(result("a.b[password]", "pass"), complete=False)) == 3


def test_a_narrowed_run_is_not_held_against_entries_that_it_left_out():
    assert code(run(result("a.b[password]", "pass"), selection={"keyword": "a"}), entry("other.b")) == 0


def test_a_run_is_told_what_the_baseline_knows():
    judged = run(result("a.b[password]", "fail"), result("a.c[password]", "fail"))
    report = judge(judged, parse_expectations(entry("a.b"), "f"), strict=False, today=TODAY)
    told = with_known(judged, report)
    assert [each.expected and each.expected["reason"] for each in told.results] == ["known", None]
    assert [each.expected for each in judged.results] == [None, None]
