from datetime import date

import pytest

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import GateReport, evaluate, with_known

TODAY = date(2026, 11, 23)
NOTHING = Expectations()


def result(scenario, verdict, message=""):
    name, _, grant = scenario.partition("[")
    return Result(
        id=name,
        scenario=scenario,
        grant=grant.rstrip("]"),
        level=Level.MUST,
        basis=(),
        statement="",
        verdict=Verdict(verdict),
        message=message,
    )


def run(*results, complete=True, **options):
    return Run(
        tool_version="0",
        client={"name": "c"},
        declared={},
        options=options,
        started_at="",
        complete=complete,
        results=results,
    )


def entry(scenario, verdict="violation", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


def code(run_, text="", strict=False):
    return evaluate(run_, parse_expectations(text, "x.toml"), strict=strict, today=TODAY).exit_code


BASELINE_OF_ANOTHER = parse_expectations(entry("other.b"), "x.toml")
A_FAIL = result("a.b[password]", "violation", "expected this; seen that")


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
        ([result("a.b[password]", "warning")], "", False, 0),
        ([result("a.b[password]", "warning")], "", True, 1),
        ([result("a.b[password]", "untestable")], "", False, 1),
        ([result("a.b[password]", "error")], "", False, 3),
        ([result("a.b[password]", "not_applicable")], "", False, 4),
        ([], "", False, 4),
    ],
)
def test_the_exit_code_follows_from_results_and_baseline(results, baseline, strict, expected):
    assert code(run(*results), baseline, strict) == expected


def test_an_incomplete_run_never_passes():
    assert code(run(result("a.b[password]", "pass"), complete=False)) == 3


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, 1),
        ({"selection": None, "set": None}, 1),
        ({"set": {"name": "all", "version": "1"}}, 1),
        ({"selection": {"keyword": "a"}}, 0),
        ({"set": {"name": "rfc6749", "version": "1"}}, 0),
    ],
)
def test_only_a_whole_run_makes_an_entry_unmatched(options, expected):
    passed = result("a.b[password]", "pass")
    assert code(run(passed, **options), entry("other.b")) == expected
    assert evaluate(run(passed, complete=False), BASELINE_OF_ANOTHER, strict=False, today=TODAY).unmatched == ()


@pytest.mark.parametrize("verdict", ["pass", "violation", "warning", "untestable"])
def test_each_of_these_verdicts_counts_as_tested(verdict):
    report = evaluate(run(result("a.b[password]", verdict)), NOTHING, strict=False, today=TODAY)
    assert report.tested == 1


def test_the_gate_distinguishes_known_stale_unmatched_and_expired():
    wrong, broke, excused, well = (
        result(f"a.{name}[password]", verdict)
        for name, verdict in (("wrong", "violation"), ("broke", "error"), ("excused", "violation"), ("well", "pass"))
    )
    text = "".join(
        entry(name, more="until = 2026-11-22" if name == "a.gone" else "")
        for name in ("a.excused", "a.well", "a.nowhere", "a.gone")
    )
    baseline = parse_expectations(text, "f")
    known, stale, unmatched, expired = baseline.entries
    report = evaluate(run(wrong, broke, excused, well), baseline, strict=False, today=TODAY)
    assert report == GateReport(
        unexpected=(wrong,),
        known=((excused, known),),
        stale=((well, stale),),
        unmatched=(unmatched, expired),
        expired=(expired,),
        broken=(broke,),
        complete=True,
        tested=3,
    )


def test_an_entry_with_wildcards_is_stale_only_if_all_its_results_deviate():
    first, second = result("a.b[password]", "pass"), result("a.c[password]", "pass")
    baseline = parse_expectations(entry("a.*"), "f")
    assert evaluate(run(first, second), baseline, strict=False, today=TODAY).stale == ((first, baseline.entries[0]),)
    assert evaluate(run(first, result("a.c[password]", "violation")), baseline, strict=False, today=TODAY).stale == ()


def test_an_expired_entry_is_not_stale_too():
    baseline = parse_expectations(entry("a.b", more="until = 2026-11-22"), "f")
    report = evaluate(run(result("a.b[password]", "pass")), baseline, strict=False, today=TODAY)
    assert (report.stale, report.expired, report.exit_code) == ((), baseline.entries, 1)


def test_an_entry_may_expect_an_error():
    broke = result("a.b[password]", "error")
    baseline = parse_expectations(entry("a.b", "error"), "f")
    report = evaluate(run(broke, result("a.c[password]", "pass")), baseline, strict=False, today=TODAY)
    assert (report.broken, report.known, report.exit_code) == ((), ((broke, baseline.entries[0]),), 0)


def test_known_results_get_their_baseline_entry():
    judged = run(result("a.b[password]", "violation"), result("a.c[password]", "violation"))
    report = evaluate(judged, parse_expectations(entry("a.b"), "f"), strict=False, today=TODAY)
    marked = with_known(judged, report)
    assert [each.expected and each.expected["reason"] for each in marked.results] == ["known", None]
    assert [each.expected for each in judged.results] == [None, None]
