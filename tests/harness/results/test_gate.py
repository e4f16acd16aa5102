from dataclasses import replace
from datetime import date

import pytest

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import Expired, GateReport, evaluate, with_known

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


def test_the_gate_distinguishes_known_flaky_stale_unmatched_and_expired():
    wrong, broke, excused, well, late, shaky = (
        result(f"a.{name}[password]", verdict)
        for name, verdict in (
            ("wrong", "violation"),
            ("broke", "error"),
            ("excused", "violation"),
            ("well", "pass"),
            ("late", "violation"),
            ("shaky", "pass"),
        )
    )
    past = "until = 2026-11-22"
    text = entry("a.excused") + entry("a.well") + entry("a.nowhere", more=past) + entry("a.late", more=past)
    baseline = parse_expectations(text + entry("a.shaky", "flaky"), "f")
    known, stale, unmatched, expired, flaky = baseline.entries
    report = evaluate(run(wrong, broke, excused, well, late, shaky), baseline, strict=False, today=TODAY)
    assert report == GateReport(
        baseline=baseline,
        unexpected=(wrong,),
        known=((excused, known),),
        flaky=((shaky, flaky),),
        stale=((stale, (well,)),),
        unmatched=(unmatched,),
        expired=(Expired(patterns=(expired,), results=(late,)),),
        broken=(broke,),
        complete=True,
        tested=5,
    )


def test_a_run_that_was_stopped_shows_failures_but_never_their_absence():
    def stopped(*results):
        return replace(run(*results, complete=False), stopped="stopped after 1 failure (-x)")

    assert code(stopped(A_FAIL)) == 1
    assert code(stopped(A_FAIL), entry("a.b")) == 3
    assert code(stopped(result("a.b[password]", "pass"))) == 3
    assert code(stopped(A_FAIL, result("a.c[password]", "error"))) == 3


def test_an_entry_for_several_scenarios_is_stale_only_if_all_its_results_deviate():
    first, second = result("a.b[password]", "pass"), result("a.c[password]", "pass")
    baseline = parse_expectations(entry("a.*"), "f")
    report = evaluate(run(first, second), baseline, strict=False, today=TODAY)
    assert report.stale == ((baseline.entries[0], (first, second)),)
    assert evaluate(run(first, result("a.c[password]", "violation")), baseline, strict=False, today=TODAY).stale == ()


@pytest.mark.parametrize(
    ("verdicts", "stale"),
    [
        (["error"], False),
        (["consequence", "error"], False),
        (["consequence", "pass"], True),
        (["not_applicable"], True),
        (["not_applicable", "not_applicable"], True),
        (["not_applicable", "consequence"], False),
        (["not_applicable", "error"], False),
        (["not_applicable", "consequence", "pass"], True),
        (["untestable"], True),
    ],
)
def test_an_error_and_a_consequence_do_not_refute_an_entry(verdicts, stale):
    results = [result(f"a.b.v{place}[password]", verdict) for place, verdict in enumerate(verdicts)]
    report = evaluate(run(*results), parse_expectations(entry("a.b"), "f"), strict=False, today=TODAY)
    assert bool(report.stale) is stale


def test_an_expired_entry_whose_scenarios_are_fixed_is_stale_only():
    baseline = parse_expectations(entry("a.b", more="until = 2026-11-22"), "f")
    report = evaluate(run(result("a.b[password]", "pass")), baseline, strict=False, today=TODAY)
    assert ([entry for entry, _ in report.stale], report.expired, report.exit_code) == (list(baseline.entries), (), 1)


@pytest.mark.parametrize(
    ("verdict", "exit_code", "unexpected"), [("violation", 1, 0), ("pass", 1, 0), ("hazard", 1, 1), ("error", 3, 0)]
)
def test_what_an_expired_entry_covers_is_reported_with_the_entry_only(verdict, exit_code, unexpected):
    found = [result("a.b.v0[password]", "violation"), result("a.b.v1[password]", verdict)]
    baseline = parse_expectations(entry("a.b", more="until = 2026-11-22"), "f")
    report = evaluate(run(*found), baseline, strict=False, today=TODAY)
    assert (report.exit_code, len(report.unexpected), len(report.expired)) == (exit_code, unexpected, 1)
    assert report.known == ()


@pytest.mark.parametrize("verdict", ["pass", "violation", "warning", "untestable"])
def test_a_flaky_entry_accepts_each_verdict(verdict):
    found = result("a.b[password]", verdict)
    baseline = parse_expectations(entry("a.b", "flaky"), "f")
    report = evaluate(run(found), baseline, strict=True, today=TODAY)
    assert (report.exit_code, report.flaky, report.known) == (0, ((found, baseline.entries[0]),), ())


def test_an_error_of_a_flaky_scenario_is_known_but_tests_nothing():
    baseline = parse_expectations(entry("a.b", "flaky"), "f")
    assert evaluate(run(result("a.b[password]", "error")), baseline, strict=False, today=TODAY).exit_code == 4
    both = run(result("a.b[password]", "error"), result("a.c[password]", "pass"))
    assert evaluate(both, baseline, strict=False, today=TODAY).exit_code == 0


def test_an_entry_may_expect_an_error():
    broke = result("a.b[password]", "error")
    baseline = parse_expectations(entry("a.b", "error"), "f")
    report = evaluate(run(broke, result("a.c[password]", "pass")), baseline, strict=False, today=TODAY)
    assert (report.broken, report.known, report.exit_code) == ((), ((broke, baseline.entries[0]),), 0)


def test_known_results_get_their_baseline_entry():
    judged = run(result("a.b[password]", "violation"), result("a.c[password]", "violation"))
    report = evaluate(judged, parse_expectations(entry("a.b"), "f"), strict=False, today=TODAY)
    marked = with_known(judged, report)
    assert marked.baseline == "f"
    assert [each.expected and each.expected["reason"] for each in marked.results] == ["known", None]
    assert [each.expected for each in judged.results] == [None, None]


def test_a_pass_gets_no_entry_and_a_flaky_failure_gets_one():
    judged = run(result("a.b[password]", "pass"), result("a.c[password]", "violation"), result("a.d[password]", "pass"))
    baseline = parse_expectations(entry("a.b", "flaky") + entry("a.c", "flaky") + entry("a.d", "pass"), "f")
    report = evaluate(judged, baseline, strict=False, today=TODAY)
    assert [each.expected and each.expected["verdict"] for each in with_known(judged, report).results] == [None, "flaky", None]
    assert report.known == ()
