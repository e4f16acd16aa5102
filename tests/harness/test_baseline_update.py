from datetime import date

from oauth_gauntlet.baseline_update import PLACEHOLDER, updated
from oauth_gauntlet.expectations import Expectations, parse_expectations
from oauth_gauntlet.gate import judge
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


A_FAIL = result("a.b[password]", "fail", "expected this; seen that")


def test_update_keeps_reasons_and_comments_drops_the_stale_and_adds_the_new():
    text = "# ours\n" + entry("z.z[password]", more='issue = "https://example.org/1"  # keep me') + entry("m.m[password]")
    found = run(result("z.z[password]", "fail"), result("m.m[password]", "pass"), A_FAIL)
    new = updated(text, parse_expectations(text, "x"), found, strict=False, today=TODAY)
    entries = parse_expectations(new, "x").entries
    assert [each.scenario for each in entries] == ["a.b[password]", "z.z[password]"]
    assert entries[0].reason == PLACEHOLDER
    assert "# ours" in new
    assert "# keep me" in new
    assert judge(found, Expectations(entries=entries), strict=False, today=TODAY).exit_code == 0


def test_entries_that_were_written_in_braces_stay():
    text = 'expect = [{scenario = "z.z[password]", verdict = "fail", reason = "known"}]\n'
    found = run(result("z.z[password]", "fail"), A_FAIL)
    entries = parse_expectations(updated(text, parse_expectations(text, "x"), found, strict=False, today=TODAY), "x").entries
    assert [(each.scenario, each.reason) for each in entries] == [("a.b[password]", PLACEHOLDER), ("z.z[password]", "known")]
