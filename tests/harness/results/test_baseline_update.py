from datetime import date

import pytest

from oauth_gauntlet.model import Level, Result, Run, Verdict
from oauth_gauntlet.results.baseline_update import PLACEHOLDER, updated
from oauth_gauntlet.results.expectations import Expectations, parse_expectations
from oauth_gauntlet.results.gate import evaluate

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


def run(*results, **options):
    return Run(
        tool_version="0",
        client={"name": "c"},
        declared={},
        options=options,
        started_at="",
        complete=True,
        results=results,
    )


def update(text, run_, strict=False):
    return updated(text, parse_expectations(text, "x"), run_, strict=strict, today=TODAY)


def entry(scenario, verdict="fail", more=""):
    return f'[[expect]]\nscenario = "{scenario}"\nverdict = "{verdict}"\nreason = "known"\n{more}\n'


A_FAIL = result("a.b[password]", "fail", "expected this; seen that")


def test_a_new_baseline_has_a_header_and_a_placeholder_for_the_reason():
    assert update("", run(A_FAIL)) == (
        "# Known verdicts of oauth-gauntlet, with reasons. Written by `oauth-gauntlet gate --update`; edit the reasons.\n\n"
        '[[expect]]\nscenario = "a.b[password]"\nverdict = "fail"\nreason = "TODO: say why"\n'
    )


def test_the_entries_of_a_new_baseline_are_separated_by_empty_lines():
    new = update("", run(A_FAIL, result("a.a[password]", "fail")))
    assert [block.splitlines()[0] for block in new.split("[[expect]]\n")[1:]] == [
        'scenario = "a.a[password]"',
        'scenario = "a.b[password]"',
    ]
    assert 'reason = "TODO: say why"\n\n[[expect]]' in new


def test_an_empty_baseline_stays_empty_without_unexpected_verdicts():
    assert "expect]]" not in update("", run(result("a.b[password]", "pass")))
    assert update("# ours\n", run(result("a.b[password]", "pass"))) == "# ours\n"


@pytest.mark.parametrize(
    ("entries", "options"),
    [
        (entry("a.b[password]"), {}),
        (entry("nowhere.b"), {}),
        (entry("nowhere.b", more="until = 2026-11-22"), {"selection": {"keyword": "a"}}),
    ],
    ids=["stale", "unmatched", "expired"],
)
def test_stale_unmatched_and_expired_entries_are_deleted(entries, options):
    assert update(entries, run(result("a.b[password]", "pass"), **options)).strip() == ""


def test_an_entry_outside_a_restricted_run_is_kept():
    kept = update(entry("other.b"), run(result("a.b[password]", "pass"), selection={"keyword": "a"}))
    assert [each.scenario for each in parse_expectations(kept, "x").entries] == ["other.b"]


def test_a_warning_gets_an_entry_only_with_strict():
    warned = run(result("a.b[password]", "warn"))
    assert "a.b" not in update("", warned)
    assert 'verdict = "warn"' in update("", warned, strict=True)


def test_update_keeps_reasons_and_comments_drops_the_stale_and_adds_the_new():
    text = "# ours\n" + entry("z.z[password]", more='issue = "https://example.org/1"  # keep me') + entry("m.m[password]")
    found = run(result("z.z[password]", "fail"), result("m.m[password]", "pass"), A_FAIL)
    new = updated(text, parse_expectations(text, "x"), found, strict=False, today=TODAY)
    entries = parse_expectations(new, "x").entries
    assert [each.scenario for each in entries] == ["a.b[password]", "z.z[password]"]
    assert entries[0].reason == PLACEHOLDER
    assert "# ours" in new
    assert "# keep me" in new
    assert evaluate(found, Expectations(entries=entries), strict=False, today=TODAY).exit_code == 0


def test_inline_tables_become_tables_and_are_kept():
    text = 'expect = [{scenario = "z.z[password]", verdict = "fail", reason = "known"}]\n'
    found = run(result("z.z[password]", "fail"), A_FAIL)
    new = updated(text, parse_expectations(text, "x"), found, strict=False, today=TODAY)
    entries = parse_expectations(new, "x").entries
    assert new.count("\n\n[[expect]]\n") == 1
    assert [(each.scenario, each.reason) for each in entries] == [("a.b[password]", PLACEHOLDER), ("z.z[password]", "known")]
